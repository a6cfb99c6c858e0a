package addrbook

import (
	"net/netip"
	"slices"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

const (
	maxEntries   = 4096
	maxPerPeer   = 8
	maxPerGroup  = 64
	maxPerSource = 256

	// MaxEnvelope bounds a signed record, in bytes.
	MaxEnvelope = 2048
)

// A Book holds entries. Make one with New.
type Book struct {
	local   bool
	entries map[key]*Entry
	order   []*Entry // all entries, in a fixed order
	peers   buckets[peer.ID]
	groups  buckets[netip.Prefix]
	sources buckets[netip.Prefix] // unproven entries only
	signed  map[peer.ID]envelope
	dirty   map[string]bool // keys of records to write or delete
}

type key struct {
	id   peer.ID
	addr Address
}

// An envelope is the record of a peer as the peer signed it.
type envelope struct {
	seq   uint64
	bytes []byte
}

// A Record says where a peer may be reached. With an Envelope it is the peer's
// own word, and one with a higher Seq takes the place of those before it.
type Record struct {
	ID       peer.ID
	Seq      uint64
	Addrs    []Address
	Envelope []byte // nil when not signed
}

// New returns a book without entries. A local book takes every unicast address,
// one that is not only those of the public Internet.
func New(local bool) *Book {
	return &Book{
		local:   local,
		entries: map[key]*Entry{},
		peers:   buckets[peer.ID]{},
		groups:  buckets[netip.Prefix]{},
		sources: buckets[netip.Prefix]{},
		signed:  map[peer.ID]envelope{},
		dirty:   map[string]bool{},
	}
}

// Len returns the number of entries.
func (b *Book) Len() int { return len(b.order) }

// Learn takes what a source told of a peer and returns how many of the addresses
// are new to the book. An invalid source is the user of this node.
func (b *Book) Learn(now time.Time, source netip.Addr, r Record) int {
	known, isKnown := b.signed[r.ID]
	if len(r.Envelope) > MaxEnvelope || len(r.Envelope) > 0 && isKnown && r.Seq <= known.seq {
		return 0
	}
	if len(r.Envelope) > 0 {
		b.dropUnlisted(r)
	}
	from := netip.Prefix{}
	if source.IsValid() {
		from = Group(source)
	}
	added := 0
	for _, a := range r.Addrs[:min(len(r.Addrs), maxPerPeer)] {
		if b.learn(now, from, key{r.ID, a}) {
			added++
		}
	}
	if len(r.Envelope) > 0 && len(b.peers[r.ID]) > 0 {
		b.signed[r.ID] = envelope{r.Seq, slices.Clone(r.Envelope)}
		b.dirty[signedKey(r.ID)] = true
	}
	return added
}

// dropUnlisted forgets addresses that their peer no longer names, except the one
// in use: an address that works is worth more than a word.
func (b *Book) dropUnlisted(r Record) {
	for _, e := range slices.Clone(b.peers[r.ID]) {
		if !e.Proven() && !slices.Contains(r.Addrs, e.Addr) {
			b.drop(e)
		}
	}
}

func (b *Book) learn(now time.Time, from netip.Prefix, k key) bool {
	if !b.acceptable(k.addr) {
		return false
	}
	if e, known := b.entries[k]; known {
		e.Heard = now
		b.dirty[entryKey(e)] = true
		return false
	}
	e := &Entry{ID: k.id, Addr: k.addr, Source: from, Heard: now}
	if !b.makeRoom(now, e) {
		return false
	}
	b.insert(e)
	b.dirty[entryKey(e)] = true
	return true
}

func (b *Book) acceptable(a Address) bool {
	if a.Port() == 0 {
		return false
	}
	return Public(a.Addr()) || b.local && unicast(a.Addr())
}

// makeRoom makes place for a newcomer in all its buckets, or reports that there
// is none; then nothing has changed.
func (b *Book) makeRoom(now time.Time, e *Entry) bool {
	var victims []*Entry
	for _, full := range []struct {
		bucket []*Entry
		size   int
	}{
		{b.peers[e.ID], maxPerPeer},
		{b.groups[Group(e.Addr.Addr())], maxPerGroup},
		{b.sources[e.Source], maxPerSource},
	} {
		if len(full.bucket) < full.size || slices.ContainsFunc(victims, inBucket(full.bucket)) {
			continue
		}
		i := slices.IndexFunc(full.bucket, func(v *Entry) bool { return v.expendable(now) })
		if i < 0 {
			return false
		}
		victims = append(victims, full.bucket[i])
	}
	if len(b.order) >= maxEntries && len(victims) == 0 {
		victim := b.fromCrowd(now, len(b.groups[Group(e.Addr.Addr())]))
		if victim == nil {
			return false
		}
		victims = append(victims, victim)
	}
	for _, v := range victims {
		b.drop(v)
	}
	return true
}

func inBucket(bucket []*Entry) func(*Entry) bool {
	return func(e *Entry) bool { return slices.Contains(bucket, e) }
}

// fromCrowd returns the entry that gives way in a full book to one whose group
// has the given number of entries: an expendable one, else the oldest unproven
// one of the most crowded group, if that is more crowded by more than one.
func (b *Book) fromCrowd(now time.Time, size int) *Entry {
	var victim *Entry
	most := size + 1
	for _, e := range b.order {
		if e.expendable(now) {
			return e
		}
		if n := len(b.groups[Group(e.Addr.Addr())]); !e.Proven() && !e.Anchor && n > most {
			victim, most = e, n
		}
	}
	return victim
}

func (b *Book) insert(e *Entry) {
	b.entries[key{e.ID, e.Addr}] = e
	b.order = append(b.order, e)
	b.peers.add(e.ID, e)
	b.groups.add(Group(e.Addr.Addr()), e)
	if !e.Proven() {
		b.sources.add(e.Source, e)
	}
}

// drop forgets an entry, and what its peer signed with the last of them.
func (b *Book) drop(e *Entry) {
	delete(b.entries, key{e.ID, e.Addr})
	b.order = without(b.order, e)
	b.peers.remove(e.ID, e)
	b.groups.remove(Group(e.Addr.Addr()), e)
	b.sources.remove(e.Source, e)
	b.dirty[entryKey(e)] = true
	if _, signed := b.signed[e.ID]; signed && len(b.peers[e.ID]) == 0 {
		delete(b.signed, e.ID)
		b.dirty[signedKey(e.ID)] = true
	}
}

// Forget drops all that is known of a peer.
func (b *Book) Forget(id peer.ID) {
	for _, e := range slices.Clone(b.peers[id]) {
		b.drop(e)
	}
}

// Sweep drops entries that are too old to be believed or failed too often.
func (b *Book) Sweep(now time.Time) {
	for _, e := range slices.Clone(b.order) {
		if e.stale(now) || e.hopeless(now) {
			b.drop(e)
		}
	}
}

// buckets hold entries by what they have in common.
type buckets[K comparable] map[K][]*Entry

func (b buckets[K]) add(k K, e *Entry) { b[k] = append(b[k], e) }

func (b buckets[K]) remove(k K, e *Entry) {
	if b[k] = without(b[k], e); len(b[k]) == 0 {
		delete(b, k)
	}
}

func without(entries []*Entry, e *Entry) []*Entry {
	if i := slices.Index(entries, e); i >= 0 {
		return slices.Delete(entries, i, i+1)
	}
	return entries
}
