package chain

import (
	"container/heap"

	"github.com/jio-dag/jio/chain/types"
)

// A candidateHeap yields blocks in descending consensus order, each once.
type candidateHeap struct {
	blocks []*block
	seen   map[types.Hash]bool
}

func newCandidates() *candidateHeap { return &candidateHeap{seen: make(map[types.Hash]bool)} }

// add puts a block in unless it was in before.
func (h *candidateHeap) add(b *block) {
	if !h.seen[b.hash] {
		h.seen[b.hash] = true
		heap.Push(h, b)
	}
}

// next takes the greatest block out, nil when there is none.
func (h *candidateHeap) next() *block {
	if len(h.blocks) == 0 {
		return nil
	}
	return heap.Pop(h).(*block)
}

// Len implements heap.Interface.
func (h *candidateHeap) Len() int { return len(h.blocks) }

// Less implements heap.Interface: the greatest comes first.
func (h *candidateHeap) Less(i, j int) bool { return compareBlocks(h.blocks[i], h.blocks[j]) > 0 }

// Swap implements heap.Interface.
func (h *candidateHeap) Swap(i, j int) { h.blocks[i], h.blocks[j] = h.blocks[j], h.blocks[i] }

// Push implements heap.Interface.
func (h *candidateHeap) Push(v any) { h.blocks = append(h.blocks, v.(*block)) }

// Pop implements heap.Interface.
func (h *candidateHeap) Pop() any {
	last := h.blocks[len(h.blocks)-1]
	h.blocks = h.blocks[:len(h.blocks)-1]
	return last
}
