package cli

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/jio-dag/jio/node/api"
)

// What a node calls a parameter, a command calls as its user does.
func TestRefusalsInWordsOfTheCommand(t *testing.T) {
	a := &app{stdout: io.Discard, stderr: io.Discard}
	for _, c := range []struct{ command, field, want string }{
		{"wallet send", "payments[0].address", "ADDRESS 1: no"},
		{"wallet send", "payments[11].amount", "AMOUNT 12: no"},
		{"wallet send", "coins[1]", "--coin 2: no"},
		{"wallet freeze", "coins[1]", "COIN 2: no"},
		{"wallet send", "feeRate", "--fee-rate: no"},
		{"wallet send", "label", "--label: no"},
		{"wallet history", "limit", "--limit: no"},
		{"wallet watch", "watch[2]", "KEY|ADDRESS 3: no"},
		{"wallet partial create", "from", "FROM: no"},
		{"wallet partial sign", "partials[0]", "FILE 1: no"},
		{"wallet balance", "addresses[1]", "ADDRESS 2: no"},
		{"wallet balance", "wallet", "--wallet: no"},
		{"wallet unlock", "seconds", "--for: no"},
		{"wallet create", "wordCount", "--words: no"},
		{"mine", "payTo", "--mine-to: no"},
		{"ban", "seconds", "--for: no"},
		{"status", "unheardOf", "unheardOf: no"},
	} {
		root := a.root()
		command, _, err := root.Find(strings.Fields(c.command))
		if err != nil {
			t.Fatal(err)
		}
		got := inWordsOf(command, &api.Error{Code: api.CodeInvalidParams, Message: c.field + ": no", Reason: "why", Field: c.field})
		if got.Error() != c.want || codeOf(got).code != 2 || reasonOf(got) != "why" {
			t.Errorf("%s, %s: %q", c.command, c.field, got)
		}
	}
	plain := errors.New("payments[0].address: something else")
	if got := inWordsOf(a.root(), plain); !errors.Is(got, plain) {
		t.Errorf("%v became %v", plain, got)
	}
}
