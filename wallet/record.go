package wallet

import (
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/wallet/keystore"
)

// recordVersion leads every record.
const recordVersion = 1

// The first byte of a key tells the kind of record.
const (
	keyMeta    = 'm' // what the wallet is, and where it stands
	keyAccount = 'a' // + number, big-endian
	keyOwned   = 'k' // + address: how an address came here and what spends it
	keyCoin    = 'u' // + outpoint: an unspent coin at the wallet's place
	keyEntry   = 't' // + id: a history entry
	keyOrder   = 'o' // + inverted rank and id: the history, the newest first; empty
	keyStep    = 'b' // + chain block: the ids of the entries it settled
	keyLabel   = 'l' // + what is labelled
	keyContact = 'c' // + name
	keyFrozen  = 'f' // + outpoint; empty
)

// A batch collects the writes of one change in order.
type batch struct {
	keys, values [][]byte
	notes        map[types.Hash]*note // among them; nil for one removed
}

func newBatch() *batch { return &batch{notes: make(map[types.Hash]*note)} }

func (b *batch) put(key []byte, fields func(e *types.Encoder)) {
	e := types.NewEncoder(nil)
	e.Uint8(recordVersion)
	fields(e)
	b.keys, b.values = append(b.keys, key), append(b.values, e.Bytes())
}

// mark writes a record that says all by its key.
func (b *batch) mark(key []byte) { b.put(key, func(*types.Encoder) {}) }

func (b *batch) remove(key []byte) {
	b.keys, b.values = append(b.keys, key), append(b.values, nil)
}

func (b *batch) all() iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		for i, key := range b.keys {
			if !yield(key, b.values[i]) {
				return
			}
		}
	}
}

// chunks cuts the batch into smaller ones that are not atomic together.
func (b *batch) chunks(size int) iter.Seq[*batch] {
	return func(yield func(*batch) bool) {
		for from := 0; from < len(b.keys); from += size {
			to := min(from+size, len(b.keys))
			if !yield(&batch{keys: b.keys[from:to], values: b.values[from:to]}) {
				return
			}
		}
	}
}

// decodeRecord reads a record that batch.put wrote.
func decodeRecord(key, value []byte, fields func(d *types.Decoder)) error {
	d := types.NewDecoder(value)
	if v := d.Uint8(); d.Err() == nil && v != recordVersion {
		return fmt.Errorf("wallet record %q has version %d, this program reads %d", key, v, recordVersion)
	}
	fields(d)
	if err := d.Finish(); err != nil {
		return fmt.Errorf("wallet record %q is damaged: %w", key, err)
	}
	return nil
}

func encodedKey(kind byte, of types.EncoderTo) []byte {
	e := types.NewEncoder([]byte{kind})
	of.EncodeTo(e)
	return e.Bytes()
}

func coinKey(o types.Outpoint) []byte   { return encodedKey(keyCoin, o) }
func frozenKey(o types.Outpoint) []byte { return encodedKey(keyFrozen, o) }
func ownedKey(a types.Address) []byte   { return encodedKey(keyOwned, a) }
func entryKey(id types.Hash) []byte     { return encodedKey(keyEntry, id) }
func stepKey(block types.Hash) []byte   { return encodedKey(keyStep, block) }
func contactKey(name string) []byte     { return append([]byte{keyContact}, name...) }
func labelKey(what []byte) []byte       { return append([]byte{keyLabel}, what...) }
func accountKey(number uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{keyAccount}, number)
}

// orderKey sorts entries the newest first.
func orderKey(r rank, id types.Hash) []byte {
	key := binary.BigEndian.AppendUint64([]byte{keyOrder}, ^r.score)
	key = binary.BigEndian.AppendUint64(key, ^r.sub)
	return append(key, id[:]...)
}

// idOfOrder returns the id at the end of an order key.
func idOfOrder(key []byte) (types.Hash, error) {
	if len(key) != 1+16+types.HashSize {
		return types.Hash{}, fmt.Errorf("wallet record %q has a key of a wrong length", key)
	}
	return types.Hash(key[17:]), nil
}

// meta is what a wallet is and where it stands.
type meta struct {
	network   types.Hash // the genesis hash
	watchOnly bool
	words     keystore.ID // the secret that accounts are derived from; zero without
	created   uint64      // milliseconds since 1970, as the next two
	birthday  uint64
	backedUp  uint64
	from      uint64 // blue score at which the scan began
	scanning  bool   // the sink was not reached since
	clearing  bool   // what was scanned is being removed, to begin anew
	discovery bool   // the words are older than the wallet: others may have used further accounts
	short     bool   // addresses ran short on the way: what came to further ones is missing
	place     Place
}

func (m *meta) encodeTo(e *types.Encoder) {
	m.network.EncodeTo(e)
	e.Bool(m.watchOnly)
	e.Write(m.words[:])
	e.Uint64(m.created)
	e.Uint64(m.birthday)
	e.Uint64(m.backedUp)
	e.Uint64(m.from)
	e.Bool(m.scanning)
	e.Bool(m.clearing)
	e.Bool(m.discovery)
	e.Bool(m.short)
	m.place.Block.EncodeTo(e)
	e.Uint64(m.place.BlueScore)
	e.Uint64(m.place.DAAScore)
	e.Uint64(m.place.Timestamp)
	e.Uint64(m.place.MedianTime)
}

func (m *meta) decodeFrom(d *types.Decoder) {
	m.network.DecodeFrom(d)
	m.watchOnly = d.Bool()
	d.Read(m.words[:])
	m.created = d.Uint64()
	m.birthday = d.Uint64()
	m.backedUp = d.Uint64()
	m.from = d.Uint64()
	m.scanning = d.Bool()
	m.clearing = d.Bool()
	m.discovery = d.Bool()
	m.short = d.Bool()
	m.place.Block.DecodeFrom(d)
	m.place.BlueScore = d.Uint64()
	m.place.DAAScore = d.Uint64()
	m.place.Timestamp = d.Uint64()
	m.place.MedianTime = d.Uint64()
}

// An account is an Account and whether its owner sees it: discovery derives
// further ones, which show when they turn out to be used.
type account struct {
	Account
	hidden bool
	safe   [2]uint32 // addresses derived before the present scan began, for which it has seen all
}

func (a *account) encodeTo(e *types.Encoder) {
	e.ByteString([]byte(a.Label))
	for role := range a.Next {
		e.Uint32(a.Next[role])
		e.Uint32(a.Used[role])
		e.Uint32(a.Stock[role])
		e.Uint32(a.safe[role])
	}
	e.Bool(a.hidden)
}

func (a *account) decodeFrom(d *types.Decoder) {
	a.Label = string(d.ByteString())
	for role := range a.Next {
		a.Next[role] = d.Uint32()
		a.Used[role] = d.Uint32()
		a.Stock[role] = d.Uint32()
		a.safe[role] = d.Uint32()
	}
	a.hidden = d.Bool()
}

// An owned address is one whose coins are the wallet's.
type owned struct {
	address types.Address
	account uint32
	role    Role
	index   uint32        // the last step of the path
	secret  keystore.ID   // of an imported seed
	policy  *types.Policy // nil when only the address is known
	used    bool
}

func (o *owned) encodeTo(e *types.Encoder) {
	e.Uint32(o.account)
	e.Uint8(uint8(o.role))
	e.Uint32(o.index)
	e.Write(o.secret[:])
	e.Bool(o.used)
	e.Bool(o.policy != nil)
	if o.policy != nil {
		o.policy.EncodeTo(e)
	}
}

func (o *owned) decodeFrom(d *types.Decoder) {
	o.account = d.Uint32()
	if o.role = Role(d.Uint8()); o.role > RolePolicy {
		d.Fail(fmt.Errorf("address of role %d", o.role))
	}
	o.index = d.Uint32()
	d.Read(o.secret[:])
	o.used = d.Bool()
	if d.Bool() {
		o.policy = new(types.Policy)
		o.policy.DecodeFrom(d)
	}
}

// key returns the public key that alone spends from the address.
func (o *owned) key() (key [32]byte, ok bool) {
	if o.policy == nil || o.policy.Kind != types.PolicyKey {
		return key, false
	}
	return o.policy.Key, true
}
