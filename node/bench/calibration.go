package bench

import (
	"context"
	"crypto/ed25519"
	"crypto/sha3"
	"time"
)

// A yardstick times what the standard library does. It is filled several times
// in a run, since a machine is not equally fast at all times.
type yardstick struct {
	sha3, ed25519 tally

	message   [32]byte
	public    ed25519.PublicKey
	signature []byte
}

func newYardstick() *yardstick {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	y := &yardstick{public: key.Public().(ed25519.PublicKey)}
	y.signature = ed25519.Sign(key, y.message[:])
	return y
}

func (y *yardstick) fill(ctx context.Context, amount time.Duration) error {
	const hashes, verifications = 1024, 16
	digest := y.message
	err := y.sha3.fill(ctx, amount, hashes, func() {
		for range hashes {
			digest = sha3.Sum256(digest[:])
		}
	})
	if err != nil {
		return err
	}
	return y.ed25519.fill(ctx, amount, verifications, func() {
		for range verifications {
			if !ed25519.Verify(y.public, y.message[:], y.signature) {
				panic("bench: the standard library refuses its own signature")
			}
		}
	})
}

func (y *yardstick) read() Calibration {
	return Calibration{SHA3: y.sha3.rate(), Ed25519: y.ed25519.rate()}
}
