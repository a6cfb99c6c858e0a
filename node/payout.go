package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// Whom mining pays is decided by the first of these that there is: the address
// given at the start, for this run; the address chosen while a node ran, which a
// file keeps for later runs; a throwaway key, made when mining begins.

// recallPayout returns the address chosen in an earlier run, nil where there is
// none. A file that makes no sense is an error, not a reason to pay another.
func recallPayout(file string, p *params.Params) (*types.Address, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	address, err := types.ParseAddress(p.AddressPrefix, strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("the address that mining was told to pay, in %s: %w; put it right, or remove the file and choose anew", file, err)
	}
	return &address, nil
}

// keepPayout writes the address down for later runs.
func keepPayout(file string, p *params.Params, a types.Address) error {
	return writeFileDurably(file, []byte(a.Text(p.AddressPrefix)+"\n"))
}

// openPayout settles whom mining pays, where that is known from the start, and
// says why.
func (n *Node) openPayout() error {
	file := n.layout.MiningTo()
	kept, err := recallPayout(file, n.cfg.Params)
	if err != nil {
		return err
	}
	switch {
	case n.cfg.MineTo != nil:
		n.mining.pay(*n.cfg.MineTo)
		n.log.Info("mining pays the address given at the start, in this run", "address", n.text(*n.cfg.MineTo))
	case kept != nil:
		n.mining.pay(*kept)
		n.log.Info("mining pays the address chosen in an earlier run", "address", n.text(*kept), "file", file)
	}
	return nil
}

// pay notes an address that somebody chose. It assumes the lock.
func (m *mining) pay(a types.Address) { m.payTo, m.chosen, m.throwaway = a, true, false }
