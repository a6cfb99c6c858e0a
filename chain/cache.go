package chain

import "github.com/jio-dag/jio/chain/types"

// A cache keeps the most recently used values, between limit/2 and limit of
// them, in two generations: what is used moves to the young one, and when that
// is half the limit the old one is dropped. Nothing is dropped but by age, so
// pointers stay unique for the length of one operation.
type cache[V any] struct {
	limit      int
	young, old map[types.Hash]V
}

func newCache[V any](limit int) cache[V] {
	return cache[V]{limit: limit, young: make(map[types.Hash]V)}
}

func (c *cache[V]) lookup(h types.Hash) (V, bool) {
	v, ok := c.young[h]
	if ok {
		return v, true
	}
	if v, ok = c.old[h]; ok {
		c.young[h] = v
	}
	return v, ok
}

func (c *cache[V]) put(h types.Hash, v V) { c.young[h] = v }

func (c *cache[V]) remove(h types.Hash) {
	delete(c.young, h)
	delete(c.old, h)
}

// full reports whether age would drop the old generation.
func (c *cache[V]) full() bool { return len(c.young) > c.limit/2 }

// age drops the old generation when the young one is full. It is called between
// operations.
func (c *cache[V]) age() {
	if c.full() {
		c.old, c.young = c.young, make(map[types.Hash]V, len(c.young))
	}
}
