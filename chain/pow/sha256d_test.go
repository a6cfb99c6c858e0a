package pow

import (
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

func TestSha256dKnownAnswer(t *testing.T) {
	var prePoW types.Hash
	for i := range prePoW {
		prePoW[i] = byte(i)
	}
	want := "2ab1ed85c76a00269cb61eee7fdbfbdbcf5099833736baae42c5fe729d61b21d"
	if got := (sha256d{}).Prepare(prePoW).Value(1700000000123, 0x0123456789abcdef); got.String() != want {
		t.Errorf("value %v, want %s", got, want)
	}
}

func TestSha256dAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for range 50 {
		prePoW, timestamp, nonce := randomHash(r), r.Uint64(), r.Uint64()
		inner := sha256.Sum256(naiveMessage(prePoW, timestamp, nonce))
		outer := sha256.Sum256(inner[:])
		slices.Reverse(outer[:])
		if got, want := (sha256d{}).Prepare(prePoW).Value(timestamp, nonce), types.Uint256FromBigEndian(outer); got != want {
			t.Fatalf("value %v, want %v", got, want)
		}
	}
}
