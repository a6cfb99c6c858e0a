//go:build !purego

package utxo

import "golang.org/x/sys/cpu"

// A program in a module of its own writes the assembly.
//
//go:generate go run -C ../.asm ./utxo -out ../utxo/expand_amd64.s

// expandAVX512 adds to sum what the root of a chunk expands to: word w of block
// 16h+b is sum[h][w][b], two lanes.
//
//go:noescape
func expandAVX512(sum *[2][16][16]uint32, block *[16]uint32, cv *[8]uint32, length, flags uint32)

// sum returns the lane-wise sum of what entries expand to.
func (x expander) sum(entries []Entry) LtHash {
	if !cpu.X86.HasAVX512F || !cpu.X86.HasAVX512BW {
		return x.portableSum(entries)
	}
	var blocks [2][16][16]uint32
	for i := range entries {
		root := x.root(&entries[i])
		expandAVX512(&blocks, &root.Block, &root.CV, root.BlockLen, root.Flags)
	}
	var sum LtHash
	for w := range sum.words {
		half, block, low := w/128, w/8%16, w%8*2
		sum.words[w] = uint64(blocks[half][low][block]) | uint64(blocks[half][low+1][block])<<32
	}
	return sum
}
