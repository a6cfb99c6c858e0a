package spend

import (
	"errors"

	"github.com/jio-dag/jio/chain/types"
)

var (
	// ErrNoKey is returned when a signer does not hold the key that is asked for.
	ErrNoKey = errors.New("the key is not there")
	// ErrSigner is returned for a signature that does not verify: the signer, or
	// the machine it runs on, is broken. The signature is not shown to anybody.
	ErrSigner = errors.New("the signer made a signature that does not verify")
)

// A Signer signs a message with the secret behind a public key, or reports false
// when it does not hold it. Its signatures are verified before they are used.
type Signer func(key [32]byte, message types.Hash) (types.Signature, bool)

// Seeds returns a Signer over 32-byte Ed25519 seeds. It reads them where they
// are and keeps no copy: the caller wipes them after the last signature.
func Seeds(seeds ...*[32]byte) Signer {
	owner := make(map[[32]byte]*[32]byte, len(seeds))
	for _, seed := range seeds {
		owner[types.PublicKey(*seed)] = seed
	}
	return func(key [32]byte, message types.Hash) (types.Signature, bool) {
		seed := owner[key]
		if seed == nil {
			return types.Signature{}, false
		}
		return types.Sign(*seed, message), true
	}
}

// signed asks a signer for a signature and verifies it; a faulty one could give
// the secret away. The error is ErrNoKey or ErrSigner.
func (sign Signer) signed(key [32]byte, message types.Hash) (types.Signature, error) {
	signature, ok := sign(key, message)
	if !ok {
		return types.Signature{}, refused(ErrNoKey, "%x", key)
	}
	if !types.Verify(&types.SignatureCheck{Key: key, Message: message, Signature: signature}) {
		return types.Signature{}, refused(ErrSigner, "key %x", key)
	}
	return signature, nil
}
