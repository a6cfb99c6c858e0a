package utxo

import (
	"encoding/binary"

	"github.com/jio-dag/jio/chain/types"
	"lukechampine.com/blake3/guts"
)

// elementKey is the domain of elements as a key of BLAKE3.
var elementKey = keyWords(types.UTXOElementDomain)

func keyWords(d *types.Domain) (words [8]uint32) {
	key := d.Key()
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	return words
}

// An expander turns entries into the lanes they add, reusing its memory.
type expander struct{ encoder *types.Encoder }

func newExpander() expander {
	return expander{types.NewEncoder(make([]byte, 0, entrySize))}
}

// root returns the root of BLAKE3's tree over an entry, which is a single chunk.
// Its outputs for the counters from 0 are what the entry expands to.
func (x expander) root(n *Entry) guts.Node {
	x.encoder.Reset()
	n.EncodeTo(x.encoder)
	root := guts.CompressChunk(x.encoder.Bytes(), &elementKey, 0, guts.FlagKeyedHash)
	root.Flags |= guts.FlagRoot
	return root
}

// portableSum returns the lane-wise sum of what entries expand to.
func (x expander) portableSum(entries []Entry) (sum LtHash) {
	const bytes = guts.MaxSIMD * guts.BlockSize
	var out [bytes]byte
	for i := range entries {
		root := x.root(&entries[i])
		for part := 0; part < ltHashSize/bytes; part++ {
			root.Counter = uint64(part * guts.MaxSIMD)
			guts.CompressBlocks(&out, root)
			for w := range bytes / 8 {
				word := &sum.words[part*bytes/8+w]
				*word = addLanes(*word, binary.LittleEndian.Uint64(out[8*w:]))
			}
		}
	}
	return sum
}
