package wire

import "github.com/jio-dag/jio/chain/types"

const (
	// MaxBlocks is the most blocks that may be asked for at once.
	MaxBlocks = 1024
	// MaxBlocksBytes is the most bytes of an answer.
	MaxBlocksBytes = 8 << 20
)

// minBlockSize is the encoding of a block without parents and transactions.
var minBlockSize = types.EncodedLen(new(types.Block))

// A BlocksRequest asks for whole blocks.
type BlocksRequest struct{ Hashes []types.Hash }

// Kind implements Message.
func (*BlocksRequest) Kind() Kind { return KindBlocksRequest }

// EncodeTo implements types.EncoderTo.
func (m *BlocksRequest) EncodeTo(e *types.Encoder) { e.Hashes(m.Hashes) }

// DecodeFrom implements types.DecoderFrom.
func (m *BlocksRequest) DecodeFrom(d *types.Decoder) {
	m.Hashes = d.Hashes()
	within(d, "hashes", len(m.Hashes), MaxBlocks)
}

// Blocks answers a BlocksRequest: some of the blocks asked for, in the order
// they were asked for. What the answerer does not have, and what does not fit,
// is left out.
type Blocks struct{ Blocks []types.Block }

// Kind implements Message.
func (*Blocks) Kind() Kind { return KindBlocks }

// EncodeTo implements types.EncoderTo.
func (m *Blocks) EncodeTo(e *types.Encoder) { encodeList(e, m.Blocks, (*types.Block).EncodeTo) }

// DecodeFrom implements types.DecoderFrom.
func (m *Blocks) DecodeFrom(d *types.Decoder) {
	m.Blocks = decodeList(d, bound{"blocks", MaxBlocks, minBlockSize}, (*types.Block).DecodeFrom)
}
