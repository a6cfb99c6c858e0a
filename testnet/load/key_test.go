package load

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func openKey(t *testing.T) *Key {
	t.Helper()
	k, err := OpenKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

func TestKeyFile(t *testing.T) {
	k := openKey(t)
	again, err := OpenKey(k.Name())
	if err != nil || again.Address() != k.Address() {
		t.Fatalf("the second time: %v", err)
	}
	if info, err := os.Stat(k.Name()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := k.Lock(); err != nil {
		t.Fatal(err)
	}
	if err := again.Lock(); !errors.Is(err, ErrBusy) {
		t.Errorf("a second spender: %v", err)
	}
	if err := errors.Join(again.Close(), k.Close()); err != nil {
		t.Fatal(err)
	}
	if other := openKey(t); other.Address() == k.Address() {
		t.Error("two keys are the same")
	}
	seen := make(map[string]bool)
	for i := range k.wallets {
		for _, l := range []*lock{&k.wallets[i].receive, &k.wallets[i].change} {
			seen[l.address.String()] = true
		}
	}
	if len(seen) != 2*MaxWallets {
		t.Errorf("%d wallets have %d addresses", MaxWallets, len(seen))
	}
	for _, text := range []string{"", "zz", string(make([]byte, 64)), hex.EncodeToString(make([]byte, 33))} {
		file := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenKey(file); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
}
