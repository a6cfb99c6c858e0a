package tui

import (
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A node elsewhere that does not answer is not said to be syncing.
func TestNoAnswer(t *testing.T) {
	for _, size := range sizes {
		f := newFake()
		f.status.Synced, f.status.Sync = false, api.Sync{Stage: page.NoAnswer, ETA: -1}
		m := dashboard(t, f, size[0], size[1])
		wantScreen(t, m, "NO ANSWER")
		if got := strings.ToLower(screen(m)); strings.Contains(got, "syncing") || strings.Contains(got, "stage") {
			t.Errorf("at %v:\n%s", size, screen(m))
		}
	}
}

// Why something failed is read at 80 columns, whatever name stands before it.
func TestReasonsAreRead(t *testing.T) {
	m := dashboard(t, newFake(), 80, 24)
	for text, want := range map[string]string{
		"the coin cannot be used: " + hash(1).String() + ":1 is maturing":                                       ":1 is maturing",
		"no node of this network was reached at 127.0.0.1:1: the connection was refused: nothing listens there": "refused: nothing listens there",
	} {
		settle(m, page.Send(page.Toast{Token: style.Bad, Text: text}))
		wantScreen(t, m, "failed: "+text[:20], want)
		if strings.Contains(screen(m), "E shows all") {
			t.Errorf("not all is seen:\n%s", screen(m))
		}
	}
}

// The footer offers what leads somewhere.
func TestFooterOffersWhatIsThere(t *testing.T) {
	f := newFake()
	m := dashboard(t, f, 160, 48)
	press(m, "3")
	wantScreen(t, m, "l:lock")
	if strings.Contains(screen(m), "u:unlock") {
		t.Errorf("an unlocked wallet is offered to be unlocked:\n%s", screen(m))
	}
	f.status.Wallets[0].Unlocked = false
	settle(m, m.sample())
	wantScreen(t, m, "u:unlock")
	if strings.Contains(screen(m), "l:lock ") {
		t.Errorf("a locked wallet is offered to be locked:\n%s", screen(m))
	}
	m = dashboard(t, f, 60, 16)
	if strings.Contains(screen(m), "right:panel") {
		t.Errorf("panels are offered where there are none:\n%s", screen(m))
	}
}

// A coin that no payment can spend is not marked, and it is said why.
func TestUnspendableCoinsAreNotMarked(t *testing.T) {
	m := dashboard(t, rich(), 110, 34)
	press(m, "3", "]", "]", " ")
	wantScreen(t, m, "note: the coin is maturing until 1,204,700")
	if strings.Contains(screen(m), "[x]") {
		t.Errorf("it is marked:\n%s", screen(m))
	}
}

// Where no wallet is open, mining does not point to one.
func TestMiningWithoutAWallet(t *testing.T) {
	f := newFake()
	f.status.Wallets = nil
	f.answers["setMiner"] = api.Miner{Throwaway: true}
	m := dashboard(t, f, 120, 34)
	press(m, "m")
	wantScreen(t, m, "for no wallet is open; a on page 5 takes an address")
}

// What is neither a contact nor looks like an address is told so.
func TestUnknownContact(t *testing.T) {
	m := dashboard(t, rich(), 110, 34)
	press(m, "4", "enter", "nobody", "tab")
	wantScreen(t, m, "no contact has this name, and it is no address")
	press(m, "tab", "shift+tab", "shift+tab", "ctrl+u", "jiox", "tab")
	wantScreen(t, m, "it is too short or too long")
}

// The preview and the last question say whose an address is.
func TestPreviewNamesWhomOnePays(t *testing.T) {
	f := rich()
	m := dashboard(t, f, 110, 34)
	press(m, "4")
	settle(m, m.sample())
	press(m, toPreview[1:]...)
	wantScreen(t, m, "To  "+payTo, " JIO to alice, your own address")
	press(m, "S")
	asked := strings.NewReplacer("\n", "", " ", "", "│", "").Replace(screen(m)) // it is broken into lines
	if !strings.Contains(asked, "(alice") {
		t.Errorf("the question names nobody:\n%s", screen(m))
	}
	f.answers["getContacts"], f.answers["getAddresses"] = api.Contacts{}, api.WalletAddresses{}
	m = dashboard(t, f, 110, 34)
	press(m, toPreview...)
	wantScreen(t, m, "To  "+payTo)
	if got := screen(m); strings.Contains(got, "alice") || strings.Contains(got, "your own") {
		t.Errorf("a stranger is named:\n%s", got)
	}
}

// What was signed, and by whom, is whole at 80 columns, on the network whose
// addresses are the longest as well.
func TestSignedIsWhole(t *testing.T) {
	f := rich()
	m := dashboard(t, f, 80, 24)
	long := types.Address{Hash: hash(7)}.Text("jiotest")
	list := f.answers["getAddresses"].(api.WalletAddresses)
	list.Addresses[0].Address = long
	f.answers["signMessage"] = api.SignedMessage{Signature: "5a"}
	press(m, "3", "]")
	settle(m, m.sample())
	press(m, "x", "hello", "enter")
	wantScreen(t, m, "address  "+long, "message  hello", "signed   5a")
}
