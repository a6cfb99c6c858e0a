package spend

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// MessageDomain keeps signed messages apart from everything else that keys sign.
var MessageDomain = types.NewDomain("JioSignedMessage")

// ErrMessage is returned for a text that does not prove that the owner of an
// address signed a message.
var ErrMessage = errors.New("the signature does not prove it")

// messagePrefix starts the text of every signature of a message.
const messagePrefix = "jiosig1"

// messageText is base64 of RFC 4648 for URLs, without padding and without a
// second way to write the same bytes. 96 bytes leave no bits over.
var messageText = base64.RawURLEncoding.Strict()

// SignMessage signs a message as the owner of a single-key address and returns
// the text form of the signature: "jiosig1" and the base64 of key and signature.
// What is signed is H(JioSignedMessage, genesis ‖ address ‖ message), so that it
// serves for no other network, address or purpose. The error is ErrNoKey or
// ErrSigner.
func SignMessage(p *params.Params, key [32]byte, message []byte, sign Signer) (string, error) {
	signature, err := sign.signed(key, messageHash(p, types.KeyPolicy(key).Address(), message))
	if err != nil {
		return "", err
	}
	return messagePrefix + messageText.EncodeToString(append(key[:], signature[:]...)), nil
}

// VerifyMessage returns nil when a text form made by SignMessage proves that the
// owner of an address signed the message, else ErrMessage.
func VerifyMessage(p *params.Params, address types.Address, message []byte, signature string) error {
	text, found := strings.CutPrefix(signature, messagePrefix)
	if !found {
		return refused(ErrMessage, "it does not start with %q", messagePrefix)
	}
	// The decoder passes over line ends; there is no place for them here.
	raw, err := messageText.DecodeString(text)
	if err != nil || len(raw) != 32+types.SignatureSize || messageText.EncodeToString(raw) != text {
		return refused(ErrMessage, "a character is wrong or missing")
	}
	check := types.SignatureCheck{
		Key:       [32]byte(raw[:32]),
		Message:   messageHash(p, address, message),
		Signature: types.Signature(raw[32:]),
	}
	if types.KeyPolicy(check.Key).Address() != address {
		return refused(ErrMessage, "it was made with the key of another address")
	}
	if !types.ValidKey(check.Key) || !types.Verify(&check) {
		return refused(ErrMessage, "it is not for this message on this network")
	}
	return nil
}

func messageHash(p *params.Params, address types.Address, message []byte) types.Hash {
	e := types.NewEncoder(nil)
	p.GenesisHash.EncodeTo(e)
	address.EncodeTo(e)
	e.Write(message)
	return MessageDomain.Sum(e.Bytes())
}
