package addrbook

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"pgregory.net/rapid"
)

var epoch = time.UnixMilli(1_750_000_000_000).UTC()

// testID returns an id in the form of an ed25519 one.
func testID(n int) peer.ID {
	return peer.ID(fmt.Sprintf("\x00\x24\x08\x01\x12\x20%032d", n))
}

func tcp(ip string) Address {
	return Address{AddrPort: netip.AddrPortFrom(netip.MustParseAddr(ip), 16110)}
}

// spread returns the n-th address of a group of IPv4.
func spread(group, n int) Address {
	return tcp(fmt.Sprintf("%d.%d.%d.%d", 20+group/200, group%200, n/200, 1+n%200))
}

// A script applies random operations to a book.
type script struct {
	*rapid.T
	book *Book
	now  time.Time
	rng  *rand.Rand
}

func newScript(t *rapid.T) *script {
	return &script{t, New(false), epoch, rand.New(rand.NewPCG(1, 2))}
}

func (s *script) step() {
	s.now = s.now.Add(time.Duration(rapid.IntRange(0, 48*3600).Draw(s.T, "pause")) * time.Second)
	id := testID(rapid.IntRange(0, 20).Draw(s.T, "id"))
	a := Address{AddrPort: netip.AddrPortFrom(drawIP(s.T), 1)}
	if known := s.book.peers[id]; len(known) > 0 && rapid.Bool().Draw(s.T, "known") {
		a = known[0].Addr
	}
	switch rapid.IntRange(0, 8).Draw(s.T, "op") {
	case 0:
		s.book.Worked(s.now, id, a)
	case 1:
		s.book.Failed(s.now, s.rng, id, a)
	case 2:
		s.book.Postpone(s.now, id, a)
	case 3:
		s.book.Forget(id)
	case 4:
		s.book.Sweep(s.now)
	case 5:
		s.book.SetAnchors([]Entry{{ID: id, Addr: a}})
	default:
		r := Record{ID: id, Addrs: []Address{a}, Seq: rapid.Uint64Range(1, 5).Draw(s.T, "seq")}
		for range rapid.IntRange(0, 10).Draw(s.T, "more") {
			r.Addrs = append(r.Addrs, Address{AddrPort: netip.AddrPortFrom(drawIP(s.T), 2), QUIC: true})
		}
		if rapid.Bool().Draw(s.T, "signed") {
			r.Envelope = fmt.Appendf(nil, "%d", r.Seq)
		}
		s.book.Learn(s.now, drawIP(s.T), r)
	}
}

// The buckets are what a recount of the entries gives, within their bounds.
func TestBucketsAgreeWithARecount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newScript(t)
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			s.step()
			recount(t, s.book)
		}
	})
}

func recount(t interface{ Fatalf(string, ...any) }, b *Book) {
	peers, groups, sources := buckets[peer.ID]{}, buckets[netip.Prefix]{}, buckets[netip.Prefix]{}
	for _, e := range b.order {
		if b.entries[key{e.ID, e.Addr}] != e {
			t.Fatalf("%v is not in the book's map", e)
		}
		peers.add(e.ID, e)
		groups.add(Group(e.Addr.Addr()), e)
		if !e.Proven() {
			sources.add(e.Source, e)
		}
	}
	if len(b.entries) != len(b.order) || len(b.order) > maxEntries {
		t.Fatalf("%d entries in the map, %d in order", len(b.entries), len(b.order))
	}
	compare(t, "peer", b.peers, peers, maxPerPeer)
	compare(t, "group", b.groups, groups, maxPerGroup)
	compare(t, "source", b.sources, sources, maxPerSource)
	for id := range b.signed {
		if len(b.peers[id]) == 0 {
			t.Fatalf("a signed record of %s without an address", id)
		}
	}
}

func compare[K comparable](t interface{ Fatalf(string, ...any) }, name string, got, want buckets[K], bound int) {
	if len(got) != len(want) {
		t.Fatalf("%d buckets by %s, want %d", len(got), name, len(want))
	}
	for k, w := range want {
		if len(w) > bound {
			t.Fatalf("%s %v holds %d entries", name, k, len(w))
		}
		if len(got[k]) != len(w) {
			t.Fatalf("%s %v holds %d entries, want %d", name, k, len(got[k]), len(w))
		}
		for _, e := range w {
			if !slices.Contains(got[k], e) {
				t.Fatalf("%s %v lacks %v", name, k, e)
			}
		}
	}
}

func TestBoundsOfOnePeerGroupAndSource(t *testing.T) {
	b := New(false)
	var many []Address
	for i := range 20 {
		many = append(many, spread(i, 1))
	}
	if n := b.Learn(epoch, spread(1, 1).Addr(), Record{ID: testID(0), Addrs: many}); n != maxPerPeer {
		t.Errorf("%d addresses of one peer are taken, want %d", n, maxPerPeer)
	}
	b = New(false)
	for i := range 100 {
		b.Learn(epoch, spread(i, 1).Addr(), Record{ID: testID(i), Addrs: []Address{spread(7, i)}})
	}
	if n := b.Len(); n != maxPerGroup {
		t.Errorf("%d addresses of one group are taken, want %d", n, maxPerGroup)
	}
	b = New(false)
	for i := range 1000 {
		b.Learn(epoch, spread(1, i%9).Addr(), Record{ID: testID(i), Addrs: []Address{spread(i, 1)}})
	}
	if n := b.Len(); n != maxPerSource {
		t.Errorf("%d addresses of one source are taken, want %d", n, maxPerSource)
	}
	b.Worked(epoch, testID(0), spread(0, 1))
	if n := b.Learn(epoch, spread(1, 1).Addr(), Record{ID: testID(1000), Addrs: []Address{spread(1000, 1)}}); n != 1 {
		t.Error("what was proven still counts against its source")
	}
}

func TestFullBookGivesWayToUncrowdedGroups(t *testing.T) {
	b := New(false)
	for i := range 64 * 64 {
		b.Learn(epoch, spread(i%32, 1).Addr(), Record{ID: testID(i), Addrs: []Address{spread(i%64, i/64)}})
	}
	if b.Len() != maxEntries {
		t.Fatalf("%d entries", b.Len())
	}
	outside := spread(1000, 1).Addr()
	learn := func(n int, a Address) int { return b.Learn(epoch, outside, Record{ID: testID(n), Addrs: []Address{a}}) }
	if learn(5000, spread(3, 199)) != 0 {
		t.Error("a crowded group grew in a full book")
	}
	if learn(5001, spread(999, 1)) != 1 || b.Len() != maxEntries {
		t.Error("a new group found no place")
	}
	recount(t, b)
}

func TestExpendableEntriesGiveWay(t *testing.T) {
	rng, b := rand.New(rand.NewPCG(1, 1)), New(false)
	for i := range maxPerGroup {
		b.Learn(epoch, spread(i, 1).Addr(), Record{ID: testID(i), Addrs: []Address{spread(7, i)}})
	}
	newcomer := Record{ID: testID(100), Addrs: []Address{spread(7, 100)}}
	b.Worked(epoch, testID(3), spread(7, 3))
	b.Failed(epoch, rng, testID(3), spread(7, 3))
	if b.Learn(epoch, spread(1, 1).Addr(), newcomer) != 0 {
		t.Error("a proven entry gave way")
	}
	b.Failed(epoch, rng, testID(5), spread(7, 5))
	if b.Learn(epoch, spread(1, 1).Addr(), newcomer) != 1 || len(b.peers[testID(5)]) != 0 {
		t.Error("the entry that failed did not give way")
	}
}

func TestNewerRecordsReplaceOlderOnes(t *testing.T) {
	b, id, from := New(false), testID(1), spread(5, 5).Addr()
	old := Record{ID: id, Seq: 7, Addrs: []Address{spread(1, 1), spread(2, 1)}, Envelope: []byte("seven")}
	b.Learn(epoch, from, old)
	b.Worked(epoch, id, spread(2, 1))
	b.Learn(epoch, from, Record{ID: id, Seq: 6, Addrs: []Address{spread(9, 1)}, Envelope: []byte("six")})
	if len(b.peers[id]) != 2 {
		t.Error("an older record changed something")
	}
	b.Learn(epoch, from, Record{ID: id, Seq: 8, Addrs: []Address{spread(3, 1)}, Envelope: []byte("eight")})
	var got []Address
	for _, e := range b.peers[id] {
		got = append(got, e.Addr)
	}
	if want := []Address{spread(2, 1), spread(3, 1)}; !slices.Equal(got, want) || string(b.signed[id].bytes) != "eight" {
		t.Errorf("%v with record %q, want %v", got, b.signed[id].bytes, want)
	}
	if b.Learn(epoch, from, Record{ID: id, Seq: 9, Addrs: []Address{spread(4, 1)}, Envelope: make([]byte, MaxEnvelope+1)}) != 0 {
		t.Error("an envelope over its bound is taken")
	}
}

func TestLocalBookTakesPrivateAddresses(t *testing.T) {
	for ip, want := range map[string][2]int{
		"127.0.0.1": {0, 1}, "10.1.2.3": {0, 1}, "0.0.0.0": {0, 0}, "224.0.0.1": {0, 0}, "8.8.8.8": {1, 1},
	} {
		for i, local := range []bool{false, true} {
			if n := New(local).Learn(epoch, netip.Addr{}, Record{ID: testID(1), Addrs: []Address{tcp(ip)}}); n != want[i] {
				t.Errorf("%s: %d taken with local = %v, want %d", ip, n, local, want[i])
			}
		}
	}
	if New(true).Learn(epoch, netip.Addr{}, Record{ID: testID(1), Addrs: []Address{{AddrPort: netip.MustParseAddrPort("8.8.8.8:0")}}}) != 0 {
		t.Error("port 0 is taken")
	}
}

func BenchmarkLearnInAFullBook(b *testing.B) {
	book := New(false)
	for i := range 64 * 64 {
		book.Learn(epoch, spread(i%32, 1).Addr(), Record{ID: testID(i), Addrs: []Address{spread(i%64, i/64)}})
	}
	source := spread(2000, 1).Addr()
	b.ReportAllocs()
	for i := range b.N {
		book.Learn(epoch, source, Record{ID: testID(5000 + i), Addrs: []Address{spread(3, 199)}})
	}
}
