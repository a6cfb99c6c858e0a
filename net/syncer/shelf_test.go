package syncer

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

// The shelf against its definition: whatever comes, the bounds hold, nobody loses
// a block while within its share and the shelf has room, and order is kept.
func TestShelfBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShelf(32, 3200)
		var order []types.Hash
		for i := range rapid.IntRange(1, 120).Draw(t, "arrivals") {
			a := &arrival{
				hash: types.Hash{byte(i)},
				from: PeerID(fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "from"))),
				size: rapid.IntRange(1, 500).Draw(t, "size"),
			}
			before := slices.Clone(s.held)
			kept := s.add(a)
			if order = append(order, a.hash); !kept {
				if a.size <= 3200/shelfShare || len(s.held) != len(before) {
					t.Fatal("a block of a fair size was turned away")
				}
				continue
			}
			checkShelf(t, &s, a)
			if lost := len(before) + 1 - len(s.held); lost > 0 && fits(before, a) {
				t.Fatalf("%d blocks went and there was room", lost)
			}
			at := -1
			for _, held := range s.held {
				next := slices.Index(order, held.hash)
				if next <= at {
					t.Fatal("the order is not that of arrival")
				}
				at = next
			}
		}
	})
}

func checkShelf(t *rapid.T, s *shelf, newest *arrival) {
	var total load
	loads := make(map[PeerID]*load)
	for _, a := range s.held {
		total.add(a)
		if loads[a.from] == nil {
			loads[a.from] = new(load)
		}
		loads[a.from].add(a)
	}
	if total.count > 32 || total.bytes > 3200 {
		t.Fatalf("%d blocks of %d bytes are held", total.count, total.bytes)
	}
	for from, l := range loads {
		if l.count > 32/shelfShare || l.bytes > 3200/shelfShare {
			t.Fatalf("peer %s holds %d blocks of %d bytes", from, l.count, l.bytes)
		}
	}
	if total.count < 8 && !slices.Contains(s.held, newest) {
		t.Fatal("the newest block went while there was room")
	}
}

// fits reports whether a block may join others without anything having to go.
func fits(others []*arrival, a *arrival) bool {
	total, own := load{}, load{}
	for _, o := range append(slices.Clone(others), a) {
		total.add(o)
		if o.from == a.from {
			own.add(o)
		}
	}
	return total.count <= 32 && total.bytes <= 3200 && own.count <= 4 && own.bytes <= 400
}

func TestShelfKeepsOneOfEach(t *testing.T) {
	s := newShelf(8, 800)
	for range 3 {
		s.add(&arrival{hash: types.Hash{1}, size: 1})
	}
	if len(s.held) != 1 {
		t.Errorf("one block is held %d times", len(s.held))
	}
}
