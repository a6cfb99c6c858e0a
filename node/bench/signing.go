package bench

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/jio-dag/jio/chain/types"
)

// signatures are made and verified at a time, in batches that divide them.
const signatures = 256

// verifySignatures times signatures one by one and in batches.
func (r *run) verifySignatures(ctx context.Context) error {
	s := &r.result.Signatures
	for _, kind := range []struct {
		rate  *Rate
		batch int
	}{{&s.Single, 1}, {&s.Batch64, 64}, {&s.Batch256, 256}} {
		var verified tally
		for verified.count < r.Amounts.Signatures {
			over := context.Cause(ctx)
			if over != nil && enough*verified.count < r.Amounts.Signatures {
				return over
			}
			if over != nil {
				break
			}
			if !r.verifySome(&verified, kind.batch) {
				return errors.New("a good signature is refused")
			}
		}
		*kind.rate = verified.rate()
	}
	return nil
}

// verifySome makes signatures by new keys, since known ones are verified faster,
// and adds the time that verifying them in batches takes.
func (r *run) verifySome(t *tally, batch int) (good bool) {
	checks := make([]types.SignatureCheck, signatures)
	for i := range checks {
		checks[i] = r.keys.next().check(types.Hash{byte(i)})
	}
	good = true
	t.time(signatures, func() {
		for some := range slices.Chunk(checks, batch) {
			if batch == 1 {
				good = types.Verify(&some[0]) && good
			} else {
				good = types.VerifyBatch(some) && good
			}
		}
	})
	return good
}

// A keyring makes keys, one after the other and always the same.
type keyring struct{ made uint64 }

func (k *keyring) next() key {
	k.made++
	seed := sha256.Sum256(binary.LittleEndian.AppendUint64([]byte("JIO benchmark"), k.made))
	return key{ed25519.NewKeyFromSeed(seed[:])}
}

// A key is one of those, which owns a coin.
type key struct{ private ed25519.PrivateKey }

func (k key) policy() types.Policy {
	return types.KeyPolicy([32]byte(k.private[ed25519.SeedSize:]))
}

func (k key) check(message types.Hash) types.SignatureCheck {
	return types.SignatureCheck{Key: k.policy().Key, Message: message, Signature: k.sign(message)}
}

func (k key) sign(message types.Hash) types.Signature {
	return types.Signature(ed25519.Sign(k.private, message[:]))
}
