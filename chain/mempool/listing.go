package mempool

// Best returns at most limit entries, the best payers first and of those that
// pay alike the oldest. The slice is the caller's.
func (p *Pool) Best(limit int) []*Entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	entries := make([]*Entry, 0, min(limit, len(p.graph.entries)))
	p.graph.ranking.each(func(e *Entry) bool {
		if len(entries) < limit {
			entries = append(entries, e)
		}
		return len(entries) < limit
	})
	return entries
}

// Entries returns all entries in the order of Best.
func (p *Pool) Entries() []*Entry { return p.Best(1 << 62) }

// Each calls fn for every entry, in no order. It must not call the pool.
func (p *Pool) Each(fn func(e *Entry)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.graph.entries {
		fn(e)
	}
}

// A Band counts the entries that pay at least a rate, and less than the next
// band's.
type Band struct {
	Rate    uint64 // thousandths of a jot per unit of weight
	Entries int
	Weight  uint64
}

// Histogram counts the entries by fee rate, given the least rate of each band in
// ascending order. Entries that pay less than the first are in none.
func (p *Pool) Histogram(rates []uint64) []Band {
	p.mu.Lock()
	defer p.mu.Unlock()
	bands := make([]Band, len(rates))
	count, weight := 0, uint64(0) // above the band
	for i := len(rates) - 1; i >= 0; i-- {
		c, w := p.graph.ranking.above(rates[i])
		bands[i] = Band{Rate: rates[i], Entries: c - count, Weight: w - weight}
		count, weight = c, w
	}
	return bands
}

// A Usage says how full a pool is.
type Usage struct {
	Entries  int
	Bytes    int // of memory that the entries take, about
	MaxBytes int // of memory
	Encoded  int // bytes of the entries' encodings
	Orphans  int
}

// Usage returns how full the pool was after the last change. It never blocks.
func (p *Pool) Usage() Usage { return *p.usage.Load() }

func (p *Pool) publish() {
	p.usage.Store(&Usage{
		Entries:  len(p.graph.entries),
		Bytes:    p.graph.memory,
		MaxBytes: p.cfg.MaxBytes,
		Encoded:  p.graph.bytes,
		Orphans:  len(p.orphans.ids),
	})
}
