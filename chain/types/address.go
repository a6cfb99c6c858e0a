package types

import (
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/btcutil/bech32"
)

// AddressSize is the length of an encoded address in bytes.
const AddressSize = 1 + HashSize

// An Address says who may spend a coin: a version, 0 for spend policies, and
// the hash of the policy with all its children hidden. Versions 1 (stake), 2
// (unbonding) and 3 (contract) are reserved.
type Address struct {
	Version uint8
	Hash    Hash
}

// addressNetworks names the network that each address prefix is for, so that
// an address of another network can be refused by name.
var addressNetworks = map[string]string{
	"jio":     "mainnet",
	"jiotest": "testnet",
	"jiodev":  "devnet",
	"jiosim":  "simnet",
}

// String returns the 33 bytes in hex, for logs. What users see is Text.
func (a Address) String() string { return hex.EncodeToString(a.bytes()) }

// Text returns the address in bech32m (BIP-350) under a network's prefix, which
// must be lower-case: "jio1…".
func (a Address) Text(prefix string) string {
	groups, err := bech32.ConvertBits(a.bytes(), 8, 5, true)
	if err != nil {
		panic("types: regrouping the bits of an address: " + err.Error())
	}
	text, err := bech32.EncodeM(prefix, groups)
	if err != nil {
		panic("types: writing an address in bech32m: " + err.Error())
	}
	return text
}

func (a Address) bytes() []byte { return append([]byte{a.Version}, a.Hash[:]...) }

// ParseAddress reads what Text wrote under the same prefix, in lower case or
// all in upper case. Its errors are meant for the user who typed the address;
// one for another network names that network.
func ParseAddress(prefix, s string) (Address, error) {
	a, err := parseAddress(prefix, s)
	if err != nil {
		return Address{}, fmt.Errorf("address %.96q: %w", s, err)
	}
	return a, nil
}

func parseAddress(prefix, s string) (a Address, err error) {
	found, groups, form, err := bech32.DecodeGeneric(s)
	if err != nil {
		return a, plainBech32Error(err)
	}
	if found != prefix {
		return a, wrongPrefixError(prefix, found)
	}
	if form != bech32.VersionM {
		return a, errors.New("its checksum is of the older bech32 form, JIO uses bech32m")
	}
	data, err := bech32.ConvertBits(groups, 5, 8, false)
	if err != nil {
		return a, errors.New("it does not end at a byte: its length or its last character is wrong")
	}
	if len(data) != AddressSize {
		return a, fmt.Errorf("it holds %d bytes, an address holds %d", len(data), AddressSize)
	}
	return a, Decode(data, &a)
}

func wrongPrefixError(want, found string) error {
	network, known := addressNetworks[found]
	switch {
	case !known:
		return fmt.Errorf("it starts with %q, which is not a prefix of JIO: want %q", found+"1", want+"1")
	case addressNetworks[want] == "":
		return fmt.Errorf("it is for %s", network)
	}
	return fmt.Errorf("it is for %s, this is %s", network, addressNetworks[want])
}

// plainBech32Error says in a user's words what the bech32 reader found. It
// never shows the checksum that would fit: a mistyped address must be copied
// again, not mended.
func plainBech32Error(err error) error {
	var badCharacter bech32.ErrInvalidCharacter
	var notInCharset bech32.ErrNonCharsetChar
	switch {
	case errors.As(err, &bech32.ErrInvalidChecksum{}):
		return errors.New("the checksum does not match, a character is wrong or missing")
	case errors.As(err, &bech32.ErrMixedCase{}):
		return errors.New("it mixes upper and lower case")
	case errors.As(err, new(bech32.ErrInvalidLength)):
		return errors.New("it is too short or too long")
	case errors.As(err, new(bech32.ErrInvalidSeparatorIndex)):
		return errors.New(`it lacks the "1" after its prefix, or what follows`)
	case errors.As(err, &badCharacter):
		return fmt.Errorf("the character %q cannot occur in an address", byte(badCharacter))
	case errors.As(err, &notInCharset):
		return fmt.Errorf("the character %q cannot occur in an address", byte(notInCharset))
	}
	return err
}

// EncodeTo appends the 33 bytes of the address.
func (a Address) EncodeTo(e *Encoder) {
	e.Uint8(a.Version)
	a.Hash.EncodeTo(e)
}

// DecodeFrom reads 33 bytes.
func (a *Address) DecodeFrom(d *Decoder) {
	a.Version = d.Uint8()
	a.Hash.DecodeFrom(d)
}
