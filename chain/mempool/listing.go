package mempool

import (
	"cmp"
	"slices"
)

// Entries returns the entries, the best payers first and those that pay alike by
// their IDs. The slice is the caller's.
func (p *Pool) Entries() []*Entry {
	p.mu.Lock()
	entries := make([]*Entry, 0, len(p.graph.entries))
	for _, e := range p.graph.entries {
		entries = append(entries, e)
	}
	p.mu.Unlock()
	slices.SortFunc(entries, func(a, b *Entry) int { return cmp.Or(-compareRates(a, b), a.ID.Compare(b.ID)) })
	return entries
}

// A Usage says how full a pool is.
type Usage struct {
	Entries  int
	Bytes    int // encoded
	MaxBytes int
	Orphans  int
}

// Usage returns how full the pool is.
func (p *Pool) Usage() Usage {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Usage{
		Entries:  len(p.graph.entries),
		Bytes:    p.graph.bytes,
		MaxBytes: p.cfg.MaxBytes,
		Orphans:  len(p.orphans.ids),
	}
}
