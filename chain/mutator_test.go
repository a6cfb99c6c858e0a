package chain_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"

	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
)

// A mutator changes one thing at random in copies of a specimen's valid block.
type mutator struct {
	*specimen
	rng     *rand.Rand
	named   bool     // tell what was changed; it takes time
	encoded []byte   // the valid block
	spends  [][]byte // its transactions
}

func newMutator(s *specimen) *mutator {
	m := &mutator{specimen: s, encoded: types.Encode(&s.valid)}
	for i := range s.valid.Transactions {
		m.spends = append(m.spends, types.Encode(&s.valid.Transactions[i]))
	}
	return m
}

// A mutation is a changed block, or bytes that are no block.
type mutation struct {
	what  string
	block types.Block
	bytes []byte // that do not decode, else nil
}

// next returns a mutation; the seed alone decides which. What is changed by a
// mutation may be signed, summed up and mined again, each or not.
func (m *mutator) next(seed uint64) mutation {
	m.rng = rand.New(rand.NewPCG(seed, 0x6d757461))
	for {
		what, encoded := m.mutate()
		var b types.Block
		if encoded == nil || bytes.Equal(encoded, m.encoded) {
			continue // has no encoding, or changed nothing
		}
		if types.Decode(encoded, &b) != nil {
			return mutation{what: what, bytes: encoded}
		}
		what += m.repair(&b)
		if !bytes.Equal(types.Encode(&b), m.encoded) {
			return mutation{what: what, block: b}
		}
	}
}

// describe says what a seed's mutation changes.
func (m *mutator) describe(seed uint64) string {
	m.named = true
	defer func() { m.named = false }()
	return m.next(seed).what
}

// mutate returns the encoding of the valid block with a change.
func (m *mutator) mutate() (what string, encoded []byte) {
	if m.rng.IntN(4) == 0 {
		return m.mutateBytes(slices.Clone(m.encoded))
	}
	b := copyOf(&m.valid)
	what = m.mutateField(&b)
	defer func() {
		if recover() != nil { // a policy that nothing can be decoded to
			encoded = nil
		}
	}()
	return what, types.Encode(&b)
}

// repair makes anew some of what a change has broken.
func (m *mutator) repair(b *types.Block) (what string) {
	for i := range b.Transactions {
		tx := &b.Transactions[i]
		old := slices.ContainsFunc(m.spends, func(e []byte) bool { return bytes.Equal(e, types.Encode(tx)) })
		if len(tx.Inputs) > 0 && !old && m.rng.IntN(3) > 0 {
			m.unlockAll(tx)
			what += fmt.Sprintf(", transaction %d signed", i)
		}
	}
	if m.rng.IntN(4) > 0 {
		b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
		what += ", summed up"
	}
	if target, ok := pow.DecodeCompact(b.Header.Bits); ok && target[3]>>54 > 0 && m.rng.IntN(4) > 0 {
		chaintest.Solve(m.params, b)
		what += ", mined"
	}
	return what
}

// mutateBytes changes an encoding.
func (m *mutator) mutateBytes(e []byte) (what string, changed []byte) {
	i, k := m.rng.IntN(len(e)), m.rng.IntN(len(e))
	switch op := m.rng.IntN(8); op {
	case 0, 1:
		e[i] ^= 1 << m.rng.IntN(8)
		return fmt.Sprintf("byte %d: bit flipped", i), e
	case 2:
		e[i]++
		return fmt.Sprintf("byte %d: one more", i), e
	case 3:
		e[i]--
		return fmt.Sprintf("byte %d: one less", i), e
	case 4:
		e[i], e[k] = e[k], e[i]
		return fmt.Sprintf("bytes %d and %d: swapped", i, k), e
	case 5:
		return fmt.Sprintf("byte %d: dropped", i), slices.Delete(e, i, i+1)
	case 6:
		return fmt.Sprintf("byte %d: twice", i), slices.Insert(e, i, e[i])
	default:
		return fmt.Sprintf("cut at byte %d", i), e[:i]
	}
}

// A site is something in a block that can be changed by itself.
type site struct {
	path  string
	value reflect.Value
}

var amountType = reflect.TypeFor[types.Amount]()

// sites lists what can be changed below a value: numbers, amounts, arrays and
// strings of bytes, lists and all that is in them.
func (m *mutator) sites(found []site, path string, v reflect.Value) []site {
	if v.Type() == amountType || v.CanUint() {
		return append(found, site{path, v})
	}
	isBytes := (v.Kind() == reflect.Slice || v.Kind() == reflect.Array) && v.Type().Elem().Kind() == reflect.Uint8
	switch {
	case isBytes:
		return append(found, site{path, v})
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			found = m.sites(found, m.below(path, v, i), v.Field(i))
		}
	case v.Kind() == reflect.Slice:
		found = append(found, site{path, v})
		fallthrough
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			found = m.sites(found, m.below(path, v, i), v.Index(i))
		}
	default:
		panic("a block holds a " + v.Type().String())
	}
	return found
}

// below returns the path to the i-th part of a value.
func (m *mutator) below(path string, v reflect.Value, i int) string {
	switch {
	case !m.named:
		return ""
	case v.Kind() == reflect.Struct:
		return path + "." + v.Type().Field(i).Name
	}
	return fmt.Sprintf("%s[%d]", path, i)
}

// mutateField changes one site of a block: as often in the header, in the
// coinbase and anywhere.
func (m *mutator) mutateField(b *types.Block) (what string) {
	var all []site
	switch m.rng.IntN(3) {
	case 0:
		all = m.sites(nil, "header", reflect.ValueOf(&b.Header).Elem())
	case 1:
		all = m.sites(nil, "coinbase", reflect.ValueOf(&b.Transactions[0]).Elem())
	default:
		all = m.sites(nil, "block", reflect.ValueOf(b).Elem())
	}
	at := all[m.rng.IntN(len(all))]
	if m.rng.IntN(5) == 0 {
		var alike []site
		for _, other := range all {
			if other.value.Type() == at.value.Type() && other.value.Addr().Pointer() != at.value.Addr().Pointer() {
				alike = append(alike, other)
			}
		}
		if len(alike) > 0 {
			return swap(at, alike[m.rng.IntN(len(alike))])
		}
	}
	return at.path + ": " + m.change(at.value)
}

func swap(a, b site) string {
	held := reflect.New(a.value.Type()).Elem()
	held.Set(a.value)
	a.value.Set(b.value)
	b.value.Set(held)
	return a.path + " and " + b.path + ": swapped"
}

// change changes a value.
func (m *mutator) change(v reflect.Value) (what string) {
	switch {
	case v.Type() == amountType:
		n, what := m.number(v.Interface().(types.Amount).Jots(), 64)
		v.Set(reflect.ValueOf(types.Jots(n)))
		return what
	case v.CanUint():
		n, what := m.number(v.Uint(), v.Type().Bits())
		v.SetUint(n)
		return what
	case v.Kind() == reflect.Slice && (v.Type().Elem().Kind() != reflect.Uint8 || m.rng.IntN(2) == 0 || v.Len() == 0):
		return m.list(v)
	}
	i := m.rng.IntN(v.Len())
	n, what := m.number(v.Index(i).Uint(), 8)
	v.Index(i).SetUint(n)
	return fmt.Sprintf("byte %d %s", i, what)
}

// number changes a number of so many bits.
func (m *mutator) number(n uint64, bits int) (changed uint64, what string) {
	all := uint64(math.MaxUint64) >> (64 - bits)
	switch m.rng.IntN(8) {
	case 0, 1:
		return (n + 1) & all, "one more"
	case 2, 3:
		return (n - 1) & all, "one less"
	case 4:
		return 0, "zero"
	case 5:
		return all, "greatest"
	default:
		bit := m.rng.IntN(bits)
		return n ^ 1<<bit, fmt.Sprintf("bit %d flipped", bit)
	}
}

// list drops, doubles, swaps or adds elements.
func (m *mutator) list(v reflect.Value) (what string) {
	n := v.Len()
	op := m.rng.IntN(5)
	if n == 0 || op == 0 {
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		return "empty element added"
	}
	i, k := m.rng.IntN(n), m.rng.IntN(n)
	switch op {
	case 1:
		v.Set(reflect.AppendSlice(v.Slice3(0, i, i), v.Slice(i+1, n)))
		return fmt.Sprintf("element %d dropped", i)
	case 2:
		v.Set(reflect.Append(v.Slice3(0, n, n), v.Index(i)))
		return fmt.Sprintf("element %d twice", i)
	case 3:
		reflect.Swapper(v.Interface())(i, k)
		return fmt.Sprintf("elements %d and %d swapped", i, k)
	default:
		v.SetZero()
		return "emptied"
	}
}
