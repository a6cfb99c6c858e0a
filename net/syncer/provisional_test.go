package syncer

import (
	"errors"
	"testing"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// branch makes a chain on genesis and returns its headers; take adds its blocks.
func branch(t *testing.T, p *params.Params, length int, tag string, take *chain.Manager) (headers []types.Header) {
	t.Helper()
	oracle := chaintest.NewOracle(p)
	tip := p.GenesisHash
	for range length {
		b := oracle.Make([]types.Hash{tip}, chaintest.Content{Extra: []byte(tag)})
		oracle.Add(b)
		if tip = b.Hash(); take != nil {
			if err := take.AddBlock(b); err != nil {
				t.Fatal(err)
			}
		}
		headers = append(headers, b.Header)
	}
	return headers
}

// A history longer than the room for it is stored when it keeps pace with ours,
// and given up when it does not.
func TestLongProvisional(t *testing.T) {
	p := params.SimNet()
	c := coreOn(t, p)
	c.now = chaintest.FarFuture()
	branch(t, p, 50, "ours", c.cfg.Chain)
	theirs := branch(t, p, 20, "theirs", nil)
	for _, b := range []struct {
		name   string
		height int // that the headers say they have
		proven bool
		err    error
	}{
		{"as much work as ours", 20, true, nil},
		{"half of it", 40, true, nil},
		{"less", 50, false, errSlow},
	} {
		kept := newProvisional(c)
		if proven, err := kept.take(theirs[:19]); proven || err != nil {
			t.Fatalf("%s: proven %v, %v", b.name, proven, err)
		}
		kept.bytes = provisionalBytes
		below := kept.roots[theirs[18].Hash()]
		below.height = b.height - 1
		kept.roots[theirs[18].Hash()] = below
		if proven, err := kept.take(theirs[19:]); proven != b.proven || !errors.Is(err, b.err) {
			t.Errorf("%s: proven %v, %v; want %v, %v", b.name, proven, err, b.proven, b.err)
		}
	}
}
