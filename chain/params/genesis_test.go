package params

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// TestGenesisBytes writes the genesis header and coinbase of every network by
// hand, field by field, and holds the blocks against them.
func TestGenesisBytes(t *testing.T) {
	bits := map[string]string{"mainnet": "ffff031e", "testnet": "ffff3f1e", "devnet": "ffff1f1e", "simnet": "ffff7f20"}
	zeros := func(n int) string { return strings.Repeat("00", n) }
	for _, name := range Names() {
		p, _ := ByName(name)
		coinbase := "0100" + zeros(4) + zeros(4) + zeros(8) + "01" + zeros(19) + zeros(8) +
			hex.EncodeToString([]byte{byte(49 + len(name))}) + zeros(3) + zeros(49) + hex.EncodeToString([]byte(name)) + zeros(8)
		root := types.MerkleRoot([]types.Hash{p.Genesis.Transactions[0].Hash()})
		empty := types.UTXOCommitmentDomain.Sum(make([]byte, 2048))
		header := "01000000" + zeros(4) + root.String() + zeros(32) + empty.String() +
			"00a8da769b010000" + bits[name] + zeros(8) + zeros(8) + zeros(32) + zeros(8) + zeros(4*32)
		want, err := hex.DecodeString(header + "01000000" + coinbase)
		if err != nil {
			t.Fatal(err)
		}
		if got := types.Encode(&p.Genesis); !bytes.Equal(got, want) {
			t.Errorf("%s genesis\n%x, want\n%x", name, got, want)
		}
	}
}
