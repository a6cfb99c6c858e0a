package tui

import (
	"strconv"

	"github.com/jio-dag/jio/tui/page"
)

// The keys that mean the same everywhere. Help, footer and README are made from
// this list and from those of the pages.
var (
	keyHelp    = page.Binding{Keys: []string{"?"}, Short: "help", Help: "Show every key."}
	keyPages   = page.Binding{Keys: digits(9), Short: "page", Help: "Go to a page."}
	keyNext    = page.Binding{Keys: []string{"tab"}, Help: "Go to the next page."}
	keyBefore  = page.Binding{Keys: []string{"shift+tab"}, Help: "Go to the page before."}
	keyFull    = page.Binding{Keys: []string{"0"}, Help: "Show the panel that has the keys on the whole screen, or all again; esc goes back."}
	keyMine    = page.Binding{Keys: []string{"m"}, Short: "mine", Help: "Switch mining on or off."}
	keyCommand = page.Binding{Keys: []string{":"}, Short: "cmd", Help: "Type a command, as on the command line."}
	keySearch  = page.Binding{Keys: []string{"ctrl+f"}, Help: "Find a block, a transaction or an address."}
	keyLock    = page.Binding{Keys: []string{"ctrl+k"}, Help: "Lock the wallets and cover the screen until a password is typed."}
	keyWallet  = page.Binding{Keys: []string{"W"}, Help: "Show the next open wallet."}
	keyBell    = page.Binding{Keys: []string{"ctrl+b"}, Help: "Ring the bell when coins come or a block is found, or stop that."}
	keyEvents  = page.Binding{Keys: []string{"E"}, Help: "List what was said in the line above the footer."}
	keyPrivate = page.Binding{Keys: []string{"$"}, Help: "Hide amounts and addresses, or show them."}
	keyTheme   = page.Binding{Keys: []string{"T"}, Help: "Go on to the next theme."}
	keyMouse   = page.Binding{Keys: []string{"%"}, Help: "Release the mouse to select text, or take it back."}
	keyRedraw  = page.Binding{Keys: []string{"ctrl+l"}, Help: "Draw the whole screen anew."}
	keyBack    = page.Binding{Keys: []string{"esc"}, Help: "Close a dialog, clear a filter, go back. It never quits."}
	keyQuit    = page.Binding{Keys: []string{"q", "ctrl+c"}, Short: "quit", Help: "Quit; asks first while mining. Ctrl+C twice quits at once."}
)

var globalKeys = []page.Binding{
	keyHelp, keyPages, keyNext, keyBefore, keyFull, keyMine, keyCommand, keySearch, keyLock, keyWallet, keyBell, keyEvents,
	keyPrivate, keyTheme, keyMouse, keyRedraw, keyBack, keyQuit,
}

func digits(n int) (keys []string) {
	for i := 1; i <= n; i++ {
		keys = append(keys, strconv.Itoa(i))
	}
	return keys
}
