package node

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/hd"
)

// miningKeyText is the form of the key file: comments, and one line of words.
const miningKeyText = `# A throwaway key that mining pays on %s, made because no address was given.
# Whoever reads this file can spend its coins.
# Address: %s
# BIP-39 words, no passphrase; the key is SLIP-0010 Ed25519 at %s.
%s
`

// MiningAddress returns the address of the key in a file, which is made when it
// is missing. The caller holds the lock of the data directory.
func MiningAddress(file string, p *params.Params) (address types.Address, made bool, err error) {
	there, err := exists(file)
	if err != nil {
		return types.Address{}, false, err
	}
	if !there {
		address, err = makeMiningKey(file, p)
		return address, err == nil, err
	}
	mnemonic, err := readMiningKey(file)
	if err != nil {
		return types.Address{}, false, fmt.Errorf("the mining key file %s: %w; move it away to have a new one made", file, err)
	}
	defer mnemonic.Wipe()
	address, err = addressOf(mnemonic, p)
	return address, false, err
}

func makeMiningKey(file string, p *params.Params) (types.Address, error) {
	entropy := make([]byte, 32)
	defer clear(entropy)
	rand.Read(entropy) // never fails
	mnemonic, err := hd.NewMnemonic(entropy)
	if err != nil {
		return types.Address{}, err
	}
	defer mnemonic.Wipe()
	address, err := addressOf(mnemonic, p)
	if err != nil {
		return types.Address{}, err
	}
	sentence := mnemonic.Sentence()
	defer clear(sentence)
	text := fmt.Appendf(make([]byte, 0, 1024), miningKeyText, p.Name, address.Text(p.AddressPrefix), miningPath(p), sentence)
	defer clear(text)
	return address, writeFileDurably(file, text)
}

func readMiningKey(file string) (*hd.Mnemonic, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	defer clear(text)
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' {
			return hd.ParseMnemonic(line)
		}
	}
	return nil, errors.New("has no line of words")
}

// miningPath is the first key of the first account (BIP-44, hardened all the
// way because Ed25519 knows nothing else).
func miningPath(p *params.Params) string {
	return fmt.Sprintf("m/44'/%d'/0'/0'/0'", p.CoinType)
}

func addressOf(mnemonic *hd.Mnemonic, p *params.Params) (types.Address, error) {
	seed, err := mnemonic.Seed(nil)
	if err != nil {
		return types.Address{}, err
	}
	defer clear(seed)
	master, err := hd.Master(seed)
	if err != nil {
		return types.Address{}, err
	}
	defer master.Wipe()
	key, err := master.Derive(miningPath(p))
	if err != nil {
		return types.Address{}, err
	}
	defer key.Wipe()
	policy := types.KeyPolicy(key.PublicKey())
	return policy.Address(), nil
}

// writeFileDurably makes a file, readable by its owner alone, that is either
// whole or absent after a power loss.
func writeFileDurably(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	if err := writeAndSync(f, content); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}

func writeAndSync(f *os.File, content []byte) error {
	_, err := f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
