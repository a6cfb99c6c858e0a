package sim

import (
	"fmt"
	"time"

	"github.com/jio-dag/jio/net/syncer"
)

// A link is a pair of nodes that want to be connected.
type link struct {
	w       *World
	ends    [2]*node
	latency time.Duration
	up      bool
	epoch   int // counts connections
	aliases int // of a Byzantine end: it comes back under another name after a ban
}

// other returns the far end.
func (l *link) other(n *node) *node {
	if l.ends[0] == n {
		return l.ends[1]
	}
	return l.ends[0]
}

// name returns what an end is called by the other.
func (l *link) name(n *node) syncer.PeerID {
	if n.honest() {
		return n.id
	}
	return syncer.PeerID(fmt.Sprintf("%s#%d", n.id, l.aliases))
}

// connect lets two nodes say hello, unless one of them is down, cut off or
// unwanted.
func (l *link) connect() {
	a, b := l.ends[0], l.ends[1]
	if l.up || !a.up || !b.up || l.w.blocked(a, b) || l.w.blocked(b, a) || a.bans[l.name(b)] || b.bans[l.name(a)] {
		return
	}
	l.up = true
	l.epoch++
	for i, n := range l.ends {
		other := l.ends[1-i]
		hello := other.greeting()
		l.carry(other, 500, true, func() { n.meet(l, hello) })
	}
}

// disconnect tells both ends that the connection is gone.
func (l *link) disconnect() {
	if !l.up {
		return
	}
	l.up = false
	for i, n := range l.ends {
		other := l.ends[1-i]
		l.w.after(0, func() { n.lose(l, other) })
	}
}

// carry brings something from one end to the other, unless it is lost; gossip may
// come twice. What is reliable may stall all the same, but rarely.
func (l *link) carry(from *node, size int, reliable bool, deliver func()) {
	w := l.w
	lost, twice := w.chance(w.scenario.loss), w.chance(w.scenario.double)
	if reliable {
		lost, twice = w.chance(w.scenario.stall), false
	}
	delay := l.latency + time.Duration(w.rng.Float64()*w.scenario.jitter*float64(l.latency))
	delay += time.Duration(size) * time.Second / time.Duration(w.scenario.bandwidth)
	if twice {
		l.bring(from, delay+w.echo(), deliver)
	}
	if !lost || w.quiet {
		l.bring(from, delay, deliver)
	}
}

// bring delivers after a delay if the connection lasts that long.
func (l *link) bring(from *node, delay time.Duration, deliver func()) {
	w, to := l.w, l.other(from)
	epoch, life := l.epoch, to.life
	if w.blocked(from, to) {
		return
	}
	w.after(delay, func() {
		if l.up && l.epoch == epoch && to.up && to.life == life && !w.blocked(from, to) {
			deliver()
		}
	})
}

// echo returns after what time something comes again: mostly soon, and sometimes
// when the first time is forgotten.
func (w *World) echo() time.Duration {
	if w.chance(0.2) {
		return w.between(memoSpan, 3*memoSpan)
	}
	return w.between(0, 2*time.Second)
}

// blocked reports whether nothing gets from one node to another.
func (w *World) blocked(from, to *node) bool { return w.parted != nil && w.parted(from, to) }

// mend connects what can be connected.
func (w *World) mend() {
	for _, l := range w.links {
		l.connect()
	}
}

// cut disconnects what nothing gets through any more in one direction at least.
func (w *World) cut() {
	for _, l := range w.links {
		if w.blocked(l.ends[0], l.ends[1]) || w.blocked(l.ends[1], l.ends[0]) {
			l.disconnect()
		}
	}
}

// ring links the nodes to a circle with chords, so that no single node cuts it.
func (w *World) ring() {
	n := len(w.nodes)
	linked := make(map[[2]int]bool)
	join := func(a, b int) {
		if a > b {
			a, b = b, a
		}
		if a == b || linked[[2]int{a, b}] {
			return
		}
		linked[[2]int{a, b}] = true
		latency := time.Duration(float64(w.scenario.latency) * (0.5 + w.rng.Float64()))
		l := &link{w: w, ends: [2]*node{w.nodes[a], w.nodes[b]}, latency: latency}
		w.links = append(w.links, l)
		w.nodes[a].links = append(w.nodes[a].links, l)
		w.nodes[b].links = append(w.nodes[b].links, l)
	}
	order := w.rng.Perm(n)
	for i := range n {
		join(order[i], order[(i+1)%n])
	}
	for i := range n {
		for range 2 {
			join(i, w.rng.IntN(n))
		}
	}
	w.joinHonest(join)
}

// joinHonest makes sure that honest nodes reach each other past the others: what
// a node eclipsed by liars can learn is not the matter here.
func (w *World) joinHonest(join func(a, b int)) {
	last := -1
	for i, n := range w.nodes {
		if n.honest() {
			if last >= 0 {
				join(last, i)
			}
			last = i
		}
	}
}
