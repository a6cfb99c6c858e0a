package chain

import "container/heap"

// A candidateHeap yields blocks in descending consensus order, each once. What is
// added after a block was taken comes after it in that order.
type candidateHeap struct {
	blocks []*block
	last   *block // that was taken
}

// add puts a block in, as often as one likes.
func (h *candidateHeap) add(b *block) { heap.Push(h, b) }

// next takes the greatest block out, nil when there is none. Of one that is in
// several times the others follow at once.
func (h *candidateHeap) next() *block {
	for len(h.blocks) > 0 {
		if b := heap.Pop(h).(*block); b != h.last {
			h.last = b
			return b
		}
	}
	return nil
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
