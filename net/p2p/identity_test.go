package p2p

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
)

func TestIdentityIsMadeOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	first, err := loadIdentity(file)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || info.Size() != ed25519.SeedSize {
		t.Errorf("the file has mode %o and %d bytes", info.Mode().Perm(), info.Size())
	}
	again, err := loadIdentity(file)
	if err != nil || !first.Equals(again) {
		t.Errorf("read back another key, %v", err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// The key of RFC 8032, section 7.1, test 1.
func TestIdentityOfAKnownSeed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	seed := []byte("\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60")
	if err := os.WriteFile(file, seed, 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := loadIdentity(file)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := key.GetPublic().Raw()
	if err != nil || !bytes.HasPrefix(raw, []byte{0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7}) {
		t.Errorf("the public key is %x, %v", raw, err)
	}
	if id, err := peer.IDFromPrivateKey(key); err != nil || !isEd25519(id) {
		t.Errorf("the id is %s, %v", id, err)
	}
}

func TestDamagedIdentity(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	for _, seed := range [][]byte{{}, make([]byte, 31), make([]byte, 64)} {
		if err := os.WriteFile(file, seed, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := loadIdentity(file); err == nil || !strings.Contains(err.Error(), "move it away") {
			t.Errorf("a file of %d bytes: %v", len(seed), err)
		}
	}
}

func TestOtherKindsOfKeys(t *testing.T) {
	for _, kind := range []int{crypto.Secp256k1, crypto.ECDSA} {
		_, key, err := crypto.GenerateKeyPair(kind, 0)
		if err != nil {
			t.Fatal(err)
		}
		if id, err := peer.IDFromPublicKey(key); err != nil || isEd25519(id) {
			t.Errorf("a key of kind %d is taken for ed25519 (%v)", kind, err)
		}
	}
	if isEd25519("") || isEd25519("nonsense") {
		t.Error("nonsense is taken for ed25519")
	}
}
