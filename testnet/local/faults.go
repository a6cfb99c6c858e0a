package local

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// parseSides reads a partition, such as "0,1|2,3,4": the side of each of n nodes.
// Who is not named forms a side with all others that are not.
func parseSides(text string, n int) ([]int, error) {
	sides := make([]int, n)
	seen := make([]bool, n)
	for side, list := range strings.Split(text, "|") {
		for _, item := range strings.Split(list, ",") {
			i, err := strconv.Atoi(strings.TrimSpace(item))
			if err != nil || i < 0 || i >= n {
				return nil, fmt.Errorf("partition %q: %q is not a node from 0 to %d", text, item, n-1)
			}
			if seen[i] {
				return nil, fmt.Errorf("partition %q: node %d stands on two sides", text, i)
			}
			sides[i], seen[i] = side+1, true
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(sides)))) < 2 {
		return nil, fmt.Errorf("partition %q: all nodes stand on one side", text)
	}
	return sides, nil
}

// partition shuts every relay between two sides.
func (n *Net) partition(text string) error {
	sides, err := parseSides(text, len(n.nodes))
	if err != nil {
		return err
	}
	n.mu.Lock()
	n.sides = sides
	n.mu.Unlock()
	n.applyFaults()
	return nil
}

// heal opens every relay, and what was withheld is released.
func (n *Net) heal() {
	n.mu.Lock()
	n.sides = make([]int, len(n.nodes))
	for i := range n.withheld {
		n.release(i)
	}
	n.mu.Unlock()
	n.applyFaults()
}

// withhold cuts a miner off for a while, so that it builds a branch of its own
// that the others see only then.
func (n *Net) withhold(i int, d time.Duration) (time.Duration, error) {
	if d == 0 {
		d = n.opts.redDelay()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case i < 0 || i >= n.opts.Miners:
		return 0, fmt.Errorf("node %d is no miner: want 0 to %d", i, n.opts.Miners-1)
	case n.withheld[i]:
		return 0, fmt.Errorf("node %d withholds its blocks already", i)
	case d <= 0:
		return 0, fmt.Errorf("say for how long")
	}
	n.withheld[i] = true
	b := &branch{node: i}
	n.branches = append(n.branches, b)
	n.running.Go(func() { n.releaseAfter(b, d) })
	n.running.Go(n.applyFaults)
	return d, nil
}

func (n *Net) releaseAfter(b *branch, d time.Duration) {
	select {
	case <-n.ctx.Done():
		return
	case <-time.After(d):
	}
	n.mu.Lock()
	if !b.ended {
		n.release(b.node)
	}
	n.mu.Unlock()
	n.applyFaults()
}

// release ends the branch of a node. Its miner rests until the node has caught up:
// a block on half of what the others made could win over the other half. It
// assumes the lock.
func (n *Net) release(i int) {
	n.resting[i] = n.resting[i] || n.withheld[i]
	n.withheld[i] = false
	for _, b := range n.branches {
		b.ended = b.ended || b.node == i
	}
}

// applyFaults shuts and opens relays as they should be, and lets the nodes meet
// through those that are open again.
func (n *Net) applyFaults() {
	if n.turnRelays() {
		n.meet()
	}
}

// turnRelays reports whether a relay was opened.
func (n *Net) turnRelays() (opened bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	shut := false
	for _, r := range n.relays {
		apart := n.sides[r.from] != n.sides[r.to] || n.withheld[r.from] || n.withheld[r.to]
		if r.isShut() != apart {
			r.set(apart)
			opened, shut = opened || !apart, shut || apart
		}
	}
	if opened || shut {
		n.spread.broke()
		n.healed = time.Time{}
	}
	if opened {
		n.healed = time.Now()
	}
	return opened
}

// kill ends a node as a power loss would.
func (n *Net) kill(i int) error {
	if err := n.named(i); err != nil {
		return err
	}
	n.spread.broke()
	return n.nodes[i].kill()
}

func (n *Net) named(i int) error {
	if i < 0 || i >= len(n.nodes) {
		return fmt.Errorf("there is no node %d: want 0 to %d", i, len(n.nodes)-1)
	}
	return nil
}
