package chain

import "github.com/jio-dag/jio/chain/types"

// A cache keeps the most recently used values, between limit/2 and limit of
// them, in two generations: what is used moves to the young one, and when that
// is half the limit the old one is dropped. A large value may count as several:
// a number of blocks says nothing of the memory they take. Nothing is dropped but by age, so
// pointers stay unique for the length of one operation.
type cache[V any] struct {
	limit      int
	share      func(V) int // as how many values one counts; nil means one
	used       int         // by the young
	young, old map[types.Hash]V
	handy      []handy[V] // some of the young, each at a place that its hash tells
}

// A handy value is found without the map, whose memory is far away when it is
// large.
type handy[V any] struct {
	hash  types.Hash
	value V
	here  bool
}

// handyPlaces is how many values are handy: those around the tips, which are asked
// for over and over.
const handyPlaces = 512

func newCache[V any](limit int) cache[V] {
	return cache[V]{limit: limit, young: make(map[types.Hash]V), handy: make([]handy[V], handyPlaces)}
}

func (c *cache[V]) place(h *types.Hash) *handy[V] {
	return &c.handy[(uint(h[0])|uint(h[1])<<8)%handyPlaces]
}

func (c *cache[V]) lookup(h types.Hash) (V, bool) {
	place := c.place(&h)
	if place.here && place.hash == h {
		return place.value, true
	}
	v, ok := c.young[h]
	if ok {
		*place = handy[V]{h, v, true}
		return v, true
	}
	if v, ok = c.old[h]; ok {
		c.put(h, v)
	}
	return v, ok
}

func (c *cache[V]) put(h types.Hash, v V) {
	c.discount(h)
	c.young[h] = v
	*c.place(&h) = handy[V]{h, v, true}
	c.used += c.count(v)
}

func (c *cache[V]) count(v V) int {
	if c.share == nil {
		return 1
	}
	return c.share(v)
}

// discount takes a value of the young out of what they use.
func (c *cache[V]) discount(h types.Hash) {
	if v, ok := c.young[h]; ok {
		c.used -= c.count(v)
	}
}

func (c *cache[V]) remove(h types.Hash) {
	c.discount(h)
	delete(c.young, h)
	delete(c.old, h)
	if place := c.place(&h); place.hash == h {
		*place = handy[V]{}
	}
}

// full reports whether age would drop the old generation.
func (c *cache[V]) full() bool { return c.used > c.limit/2 }

// age drops the old generation when the young one is full. It is called between
// operations.
func (c *cache[V]) age() {
	if c.full() {
		c.old, c.young, c.used = c.young, make(map[types.Hash]V, len(c.young)), 0
		clear(c.handy) // it must be seen what is used
	}
}
