package cli

import (
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/tui"
	"github.com/jio-dag/jio/tui/style"
)

// A holder is a view of coins that does not answer until it may: while it is asked,
// its asker holds the chain's writer.
type holder struct{ asked, answers chan struct{} }

// Coin implements utxo.View.
func (h *holder) Coin(types.Outpoint) (types.Coin, bool) {
	close(h.asked)
	<-h.answers
	return types.Coin{}, false
}

// holdWriter keeps the writer of a chain busy until release is called.
func holdWriter(m *chain.Manager, p *params.Params) (release func()) {
	h := &holder{make(chan struct{}), make(chan struct{})}
	w := chaintest.NewWallet("held")
	coin := utxo.Entry{Outpoint: types.Outpoint{Index: 7}, Coin: types.Coin{Output: types.Output{Value: types.Jots(3e9), Address: w.Address}}}
	tx := w.Pay(p, []types.Output{{Value: types.Jots(2e9), Address: w.Address}}, coin)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = m.CheckTransactions([]types.Transaction{tx}, h, nil) // what it says is of no interest
	}()
	<-h.asked
	return func() {
		close(h.answers)
		<-ended
	}
}

// With the writer of a real node held, every key of the dashboard is answered at
// once: no call of Update or View waits for the node. The dashboard's time is
// virtual, and a key that waited for the writer would never come back.
func TestKeysAnswerWhileTheWriterIsHeld(t *testing.T) {
	p := params.SimNet()
	n, err := node.Open(t.Context(), node.Config{Params: p, DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	n.Logs().For("test").Info("the log is open") // its goroutine must not begin in virtual time
	release := holdWriter(n.Chain(), p)
	synctest.Test(t, func(t *testing.T) { keysWhileHeld(t, n, release) })
	if err := n.Close(); err != nil {
		t.Error(err)
	}
}

func keysWhileHeld(t *testing.T, n *node.Node, release func()) {
	m := tui.New(tui.Config{
		Backend: &local{node: n, calls: n.Registry().Local(), fail: func(error) {}}, Links: links, Wizard: wizardHost(""),
		Theme: style.Themes[0], Glyphs: &style.Unicode, Now: time.Now,
	})
	h := &hands{model: m, answers: make(chan tea.Msg)}
	began := time.Now()
	h.do(tea.WindowSizeMsg{Width: 160, Height: 48})
	for page := range 9 {
		for _, key := range string(rune('1'+page)) + "mj/x\r:\x1b$?\x1bTE\x1b" {
			h.do(keyOf(key))
			if !strings.Contains(m.View(), "SIMNET") {
				t.Error("the frame lacks the network")
			}
		}
	}
	if waited := time.Since(began); waited != 0 {
		t.Errorf("keys took %v", waited)
	}
	if h.open == 0 {
		t.Errorf("none of %d commands waits for the writer", h.asked)
	}
	release()
	for h.open > 0 {
		h.take(<-h.answers)
	}
}

// hands do what a user does, and let commands run beside as the library does.
type hands struct {
	model   *tui.Model
	open    int // commands that have not answered
	asked   int
	answers chan tea.Msg
}

func (h *hands) do(msg tea.Msg) {
	_, cmd := h.model.Update(msg)
	h.start(cmd)
	for range 20 { // what needs no node has its turn
		select {
		case answer := <-h.answers:
			h.take(answer)
		default:
			runtime.Gosched()
		}
	}
}

func (h *hands) start(cmd tea.Cmd) {
	if cmd != nil {
		h.open, h.asked = h.open+1, h.asked+1
		go func() { h.answers <- cmd() }()
	}
}

// take takes an answer, or starts the commands that it is made of: a batch, or the
// library's sequence, whose type is not exported.
func (h *hands) take(answer tea.Msg) {
	h.open--
	v := reflect.ValueOf(answer)
	if !v.IsValid() || v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		_, cmd := h.model.Update(answer)
		h.start(cmd)
		return
	}
	for i := range v.Len() {
		h.start(v.Index(i).Interface().(tea.Cmd))
	}
}

// keyOf is the key of a character.
func keyOf(r rune) tea.KeyMsg {
	switch r {
	case '\r':
		return tea.KeyMsg{Type: tea.KeyEnter}
	case '\x1b':
		return tea.KeyMsg{Type: tea.KeyEsc}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}
}
