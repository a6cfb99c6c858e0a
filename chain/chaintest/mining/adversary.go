package mining

import (
	"math/rand/v2"
	"slices"
	"time"
)

// A Stamp chooses the timestamp of a block of the adversary.
type Stamp struct {
	Name   string
	choose func(c choice) uint64
}

// A choice is what a Stamp may choose from: any number from least to most.
type choice struct {
	least, most uint64 // one past the median, and as far ahead as is taken at once
	now         uint64
	nth         int // blocks that the adversary found before
	rng         *rand.Rand
}

// swing is how long the swinging stamp stays on one side: a half-life, where it
// disturbs ten-minute means most.
const swing = 600_000

// The stamps, the honest one first.
var (
	True        = Stamp{"true", func(c choice) uint64 { return max(c.now, c.least) }}
	Ahead       = Stamp{"ahead", func(c choice) uint64 { return c.most }}
	Minimal     = Stamp{"minimal", func(c choice) uint64 { return c.least }}
	Alternating = Stamp{"alternating", func(c choice) uint64 { return eitherEnd(c, c.nth%2 == 0) }}
	Swinging    = Stamp{"swinging", func(c choice) uint64 { return eitherEnd(c, c.now/swing%2 == 0) }}
	Random      = Stamp{"random", func(c choice) uint64 { return c.least + c.rng.Uint64N(c.most-c.least+1) }}
)

func eitherEnd(c choice, ahead bool) uint64 {
	if ahead {
		return c.most
	}
	return c.least
}

// A Tactic is what an adversary does with the blocks that it finds.
type Tactic struct {
	Name  string
	hold  time.Duration // blocks are kept back that long after the first
	after func(a *adversary)
	alone bool // merges no tips beside the sink
	race  bool // gives its branch away when the others catch up
}

// The tactics, the honest one first.
var (
	// Publish keeps nothing back.
	Publish = Tactic{Name: "publish"}
	// Alone leaves the tips of the others unmerged.
	Alone = Tactic{Name: "tips unmerged", alone: true}
	// Late keeps a branch back and gives it away after half a minute.
	Late = Tactic{Name: "30 s late", hold: 30 * time.Second, after: (*adversary).release}
	// VeryLate waits until most of the branch is out of window.
	VeryLate = Tactic{Name: "900 s late", hold: 900 * time.Second, after: (*adversary).release}
	// OwnReds keeps a branch back until most of it must be red, and merges it itself.
	OwnReds = Tactic{Name: "own reds merged", hold: 60 * time.Second, after: (*adversary).gather}
	// Selfish keeps a branch back while it leads: selfish mining (Eyal, Sirer 2014).
	Selfish = Tactic{Name: "selfish", hold: 1000 * time.Hour, after: (*adversary).release, race: true}
)

// An adversary is the last of the miners. Its view holds what is public.
type adversary struct {
	*simulation
	Tactic
	Stamp
	found     int
	branch    []*block // kept back, each on the one before
	gathering bool     // its next block merges the branch
}

func (a *adversary) view() *view { return &a.views[rival] }

// base returns the block that the adversary mines on.
func (a *adversary) base() *block {
	sink := a.view().sink
	if len(a.branch) == 0 {
		return sink
	}
	top := a.branch[len(a.branch)-1]
	if a.gathering && compare(top, sink) < 0 {
		return sink
	}
	return top
}

// template returns what the adversary mines next.
func (a *adversary) template() template {
	switch {
	case a.gathering:
		return a.templateOn(append(slices.Clone(a.view().tips), a.branch[len(a.branch)-1]))
	case a.alone || len(a.branch) > 0:
		return a.templateOn([]*block{a.base()})
	}
	return a.templateOn(a.view().tips)
}

// stamp returns the timestamp of the next block.
func (a *adversary) stamp(median uint64) uint64 {
	a.found++
	least := median + 1
	return a.choose(choice{
		least: least,
		most:  max(least, a.clock()+a.graph.params.FutureAllowance),
		now:   a.clock(),
		nth:   a.found - 1,
		rng:   a.rng,
	})
}

// keep decides what happens to a block that was just found.
func (a *adversary) keep(b *block) {
	if a.hold == 0 {
		a.publish(b)
		return
	}
	a.branch = append(a.branch, b)
	switch {
	case a.gathering:
		a.release()
	case len(a.branch) == 1:
		a.at(a.now+float64(a.hold.Milliseconds()), func() { a.deadline(b) })
	}
}

// deadline ends the wait that began with a block, unless its branch is public
// already.
func (a *adversary) deadline(first *block) {
	if len(a.branch) > 0 && a.branch[0] == first {
		a.after(a)
	}
}

// heard reacts to a block of somebody else.
func (a *adversary) heard() {
	if !a.race || len(a.branch) == 0 {
		return
	}
	top, sink := a.branch[len(a.branch)-1], a.view().sink
	if sink.data.BlueWork.SaturatingAdd(sink.work).Cmp(top.data.BlueWork) >= 0 {
		a.release()
	}
}

// gather begins to mine the block that merges the branch.
func (a *adversary) gather() {
	a.gathering = true
	a.stale(rival)
}

// release gives the branch away.
func (a *adversary) release() {
	branch := a.branch
	a.branch, a.gathering = nil, false
	for _, b := range branch {
		a.publish(b)
	}
	a.stale(rival)
}
