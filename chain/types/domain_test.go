package types

import (
	"bytes"
	"encoding/hex"
	"sync"
	"testing"

	"lukechampine.com/blake3"
)

func TestDomainNames(t *testing.T) {
	seen := map[Hash]string{}
	for _, c := range []struct {
		domain *Domain
		name   string
	}{
		{BlockHashDomain, "JioBlockHash"},
		{TransactionIDDomain, "JioTransactionID"},
		{TransactionHashDomain, "JioTransactionHash"},
		{PayloadDomain, "JioPayload"},
		{UnlocksDomain, "JioUnlocks"},
		{SigningHashDomain, "JioSigningHash"},
		{MerkleLeafDomain, "JioMerkleLeaf"},
		{MerkleNodeDomain, "JioMerkleNode"},
		{AddressDomain, "JioAddress"},
		{AcceptedDomain, "JioAccepted"},
		{UTXOElementDomain, "JioUTXOElement"},
		{UTXOCommitmentDomain, "JioUTXOCommitment"},
		{HistoryLeafDomain, "JioHistoryLeaf"},
		{HistoryNodeDomain, "JioHistoryNode"},
		{HistoryRootDomain, "JioHistoryRoot"},
		{batchDomain, "JioSignatureBatch"},
	} {
		if c.domain.String() != c.name {
			t.Errorf("domain %q, want %q", c.domain, c.name)
		}
		sum := c.domain.Sum([]byte("data"))
		sameBytes(t, c.name, sum[:], twinHash(c.name, []byte("data")))
		if other, taken := seen[sum]; taken {
			t.Errorf("%s and %s hash alike", c.name, other)
		}
		seen[sum] = c.name
	}
}

// The published keyed vectors of BLAKE3: the key happens to be 32 ASCII bytes,
// input byte i is i mod 251.
func TestDomainAgainstPublishedVectors(t *testing.T) {
	domain := NewDomain("whats the Elvish word for friend")
	for _, c := range []struct {
		length int
		want   string
	}{
		{0, "92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26"},
		{1, "6d7878dfff2f485635d39013278ae14f1454b8c0a3a2d34bc1ab38228a80c95b"},
		{1024, "75c46f6f3d9eb4f55ecaaee480db732e6c2105546f1e675003687c31719c7ba4"},
		{1025, "357dc55de0c7e382c900fd6e320acc04146be01db6a8ce7210b7189bd664ea69"},
	} {
		input := make([]byte, c.length)
		for i := range input {
			input[i] = byte(i % 251)
		}
		if got := domain.Sum(input); got.String() != c.want {
			t.Errorf("%d bytes: %v, want %s", c.length, got, c.want)
		}
	}
}

// The slices that input and output are cut into leave no trace.
func TestDomainSlices(t *testing.T) {
	input := make([]byte, 5000)
	for i := range input {
		input[i] = byte(i * i >> 3)
	}
	key := append([]byte("JioUTXOElement"), make([]byte, 18)...)
	for _, n := range []int{0, 1, 1023, 1024, 1025, 2048, 2049, 4096, 5000} {
		whole := blake3.New(32, key)
		whole.Write(input[:n])
		sum := UTXOElementDomain.Sum(input[:n])
		sameBytes(t, "digest", sum[:], whole.Sum(nil))

		want, got := make([]byte, n), make([]byte, n)
		whole.XOF().Read(want)
		if UTXOElementDomain.Expand(got, input[:n]); !bytes.Equal(got, want) {
			t.Errorf("the extendable output of %d bytes differs", n)
		}
		if n >= 32 && hex.EncodeToString(got[:32]) != sum.String() {
			t.Error("the extendable output does not begin with the digest")
		}
	}
}

func TestDomainsInParallel(t *testing.T) {
	want := PayloadDomain.Sum([]byte("shared"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := PayloadDomain.Sum([]byte("shared")); got != want {
					t.Errorf("%v in parallel, %v alone", got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestNewDomainRefusesLongNames(t *testing.T) {
	NewDomain("12345678901234567890123456789012")
	defer func() {
		if recover() == nil {
			t.Error("a name of 33 bytes was accepted")
		}
	}()
	NewDomain("123456789012345678901234567890123")
}

func TestSumOf(t *testing.T) {
	got := AcceptedDomain.SumOf(filled(1), Uint256{2}, Address{3, filled(4)})
	data := twin{}.fill(1, 32).fill(0, 31).raw([]byte{2, 3}).fill(4, 32)
	sameBytes(t, "SumOf", got[:], twinHash("JioAccepted", data))
}
