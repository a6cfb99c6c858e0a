package node

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/hd"
)

func TestMiningKeyIsMadeOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mining.key")
	p := params.DevNet()
	first, made, err := MiningAddress(file, p)
	if err != nil || !made {
		t.Fatalf("made %v, error %v", made, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v (%v), want 600", info.Mode(), err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{first.Text("jiodev"), "devnet", "m/44'/1'/0'/0'/0'"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the key file does not name %s", want)
		}
	}
	again, made, err := MiningAddress(file, p)
	if err != nil || made || again != first {
		t.Errorf("the second time: made %v, same %v, error %v", made, again == first, err)
	}
	left, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(left) != 1 {
		t.Errorf("the directory holds %v (%v), want the key alone", left, err)
	}
}

func TestMiningKeysDiffer(t *testing.T) {
	dir, p := t.TempDir(), params.SimNet()
	a, _, errA := MiningAddress(filepath.Join(dir, "a"), p)
	b, _, errB := MiningAddress(filepath.Join(dir, "b"), p)
	if err := errors.Join(errA, errB); err != nil || a == b {
		t.Errorf("two new keys: equal %v, error %v", a == b, err)
	}
}

// The derivation itself is held against the official vectors in wallet/hd; here
// it is the path of each network and the way from words to an address.
func TestMiningKeyPath(t *testing.T) {
	words := []byte("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about")
	mnemonic, err := hd.ParseMnemonic(words)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := mnemonic.Seed(nil)
	if err != nil {
		t.Fatal(err)
	}
	master, err := hd.Master(seed)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		p    *params.Params
		path string
	}{
		{params.MainNet(), "m/44'/4868431'/0'/0'/0'"},
		{params.TestNet(), "m/44'/1'/0'/0'/0'"},
		{params.DevNet(), "m/44'/1'/0'/0'/0'"},
		{params.SimNet(), "m/44'/1'/0'/0'/0'"},
	} {
		file := filepath.Join(t.TempDir(), "mining.key")
		if err := os.WriteFile(file, []byte("# by hand\n\n "+string(words)+" \n"), 0o600); err != nil {
			t.Fatal(err)
		}
		got, made, err := MiningAddress(file, c.p)
		if err != nil || made {
			t.Fatalf("%s: made %v, error %v", c.p.Name, made, err)
		}
		key, err := master.Derive(c.path)
		if err != nil {
			t.Fatal(err)
		}
		policy := types.KeyPolicy(key.PublicKey())
		if want := policy.Address(); got != want {
			t.Errorf("%s: address %x, want %x", c.p.Name, got.Hash, want.Hash)
		}
	}
}

func TestDamagedMiningKeyIsNotReplaced(t *testing.T) {
	for _, text := range []string{"", "# nothing here\n", "abandon abandon about\n", "no words at all\n"} {
		file := filepath.Join(t.TempDir(), "mining.key")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := MiningAddress(file, params.DevNet()); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%q: error %v, want one that names the file", text, err)
		}
		if after, err := os.ReadFile(file); err != nil || string(after) != text {
			t.Errorf("%q: the file was changed to %q (%v)", text, after, err)
		}
	}
}
