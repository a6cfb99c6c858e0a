package chain

import (
	"maps"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

// A plainCache is the twin of a cache: two maps and nothing else.
type plainCache struct {
	limit      int
	young, old map[types.Hash]int
}

func (c *plainCache) lookup(h types.Hash) (int, bool) {
	if v, ok := c.young[h]; ok {
		return v, true
	}
	v, ok := c.old[h]
	if ok {
		c.young[h] = v
	}
	return v, ok
}

func (c *plainCache) age() {
	if len(c.young) > c.limit/2 {
		c.old, c.young = c.young, make(map[types.Hash]int)
	}
}

// Few hashes, several of which share a place among the handy ones.
func TestCacheAgainstMaps(t *testing.T) {
	hashes := rapid.Custom(func(t *rapid.T) (h types.Hash) {
		h[0], h[31] = rapid.ByteMax(2).Draw(t, "place"), rapid.ByteMax(4).Draw(t, "hash")
		return h
	})
	rapid.Check(t, func(t *rapid.T) {
		c := newCache[int](8)
		twin := &plainCache{limit: 8, young: make(map[types.Hash]int)}
		value := 0
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				h := hashes.Draw(t, "hash")
				value++
				c.put(h, value)
				twin.young[h] = value
			},
			"lookup": func(t *rapid.T) {
				h := hashes.Draw(t, "hash")
				got, found := c.lookup(h)
				if want, ok := twin.lookup(h); got != want || found != ok {
					t.Fatalf("%v is %d %t, want %d %t", h, got, found, want, ok)
				}
			},
			"remove": func(t *rapid.T) {
				h := hashes.Draw(t, "hash")
				c.remove(h)
				delete(twin.young, h)
				delete(twin.old, h)
			},
			"age": func(*rapid.T) {
				c.age()
				twin.age()
			},
			"": func(t *rapid.T) {
				if !maps.Equal(c.young, twin.young) || !maps.Equal(c.old, twin.old) || c.used != len(twin.young) {
					t.Fatalf("cache has %v and %v, twin %v and %v", c.young, c.old, twin.young, twin.old)
				}
			},
		})
	})
}
