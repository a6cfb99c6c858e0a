package spend_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/spend"
)

// knownMessage was made by this program; it freezes the form.
const knownMessage = "jiosig11b9KP8znF7A4i8wnSevBSK2ZabI_Re4bYF_Vh3hXasTkRE7fwkEkMDLYEnMKm3lpEJgv0XLOnDL_YJrtcOvsMHRU2QahXhf6IvmZYwEfIx-8obT2osSZcH_2tYxyExoN"

// TestMessage signs and verifies, and changes one thing at a time.
func TestMessage(t *testing.T) {
	p := params.MainNet()
	address, text := alice.policy.Address(), []byte("I own this address.")
	signature, err := spend.SignMessage(p, alice.key, text, everybody)
	if err != nil {
		t.Fatal(err)
	}
	if signature != knownMessage {
		t.Errorf("the form has changed: %s", signature)
	}
	if err := spend.VerifyMessage(p, address, text, signature); err != nil {
		t.Error(err)
	}
	raw := signature[len("jiosig1"):]
	for _, c := range []struct {
		name    string
		p       *params.Params
		address types.Address
		text    string
		form    string
	}{
		{"another message", p, address, "I own this address", signature},
		{"no message", p, address, "", signature},
		{"another address", p, bob.policy.Address(), string(text), signature},
		{"another network", params.TestNet(), address, string(text), signature},
		{"an address of several keys", p, must(spend.Multisig(1, alice.key, bob.key)).Address(), string(text), signature},
		{"no prefix", p, address, string(text), raw},
		{"other prefix", p, address, string(text), "JIOSIG1" + raw},
		{"a letter changed", p, address, string(text), signature[:50] + flip(signature[50:51]) + signature[51:]},
		{"a letter missing", p, address, string(text), signature[:len(signature)-1]},
		{"a letter more", p, address, string(text), signature + "A"},
		{"padded", p, address, string(text), signature + "="},
		{"a line end", p, address, string(text), signature[:60] + "\n" + signature[60:]},
		{"the other alphabet", p, address, string(text), "jiosig1" + strings.NewReplacer("-", "+", "_", "/").Replace(raw) + "+"},
		{"nothing", p, address, string(text), ""},
	} {
		if err := spend.VerifyMessage(c.p, c.address, []byte(c.text), c.form); !errors.Is(err, spend.ErrMessage) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := spend.SignMessage(p, newPerson("stranger").key, text, everybody); !errors.Is(err, spend.ErrNoKey) {
		t.Error(err)
	}
}

// TestForgedMessage signs in the name of another address with one's own key.
func TestForgedMessage(t *testing.T) {
	p, text := params.MainNet(), []byte("text")
	for _, signer := range []*person{alice, bob} {
		e := types.NewEncoder(nil)
		p.GenesisHash.EncodeTo(e)
		alice.policy.Address().EncodeTo(e)
		e.Write(text)
		signature := types.Sign(signer.seed, spend.MessageDomain.Sum(e.Bytes()))
		form := "jiosig1" + base64.RawURLEncoding.EncodeToString(slices.Concat(signer.key[:], signature[:]))
		if err := spend.VerifyMessage(p, alice.policy.Address(), text, form); (err == nil) != (signer == alice) {
			t.Errorf("%v", err)
		}
	}
}

func flip(s string) string {
	if s == "A" {
		return "B"
	}
	return "A"
}

// A message never passes for a transaction: what is signed differs for the same
// bytes.
func TestMessageIsNoTransaction(t *testing.T) {
	r := request(1e8, coin(alice.policy, 0, 5e8))
	plan, err := spend.New(r)
	if err != nil {
		t.Fatal(err)
	}
	d := &plan.Steps[0]
	hash := d.Tx.SigningHash(r.Params.GenesisHash, []types.Output{d.Coins[0].Coin.Output})
	asked := 0
	spy := func(_ [32]byte, message types.Hash) (types.Signature, bool) {
		asked++
		if message == hash {
			t.Error("the message to sign is the transaction")
		}
		return types.Signature{}, false
	}
	for _, text := range [][]byte{hash[:], types.Encode(&d.Tx)} {
		if _, err := spend.SignMessage(r.Params, alice.key, text, spy); !errors.Is(err, spend.ErrNoKey) {
			t.Error(err)
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}
}

func FuzzMessageSignature(f *testing.F) {
	p, address := params.MainNet(), alice.policy.Address()
	good, err := spend.SignMessage(p, alice.key, []byte("text"), everybody)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, []byte("text"))
	f.Fuzz(func(t *testing.T, form string, text []byte) {
		err := spend.VerifyMessage(p, address, text, form)
		if (err == nil) != (form == good && string(text) == "text") {
			t.Fatalf("%q for %q: %v", form, text, err)
		}
	})
}
