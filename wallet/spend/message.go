package spend

import (
	"errors"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// ErrNoKey is returned when a signer does not hold the key that is asked for.
var ErrNoKey = errors.New("the key is not there")

// SignMessage signs a message as the owner of a single-key address and returns
// the text form of the signature, which carries the key. The error is
// ErrNoKey when the signer does not hold the key.
func SignMessage(p *params.Params, key [32]byte, message []byte, sign Signer) (string, error) {
	return "", errUnwritten
}

// VerifyMessage returns nil when a text form made by SignMessage proves that the
// owner of an address signed the message.
func VerifyMessage(p *params.Params, address types.Address, message []byte, signature string) error {
	return errUnwritten
}
