package store

import (
	"bytes"
	"hash/maphash"
	"iter"
	"sync"
)

// A Memory is a store without a disk: the twin of DB for tests, simulations and
// short lives. It is safe for several goroutines; a Scan sees the state from
// when it began. It is ready to use when made by NewMemory.
type Memory struct {
	mu     sync.Mutex
	root   *node
	closed bool
}

// NewMemory returns an empty Memory.
func NewMemory() *Memory { return new(Memory) }

func (m *Memory) snapshot() (*node, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrClosed
	}
	return m.root, nil
}

// Get returns the value of key as the caller's own copy, or nil when there is
// none; an empty value is empty and not nil.
func (m *Memory) Get(key []byte) ([]byte, error) {
	root, err := m.snapshot()
	if err != nil {
		return nil, err
	}
	if n := root.find(key); n != nil {
		return append([]byte{}, n.value...), nil
	}
	return nil, nil
}

// Scan calls fn for every key that begins with prefix, in ascending order, as
// they were when Scan began. The slices must be neither kept nor changed. The
// first error of fn ends the scan and is returned.
func (m *Memory) Scan(prefix []byte, fn func(key, value []byte) error) error {
	return m.ScanFrom(prefix, prefix, fn)
}

// ScanFrom is Scan without the keys below from.
func (m *Memory) ScanFrom(prefix, from []byte, fn func(key, value []byte) error) error {
	root, err := m.snapshot()
	if err != nil {
		return err
	}
	if bytes.Compare(from, prefix) < 0 {
		from = prefix
	}
	return root.ascend(prefix, from, fn)
}

// Write applies the batch as one: a nil value deletes its key, a later entry
// overrules an earlier one.
func (m *Memory) Write(batch iter.Seq2[[]byte, []byte]) error {
	type entry struct{ key, value []byte }
	var entries []entry
	for key, value := range batch {
		if isReserved(key) {
			return ErrReservedKey
		}
		entries = append(entries, entry{bytes.Clone(key), bytes.Clone(value)})
	}
	if len(entries) == 0 {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	for _, e := range entries {
		m.root = m.root.with(e.key, e.value)
	}
	return nil
}

// Clone returns a Memory of its own with the same contents. It takes no time:
// the two share what neither changes.
func (m *Memory) Clone() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Memory{root: m.root, closed: m.closed}
}

// Close ends the use of the Memory and frees what it holds.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	m.root, m.closed = nil, true
	return nil
}

// A node is a treap: ordered by key downwards left to right, and a heap by the
// hash of the key, which keeps it shallow. Nodes never change once made, so
// that a root is a snapshot.
type node struct {
	key, value  []byte
	weight      uint64
	left, right *node
}

var weights = maphash.MakeSeed()

func (n *node) find(key []byte) *node {
	for n != nil {
		switch c := bytes.Compare(key, n.key); {
		case c < 0:
			n = n.left
		case c > 0:
			n = n.right
		default:
			return n
		}
	}
	return nil
}

// with returns the tree with key set to value, or without it for a nil value.
func (n *node) with(key, value []byte) *node {
	less, more := n.split(key)
	if value == nil {
		return join(less, more)
	}
	leaf := &node{key: key, value: value, weight: maphash.Bytes(weights, key)}
	return join(join(less, leaf), more)
}

// split returns the parts below and above key, without key itself.
func (n *node) split(key []byte) (less, more *node) {
	if n == nil {
		return nil, nil
	}
	switch c := bytes.Compare(key, n.key); {
	case c < 0:
		less, more = n.left.split(key)
		return less, n.hung(more, n.right)
	case c > 0:
		less, more = n.right.split(key)
		return n.hung(n.left, less), more
	}
	return n.left, n.right
}

// join puts two trees together, all keys of a being below all keys of b.
func join(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.weight > b.weight:
		return a.hung(a.left, join(a.right, b))
	}
	return b.hung(join(a, b.left), b.right)
}

// hung returns a copy of n over other children.
func (n *node) hung(left, right *node) *node {
	return &node{n.key, n.value, n.weight, left, right}
}

// ascend visits the keys with the prefix that are not below from, which is not
// below the prefix.
func (n *node) ascend(prefix, from []byte, fn func(key, value []byte) error) error {
	if n == nil {
		return nil
	}
	has := bytes.HasPrefix(n.key, prefix)
	below := bytes.Compare(n.key, from) < 0
	if !below {
		if err := n.left.ascend(prefix, from, fn); err != nil {
			return err
		}
		if has {
			if err := fn(n.key, n.value); err != nil {
				return err
			}
		}
	}
	if below || has {
		return n.right.ascend(prefix, from, fn)
	}
	return nil
}
