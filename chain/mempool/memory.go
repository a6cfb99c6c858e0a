package mempool

import (
	"unsafe"

	"github.com/jio-dag/jio/chain/types"
)

// What an entry takes in memory beside the lists that hang on it, in bytes: the
// Entry, its Transaction, and its places in the maps, whose slots are two thirds
// full on average. An input may be a link to a parent and back.
const (
	entryMemory  = int(unsafe.Sizeof(Entry{})+unsafe.Sizeof(types.Transaction{})) + (types.HashSize+8+1)*3/2
	inputMemory  = int(unsafe.Sizeof(types.Input{})+unsafe.Sizeof(types.Coin{})) + (types.HashSize+8+8+1)*3/2 + 4*8
	outputMemory = int(unsafe.Sizeof(types.Output{}))
	policyMemory = int(unsafe.Sizeof(types.Policy{}))
)

// memoryOf returns about how many bytes of memory a transaction in the pool
// takes with all that the pool keeps for it. The memory allocator rounds up, an
// eighth at most on average.
func memoryOf(tx *types.Transaction) int {
	n := entryMemory + len(tx.Inputs)*inputMemory + len(tx.Outputs)*outputMemory + len(tx.Payload)
	for i := range tx.Inputs {
		u := &tx.Inputs[i].Unlock
		n += len(u.Signatures)*types.SignatureSize + len(u.Preimages)*len(types.Preimage{}) + childrenMemory(&u.Policy)
	}
	return n + n/8
}

func childrenMemory(p *types.Policy) int {
	n := len(p.Children) * policyMemory
	for i := range p.Children {
		n += childrenMemory(&p.Children[i])
	}
	return n
}
