package wire

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

// MaxBlockTransactions is the most transactions of a CompactBlock.
const MaxBlockTransactions = 1 << 16

// ShortIDDomain keys the short ids of a CompactBlock.
var ShortIDDomain = types.NewDomain("JioShortID")

// shortIDSize makes a collision within a block of thousands out of a pool of
// a million a matter of one block in tens of thousands.
const shortIDSize = 6

// A ShortID stands for a transaction in one block: the first six bytes of
// H(JioShortID, block hash ‖ transaction hash). The block hash is the key, so
// nobody can prepare transactions that collide (after BIP-152).
type ShortID [shortIDSize]byte

// NewShortID returns the short id of a transaction in a block; tx is the
// transaction's hash, unlocks included.
func NewShortID(block, tx types.Hash) (s ShortID) {
	var data [2 * types.HashSize]byte
	copy(data[:], block[:])
	copy(data[types.HashSize:], tx[:])
	sum := ShortIDDomain.Sum(data[:])
	copy(s[:], sum[:])
	return s
}

// A Prefilled is a transaction that comes with its CompactBlock.
type Prefilled struct {
	Position    uint32 // in the block
	Transaction types.Transaction
}

// A CompactBlock announces a block: its header, the transactions that others
// cannot have yet, and short ids for the rest.
type CompactBlock struct {
	Header    types.Header
	Prefilled []Prefilled // by ascending position; the coinbase is among them
	ShortIDs  []ShortID   // of the other transactions, in their order
}

// NewCompactBlock returns the announcement of a block that carries the coinbase
// and the transactions that fresh selects by position; nil selects none.
func NewCompactBlock(b *types.Block, fresh func(position int) bool) *CompactBlock {
	c := &CompactBlock{Header: b.Header}
	hash := b.Hash()
	for i := range b.Transactions {
		if i == 0 || fresh != nil && fresh(i) {
			c.Prefilled = append(c.Prefilled, Prefilled{uint32(i), b.Transactions[i]})
		} else {
			c.ShortIDs = append(c.ShortIDs, NewShortID(hash, b.Transactions[i].Hash()))
		}
	}
	return c
}

// Assemble returns the body with the transactions that find knows by their short
// id (nil for an unknown one), and the positions of those it lacks.
func (c *CompactBlock) Assemble(find func(ShortID) *types.Transaction) (body []types.Transaction, missing []uint32) {
	body = make([]types.Transaction, len(c.Prefilled)+len(c.ShortIDs))
	prefilled, short := c.Prefilled, c.ShortIDs
	for i := range body {
		if len(prefilled) > 0 && int(prefilled[0].Position) == i {
			body[i], prefilled = prefilled[0].Transaction, prefilled[1:]
			continue
		}
		if tx := find(short[0]); tx != nil {
			body[i] = *tx
		} else {
			missing = append(missing, uint32(i))
		}
		short = short[1:]
	}
	return body, missing
}

// Kind implements Message.
func (*CompactBlock) Kind() Kind { return KindCompactBlock }

// EncodeTo implements types.EncoderTo.
func (c *CompactBlock) EncodeTo(e *types.Encoder) {
	c.Header.EncodeTo(e)
	encodeList(e, c.Prefilled, func(p *Prefilled, e *types.Encoder) {
		e.Uint32(p.Position)
		p.Transaction.EncodeTo(e)
	})
	encodeList(e, c.ShortIDs, func(s *ShortID, e *types.Encoder) { e.Write(s[:]) })
}

// DecodeFrom implements types.DecoderFrom.
func (c *CompactBlock) DecodeFrom(d *types.Decoder) {
	c.Header.DecodeFrom(d)
	c.Prefilled = decodeList(d, bound{"transactions", MaxBlockTransactions, 4 + minTransactionSize}, func(p *Prefilled, d *types.Decoder) {
		p.Position = d.Uint32()
		p.Transaction.DecodeFrom(d)
	})
	c.ShortIDs = decodeList(d, bound{"short ids", MaxBlockTransactions, shortIDSize}, func(s *ShortID, d *types.Decoder) { d.Read(s[:]) })
	positions := make([]uint32, len(c.Prefilled))
	for i := range c.Prefilled {
		positions[i] = c.Prefilled[i].Position
	}
	total := len(c.Prefilled) + len(c.ShortIDs)
	within(d, "transactions", total, MaxBlockTransactions)
	ascending(d, positions, total)
	if d.Err() == nil && (total == 0 || len(positions) == 0 || positions[0] != 0) {
		d.Fail(fmt.Errorf("%w: the coinbase is missing", ErrNotCanonical))
	}
}

// A CompactRequest asks for transactions of an announced block by position.
type CompactRequest struct {
	Block     types.Hash
	Positions []uint32 // ascending
}

// Kind implements Message.
func (*CompactRequest) Kind() Kind { return KindCompactRequest }

// EncodeTo implements types.EncoderTo.
func (m *CompactRequest) EncodeTo(e *types.Encoder) {
	m.Block.EncodeTo(e)
	encodeList(e, m.Positions, func(p *uint32, e *types.Encoder) { e.Uint32(*p) })
}

// DecodeFrom implements types.DecoderFrom.
func (m *CompactRequest) DecodeFrom(d *types.Decoder) {
	m.Block.DecodeFrom(d)
	m.Positions = decodeList(d, bound{"positions", MaxBlockTransactions, 4}, func(p *uint32, d *types.Decoder) { *p = d.Uint32() })
	ascending(d, m.Positions, MaxBlockTransactions)
}

// A CompactAnswer holds the transactions of a CompactRequest, all and in order,
// or none when the answerer does not have the block.
type CompactAnswer struct{ Transactions []types.Transaction }

// Kind implements Message.
func (*CompactAnswer) Kind() Kind { return KindCompactAnswer }

// EncodeTo implements types.EncoderTo.
func (m *CompactAnswer) EncodeTo(e *types.Encoder) { types.EncodeTransactions(e, m.Transactions) }

// DecodeFrom implements types.DecoderFrom.
func (m *CompactAnswer) DecodeFrom(d *types.Decoder) {
	m.Transactions = decodeTransactions(d, MaxBlockTransactions)
}
