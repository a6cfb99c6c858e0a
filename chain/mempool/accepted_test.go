package mempool

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jio-dag/jio/chain/types"
)

// TestAcceptedMemory holds the promise of two times against a plain map, and
// the bound.
func TestAcceptedMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const age, limit = 10 * time.Second, 20
		now := time.UnixMilli(0)
		m := newMemory(age, limit, now)
		added := make(map[types.Hash]time.Time)
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				id := types.Hash{rapid.Byte().Draw(t, "id")}
				m.add(id, now)
				added[id] = now
			},
			"remove": func(t *rapid.T) {
				id := types.Hash{rapid.Byte().Draw(t, "id")}
				m.remove(id)
				delete(added, id)
			},
			"wait": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 12).Draw(t, "seconds")) * time.Second)
				m.turn(now)
			},
			"": func(t *rapid.T) {
				few := len(added) < limit
				for i := range 256 {
					id := types.Hash{byte(i)}
					at, known := added[id]
					has := m.has(id)
					if has && !known || few && known && !has && now.Sub(at) < age {
						t.Fatalf("%d: has %v, added %v %v ago", i, has, known, now.Sub(at))
					}
					if known && now.Sub(at) > 2*age+12*time.Second && has {
						t.Fatalf("%d is remembered after %v", i, now.Sub(at))
					}
				}
				if n := len(m.young) + len(m.old); n > 2*limit {
					t.Fatalf("%d are remembered", n)
				}
			},
		})
	})
}
