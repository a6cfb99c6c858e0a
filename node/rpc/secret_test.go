package rpc

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/jio-dag/jio/node/api"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const marker = "abandon-ability-able"

// walletful is a registry with a handler that takes secrets and fails in each
// way there is.
func walletful() *api.Registry {
	reg := echoes()
	api.Handle(reg, api.UnlockWallet, func(_ context.Context, p api.UnlockParams) (api.WalletSummary, error) {
		switch p.Wallet {
		case "panic":
			panic(fmt.Sprintf("with %s", p.Password))
		case "fault":
			return api.WalletSummary{}, fmt.Errorf("decrypting with %s", string(p.Password))
		}
		return api.WalletSummary{}, api.Errorf(api.CodeLocked, "wrong password %v %+v %q", p.Password, p, p.Password)
	})
	api.Handle(reg, api.CreateWallet, func(context.Context, api.CreateParams) (api.Created, error) {
		return api.Created{}, nil
	})
	return reg
}

// Whatever is wrong with a call that carries a secret, the answer does not
// repeat it.
func TestNoSecretInError(t *testing.T) {
	var log lines
	r := start(t, Config{Registry: walletful(), Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	for _, params := range []string{
		`{"wallet":"w","password":"` + marker + `"}`,
		`{"wallet":"panic","password":"` + marker + `"}`,
		`{"wallet":8,"password":"` + marker + `"}`,
		`{"wallet":"w","password":"` + marker + `","password":"x"}`,
		`{"wallet":"w","password":"` + marker + `","more":1}`,
		`{"wallet":"w","password":{"text":"` + marker + `"}}`,
		`{"wallet":"w","password":["` + marker + `"]}`,
		`{"wallet":"w","password":"` + marker + `",}`,
		`{"wallet":"w","password":"` + marker,
		`{"wallet":"w","password":"` + marker + `\q"}`,
		`{"wallet":"w","password":` + marker + `}`,
		`{"wallet":"w","seconds":"` + marker + `"}`,
		`["w","` + marker + `"]`,
		`"` + marker + `"`,
	} {
		for _, method := range []string{"unlockWallet", "createWallet", "nothing", "changePassword"} {
			_, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":`+params+`}`)
			if strings.Contains(answer, marker) || strings.Contains(answer, ".go") || strings.Contains(answer, r.dir) {
				t.Errorf("%s %s answers %s", method, params, answer)
			}
		}
	}
	if strings.Contains(log.String(), marker) {
		t.Errorf("the log says %s", log.String())
	}
	_, answer := r.call(t, `{"jsonrpc":"2.0","id":1,"method":"unlockWallet","params":{"wallet":"fault","password":"`+marker+`"}}`)
	if strings.Contains(answer, marker) {
		t.Errorf("a fault answers %s", answer)
	}
}

// What was read and what is answered is wiped once it was dealt with, so are
// the copies that decoding made.
func TestMessagesAreWiped(t *testing.T) {
	var seen api.Secret
	reg := api.NewRegistry()
	api.Handle(reg, api.ShowWords, func(_ context.Context, p api.ConfirmParams) (api.Words, error) {
		seen = p.Password
		return api.Words{Words: append(api.Secret(nil), p.Password...)}, nil
	})
	s := start(t, Config{Registry: reg})
	message := []byte(`{"jsonrpc":"2.0","id":1,"method":"showWords","params":{"wallet":"w","password":"` + marker + `"}}`)
	answer, _ := s.answer(t.Context(), &caller{credential: s.keys.cookie}, message)
	if !strings.Contains(string(answer), marker) {
		t.Fatalf("answer %s", answer)
	}
	if strings.Trim(string(seen), "\x00") != "" {
		t.Errorf("the handler's password is still %q", []byte(seen))
	}
}

// FuzzAnswer gives the server any message at all. It must answer in JSON, name
// no secret, no file and no stack, and panic never.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		search("1", "x"), "[" + search("1", "x") + "]", `{"jsonrpc":"2.0","id":null,"method":"unlockWallet","params":{"password":"` + marker + `"}}`,
		`[{"jsonrpc":"2.0","id":1,"method":"getBlock","params":{"hash":"0g"}},{},[],1]`, `{"jsonrpc":"2.0","id":-0.1e+9,"method":"rpc.discover"}`,
		subscribe(1, "blockAdded"), "[[[", `{"id":"\ud800","jsonrpc":"2.0","method":"é"}`,
	} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	s, err := Open(Config{Registry: walletful(), Dir: dir, Listen: "127.0.0.1:0", Limits: Limits{Rate: 1e9}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	sources, err := filepath.Glob("*.go")
	if err != nil || len(sources) == 0 {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		asked := string(message)
		answer, code := s.answer(t.Context(), &caller{credential: s.keys.cookie}, message)
		if len(answer) == 0 {
			return
		}
		if !json.Valid(answer) || statusOf(code) == 0 {
			t.Fatalf("%q is answered %q", asked, answer)
		}
		for _, word := range append(sources, dir, marker, "goroutine ", string(os.PathSeparator)+"node"+string(os.PathSeparator)) {
			if strings.Contains(string(answer), word) && !strings.Contains(asked, word) {
				t.Fatalf("%q is answered with %s in %q", asked, word, answer)
			}
		}
	})
}
