package chain

import (
	"errors"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/store"
)

// unproven returns a header on genesis without proof of work, and another one that
// differs in its nonce alone.
func unproven(t *testing.T, m *Manager) (a, b types.Header) {
	t.Helper()
	template, err := m.Template(TemplateRequest{})
	if err != nil {
		t.Fatal(err)
	}
	h := template.Block.Header
	var found []types.Header
	for ; len(found) < 2; h.Nonce++ {
		if rules.HeaderSanity(m.params, &h) != nil {
			found = append(found, h)
		}
	}
	return found[0], found[1]
}

// TestProofs tells the chain that a header was screened: its work is not asked for
// again, and that of the header beside it is. What was refused is not remembered.
func TestProofs(t *testing.T) {
	m, err := Open(Config{Params: params.SimNet(), Store: store.NewMemory()})
	if err != nil {
		t.Fatal(err)
	}
	screened, other := unproven(t, m)
	for range 2 {
		if hash, err := m.ScreenHeader(&screened); hash != screened.Hash() || !errors.Is(err, rules.ErrProofOfWork) {
			t.Fatalf("%v, %v", hash, err)
		}
	}
	m.proofs.add(screened.Hash())
	if err := m.AddHeader(other); !errors.Is(err, rules.ErrProofOfWork) {
		t.Errorf("another header: %v", err)
	}
	if _, err := m.ScreenHeader(&screened); err != nil {
		t.Error(err)
	}
	if err := m.AddHeader(screened); err != nil {
		t.Error(err)
	}
}

// TestProofsAreBounded keeps the last ones, and twice the limit at most.
func TestProofsAreBounded(t *testing.T) {
	p := proofs{limit: 10}
	for i := range 95 {
		p.add(numbered(i))
		if !p.has(numbered(i)) || !p.has(numbered(max(0, i-9))) {
			t.Fatalf("after %d one of the last ten is forgotten", i)
		}
	}
	if n := len(p.young) + len(p.old); n > 20 || p.has(numbered(50)) {
		t.Errorf("%d are kept", n)
	}
}
