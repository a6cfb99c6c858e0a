package mempool

import "cmp"

// A ranking holds entries in order of preference: the higher fee rate first, of
// equal ones the older, then the lesser ID. It is a treap (Aragon and Seidel,
// 1989): a search tree by preference and a heap by random priorities, so that it
// is shallow whoever pays what. Each entry carries sums over its subtree, from
// which ranks are read and entries drawn in a number of steps that grows with
// the depth alone.
type ranking struct{ root *Entry }

// A standing is the place of an entry in a ranking.
type standing struct {
	left, right *Entry // preferred, less preferred
	priority    uint64
	ready       bool // its coins stand in virtual's state
	drawn       bool // for the template in the making
	lent        bool // it is drawn, or one of its subtree
	chance      float64

	// Of the subtree.
	count  int
	weight uint64
	open   tally // of those that are ready and not drawn
}

// A tally counts entries that a template may take.
type tally struct {
	count   int
	weight  uint64
	chances float64
}

// isOpen reports whether a template may take the entry.
func (e *Entry) isOpen() bool { return e.ready && !e.drawn }

func (e *Entry) isLent() bool { return e != nil && e.lent }

func (e *Entry) countBelow() int {
	if e == nil {
		return 0
	}
	return e.count
}

func (e *Entry) weightBelow() uint64 {
	if e == nil {
		return 0
	}
	return e.weight
}

func (e *Entry) openBelow() tally {
	if e == nil {
		return tally{}
	}
	return e.open
}

// refresh sums up the subtree of an entry anew.
func (e *Entry) refresh() {
	left, right := e.left.openBelow(), e.right.openBelow()
	e.count = e.left.countBelow() + e.right.countBelow() + 1
	e.weight = e.left.weightBelow() + e.right.weightBelow() + e.Weight
	e.open = tally{left.count + right.count, left.weight + right.weight, left.chances + right.chances}
	e.lent = e.drawn || e.left.isLent() || e.right.isLent()
	if e.isOpen() {
		e.open.count++
		e.open.weight += e.Weight
		e.open.chances += e.chance
	}
}

// comparePreference is negative when a comes before b.
func comparePreference(a, b *Entry) int {
	return cmp.Or(-compareRates(a, b), a.Added.Compare(b.Added), a.ID.Compare(b.ID))
}

// insert puts an entry in.
func (r *ranking) insert(e *Entry) {
	e.left, e.right = nil, nil
	r.root = r.root.with(e)
}

func (n *Entry) with(e *Entry) *Entry {
	switch {
	case n == nil || e.priority > n.priority:
		e.left, e.right = n.split(e)
		n = e
	case comparePreference(e, n) < 0:
		n.left = n.left.with(e)
	default:
		n.right = n.right.with(e)
	}
	n.refresh()
	return n
}

// split cuts a tree into what comes before an entry and what comes after.
func (n *Entry) split(e *Entry) (before, after *Entry) {
	if n == nil {
		return nil, nil
	}
	if comparePreference(n, e) < 0 {
		n.right, after = n.right.split(e)
		before = n
	} else {
		before, n.left = n.left.split(e)
		after = n
	}
	n.refresh()
	return before, after
}

// remove takes an entry out, which must be in.
func (r *ranking) remove(e *Entry) {
	r.root = r.root.without(e)
	e.left, e.right = nil, nil
}

func (n *Entry) without(e *Entry) *Entry {
	switch {
	case n == e:
		return join(n.left, n.right)
	case comparePreference(e, n) < 0:
		n.left = n.left.without(e)
	default:
		n.right = n.right.without(e)
	}
	n.refresh()
	return n
}

// join puts two trees together, all of a being preferred to all of b.
func join(a, b *Entry) *Entry {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.priority > b.priority:
		a.right = join(a.right, b)
		a.refresh()
		return a
	}
	b.left = join(a, b.left)
	b.refresh()
	return b
}

// update brings the sums up to date after an entry opened or closed.
func (r *ranking) update(e *Entry) { r.root.updatePath(e) }

func (n *Entry) updatePath(e *Entry) {
	if n != e && comparePreference(e, n) < 0 {
		n.left.updatePath(e)
	} else if n != e {
		n.right.updatePath(e)
	}
	n.refresh()
}

// last returns the least preferred entry, nil when there is none.
func (r *ranking) last() *Entry {
	n := r.root
	for n != nil && n.right != nil {
		n = n.right
	}
	return n
}

// each calls fn for the entries from the most preferred on until it says stop.
func (r *ranking) each(fn func(e *Entry) (more bool)) { r.root.each(fn) }

func (n *Entry) each(fn func(e *Entry) bool) bool {
	return n == nil || n.left.each(fn) && fn(n) && n.right.each(fn)
}

// eachOpen is each for the entries a template may take.
func (r *ranking) eachOpen(fn func(e *Entry) (more bool)) { r.root.eachOpen(fn) }

func (n *Entry) eachOpen(fn func(e *Entry) bool) bool {
	if n.openBelow().count == 0 {
		return true
	}
	return n.left.eachOpen(fn) && (!n.isOpen() || fn(n)) && n.right.eachOpen(fn)
}

// draw closes and returns an open entry, where there is one: the one at u, of
// all chances laid end to end.
func (r *ranking) draw(u float64) *Entry { return r.root.draw(u) }

// draw looks at no more than the way down. The sums there are made anew, not taken
// away from: one rich entry would leave nothing of the chances of the others but
// what was rounded off.
func (n *Entry) draw(u float64) (drawn *Entry) {
	left, right := n.left.openBelow(), n.right.openBelow()
	switch {
	case left.count > 0 && (u < left.chances || left.count == n.open.count):
		drawn = n.left.draw(u)
	case n.isOpen() && (u < left.chances+n.chance || right.count == 0):
		n.drawn = true
		drawn = n
	case n.isOpen():
		drawn = n.right.draw(u - left.chances - n.chance)
	default:
		drawn = n.right.draw(u - left.chances)
	}
	n.refresh()
	return drawn
}

// giveBack opens all entries that were drawn, in one walk that sees no others
// than those above them.
func (r *ranking) giveBack() { r.root.giveBack() }

func (n *Entry) giveBack() {
	if !n.isLent() {
		return
	}
	n.left.giveBack()
	n.right.giveBack()
	n.drawn = false
	n.refresh()
}

// cut returns the first open entry at which the weight of those up to it exceeds
// a bound, or before which there are so many, unless that is 0; and the weight
// of those before it. The entry is nil when there is none.
func (r *ranking) cut(bound uint64, many int) (e *Entry, before uint64) {
	index := 0
	beyond := func(t tally) bool {
		return t.count > 0 && (before+t.weight > bound || many > 0 && index+t.count > many)
	}
	for n := r.root; n != nil; {
		left := n.left.openBelow()
		if beyond(left) {
			n = n.left
			continue
		}
		before, index = before+left.weight, index+left.count
		if n.isOpen() {
			if beyond(tally{count: 1, weight: n.Weight}) {
				return n, before
			}
			before, index = before+n.Weight, index+1
		}
		n = n.right
	}
	return nil, before
}

// above counts the entries that pay at least a rate, in thousandths of a jot per
// unit of weight, and their weight.
func (r *ranking) above(rate uint64) (count int, weight uint64) {
	for n := r.root; n != nil; {
		if n.FeeRate() < rate {
			n = n.left
			continue
		}
		count += n.left.countBelow() + 1
		weight += n.left.weightBelow() + n.Weight
		n = n.right
	}
	return count, weight
}
