package addrbook

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
)

// Pick returns an entry to dial now that free allows. Proven and unproven
// entries come with the same chance; among either the group is drawn first, and
// then an entry of it.
func (b *Book) Pick(now time.Time, rng *rand.Rand, free func(*Entry) bool) (Entry, bool) {
	proven, unproven := b.eligible(now, free)
	if rng.IntN(2) == 0 && len(proven) > 0 || len(unproven) == 0 {
		return draw(rng, proven)
	}
	return draw(rng, unproven)
}

// PickUnproven is Pick among entries that never worked: to try one now is to
// know a peer more when it is needed.
func (b *Book) PickUnproven(now time.Time, rng *rand.Rand, free func(*Entry) bool) (Entry, bool) {
	_, unproven := b.eligible(now, free)
	return draw(rng, unproven)
}

func (b *Book) eligible(now time.Time, free func(*Entry) bool) (proven, unproven []*Entry) {
	for _, e := range b.order {
		switch {
		case now.Before(e.Next) || !free(e):
		case e.Proven():
			proven = append(proven, e)
		default:
			unproven = append(unproven, e)
		}
	}
	return proven, unproven
}

func draw(rng *rand.Rand, entries []*Entry) (Entry, bool) {
	if len(entries) == 0 {
		return Entry{}, false
	}
	byGroup := map[netip.Prefix][]*Entry{}
	var groups []netip.Prefix
	for _, e := range entries {
		g := Group(e.Addr.Addr())
		if byGroup[g] == nil {
			groups = append(groups, g)
		}
		byGroup[g] = append(byGroup[g], e)
	}
	group := byGroup[groups[rng.IntN(len(groups))]]
	return *group[rng.IntN(len(group))], true
}

// Worked notes that a connection to an address of a peer held; an address the
// book does not know is left out of it.
func (b *Book) Worked(now time.Time, id peer.ID, a Address) {
	e, known := b.entries[key{id, a}]
	if !known {
		return
	}
	if !e.Proven() {
		b.sources.remove(e.Source, e)
	}
	e.Worked, e.Heard, e.Next, e.Failures = now, now, time.Time{}, 0
	b.dirty[entryKey(e)] = true
}

// Failed notes that an address of a peer could not be reached, and drops it when
// that was once too often.
func (b *Book) Failed(now time.Time, rng *rand.Rand, id peer.ID, a Address) {
	e, known := b.entries[key{id, a}]
	if !known {
		return
	}
	e.fail(now, rng)
	b.dirty[entryKey(e)] = true
	if e.hopeless(now) {
		b.drop(e)
	}
}

// Postpone puts off an address for the shortest pause and holds nothing against
// it: this node may be offline.
func (b *Book) Postpone(now time.Time, id peer.ID, a Address) {
	if e, known := b.entries[key{id, a}]; known {
		e.Next = now.Add(firstPause)
		b.dirty[entryKey(e)] = true
	}
}

// SetAnchors makes these addresses of peers, and no others, the ones that
// Anchors returns.
func (b *Book) SetAnchors(anchors []Entry) {
	for _, e := range b.order {
		is := slices.ContainsFunc(anchors, func(a Entry) bool { return a.ID == e.ID && a.Addr == e.Addr })
		if e.Anchor != is {
			e.Anchor = is
			b.dirty[entryKey(e)] = true
		}
	}
}

// Anchors returns the entries to dial first after a restart.
func (b *Book) Anchors() []Entry {
	var anchors []Entry
	for _, e := range b.order {
		if e.Anchor {
			anchors = append(anchors, *e)
		}
	}
	return anchors
}

// FewRecords is how many signed records are told whatever part of the book they
// are.
const FewRecords = 8

// Sample returns up to n signed records to tell others, each of another peer,
// but no more than a quarter of them or FewRecords, so that nobody reads the book
// out by asking.
func (b *Book) Sample(rng *rand.Rand, n int) [][]byte {
	var ids []peer.ID
	for _, e := range b.order {
		if _, signed := b.signed[e.ID]; signed && e.Failures == 0 && b.peers[e.ID][0] == e {
			ids = append(ids, e.ID)
		}
	}
	rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	ids = ids[:min(len(ids), n, max(len(ids)/4, FewRecords))]
	records := make([][]byte, len(ids))
	for i, id := range ids {
		records[i] = slices.Clone(b.signed[id].bytes)
	}
	return records
}
