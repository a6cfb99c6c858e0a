package types

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

// eachLeaf calls visit with v's every number, flag and byte in turn changed,
// and every list in turn shortened, under the path of the field. A new field
// is found without being named here.
func eachLeaf(path string, v reflect.Value, visit func(path string)) {
	if !v.CanSet() { // an unexported field
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	change := func(path string, to reflect.Value) {
		old := reflect.ValueOf(v.Interface())
		v.Set(to)
		visit(path)
		v.Set(old)
	}
	switch v.Kind() {
	case reflect.Struct:
		if p, ok := v.Interface().(Policy); ok { // which fields count depends on the kind
			change(path, reflect.ValueOf(HashPolicy(filled(byte(p.Kind)))))
			return
		}
		for i := range v.NumField() {
			eachLeaf(path+"."+v.Type().Field(i).Name, v.Field(i), visit)
		}
	case reflect.Slice:
		change(path+"[:]", v.Slice(0, v.Len()-1))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			eachLeaf(fmt.Sprintf("%s[%d]", path, i), v.Index(i), visit)
		}
	case reflect.Bool:
		change(path, reflect.ValueOf(!v.Bool()))
	default:
		change(path, reflect.ValueOf(v.Uint()^1).Convert(v.Type()))
	}
}

// commits says what must change with a leaf and what must not.
type commits struct {
	what string
	now  func() []byte
	must func(path string) bool
}

func always(string) bool { return true }

func checkCommitments(t *testing.T, name string, v any, leaves int, all []commits) {
	t.Helper()
	before := make([][]byte, len(all))
	for i, c := range all {
		before[i] = c.now()
	}
	visited := 0
	eachLeaf(name, reflect.ValueOf(v).Elem(), func(path string) {
		visited++
		for i, c := range all {
			if changed := !bytes.Equal(c.now(), before[i]); changed != c.must(path) {
				t.Errorf("%s changes the %s: %v", path, c.what, changed)
			}
		}
	})
	if visited != leaves {
		t.Errorf("%s has %d leaves, expected %d", name, visited, leaves)
	}
	for i, c := range all {
		if !bytes.Equal(c.now(), before[i]) {
			t.Errorf("the %s of %s was not restored", c.what, name)
		}
	}
}

func TestHeaderCommitments(t *testing.T) {
	h := goldenHeader()
	const leaves = 1 + 1 + 2*32 + 3*32 + 4 + 4 + 1 + 4*32
	checkCommitments(t, "Header", &h, leaves, []commits{
		{"encoding", func() []byte { return Encode(&h) }, always},
		{"block hash", func() []byte { return Encode(h.Hash()) }, always},
		{
			"pre-PoW hash", func() []byte { return Encode(h.PrePoWHash()) },
			func(path string) bool { return path != "Header.Timestamp" && path != "Header.Nonce" },
		},
	})
}

func TestTransactionCommitments(t *testing.T) {
	tx := goldenTransaction()
	tx.Inputs[1].Unlock.Signatures = []Signature{{1}}
	tx.Inputs[1].Unlock.Preimages = []Preimage{{2}}
	spent := []Output{{Jots(1), Address{0, filled(1)}}, {Jots(2), Address{0, filled(2)}}}
	genesis := filled(3)
	outsideUnlocks := func(path string) bool { return !strings.Contains(path, ".Unlock") }
	const input = 32 + 1 + 1 + 1 + (1 + 64) + (1 + 32)
	const leaves = 1 + (1 + 2*input) + (1 + 2*(1+1+32)) + 1 + 20 + 1 + (1 + 7) + 1
	all := []commits{
		{"encoding", func() []byte { return Encode(&tx) }, always},
		{"hash", func() []byte { return Encode(tx.Hash()) }, always},
		{"Merkle root", func() []byte { return Encode(MerkleRootOf([]Transaction{tx})) }, always},
		{"ID", func() []byte { return Encode(tx.ID()) }, outsideUnlocks},
		{"signing hash", func() []byte { return Encode(tx.SigningHash(genesis, spent)) }, outsideUnlocks},
	}
	checkCommitments(t, "Transaction", &tx, leaves, all)

	signing := []commits{{"signing hash", func() []byte { return Encode(tx.SigningHash(genesis, spent)) }, always}}
	checkCommitments(t, "spent", &spent, 1+2*(1+1+32), signing)
	checkCommitments(t, "genesis", &genesis, 32, signing)
}

func TestCoinAndProofCommitments(t *testing.T) {
	coin := Coin{Output{Jots(1), Address{0, filled(1)}}, 2, true}
	checkCommitments(t, "Coin", &coin, 1+33+1+1, []commits{
		{"encoding", func() []byte { return Encode(coin) }, always},
	})
	leaves := leavesOf(3)
	proof, root := MerkleProof(leaves, 1), MerkleRoot(leaves)
	checkCommitments(t, "Proof", &proof, 2+1+2*32, []commits{
		{"encoding", func() []byte { return Encode(proof) }, always},
		{"answer", func() []byte { return fmt.Append(nil, proof.Verify(root, leaves[1])) }, always},
	})
}

func TestBlockCommitments(t *testing.T) {
	b := Block{goldenHeader(), []Transaction{goldenCoinbase(), goldenTransaction()}}
	whole := Encode(&b)
	b.Transactions[0], b.Transactions[1] = b.Transactions[1], b.Transactions[0]
	if bytes.Equal(Encode(&b), whole) || MerkleRootOf(b.Transactions) == MerkleRootOf([]Transaction{b.Transactions[1], b.Transactions[0]}) {
		t.Error("the order of transactions is not committed")
	}
}
