package chaintest

import (
	"fmt"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// A Builder makes blocks with an Oracle and gives them and wallets names.
type Builder struct {
	Params *params.Params
	Oracle *Oracle

	names   map[string]types.Hash
	labels  map[types.Hash]string
	wallets map[string]*Wallet
}

// NewBuilder returns a Builder that knows genesis by the name "G".
func NewBuilder(p *params.Params) *Builder {
	b := &Builder{
		Params:  p,
		Oracle:  NewOracle(p),
		names:   make(map[string]types.Hash),
		labels:  make(map[types.Hash]string),
		wallets: make(map[string]*Wallet),
	}
	b.Name("G", p.GenesisHash)
	return b
}

// Name gives a block a name.
func (b *Builder) Name(name string, h types.Hash) {
	b.names[name] = h
	b.labels[h] = name
}

// Hash returns the block of a name.
func (b *Builder) Hash(name string) types.Hash {
	h, ok := b.names[name]
	if !ok {
		panic(fmt.Sprintf("chaintest: no block is named %q", name))
	}
	return h
}

// Hashes returns the blocks of names.
func (b *Builder) Hashes(names ...string) []types.Hash {
	hashes := make([]types.Hash, len(names))
	for i, name := range names {
		hashes[i] = b.Hash(name)
	}
	return hashes
}

// Label returns the name of a block, or the start of its hash.
func (b *Builder) Label(h types.Hash) string {
	if name, ok := b.labels[h]; ok {
		return name
	}
	return h.String()[:8]
}

// Wallet returns the wallet of a name, the same one every time.
func (b *Builder) Wallet(name string) *Wallet {
	w := b.wallets[name]
	if w == nil {
		w = NewWallet(name)
		b.wallets[name] = w
	}
	return w
}

// Block makes, names and adds a valid block on named parents.
func (b *Builder) Block(name string, parents []string, c Content) types.Block {
	made := b.Oracle.Make(b.Hashes(parents...), c)
	b.Oracle.Add(made)
	b.Name(name, made.Hash())
	return made
}

// FarFuture is a clock that no timestamp of a test is ahead of.
func FarFuture() time.Time { return time.UnixMilli(1 << 52) }

// Open returns a Manager of the network on an empty memory store, whose clock
// stands in the far future. It runs everything inline and makes a checkpoint at
// every third commit.
func Open(t testing.TB, p *params.Params) *chain.Manager {
	t.Helper()
	m, err := chain.Open(chain.Config{Params: p, Store: store.NewMemory(), Now: FarFuture, Journal: 3})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
