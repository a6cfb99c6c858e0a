package wire

import "github.com/jio-dag/jio/chain/types"

const (
	// MaxTransactions is the most transactions that may be asked for at once.
	MaxTransactions = 1000
	// MaxTransactionsBytes is the most bytes of an answer.
	MaxTransactionsBytes = 8 << 20
)

// minTransactionSize is the encoding of a transaction without content.
var minTransactionSize = types.EncodedLen(new(types.Transaction))

// A Transaction is one transaction, as gossip carries it.
type Transaction struct{ Transaction types.Transaction }

// Kind implements Message.
func (*Transaction) Kind() Kind { return KindTransaction }

// EncodeTo implements types.EncoderTo.
func (m *Transaction) EncodeTo(e *types.Encoder) { m.Transaction.EncodeTo(e) }

// DecodeFrom implements types.DecoderFrom.
func (m *Transaction) DecodeFrom(d *types.Decoder) { m.Transaction.DecodeFrom(d) }

// A TransactionsRequest asks for unconfirmed transactions.
type TransactionsRequest struct{ IDs []types.Hash }

// Kind implements Message.
func (*TransactionsRequest) Kind() Kind { return KindTransactionsRequest }

// EncodeTo implements types.EncoderTo.
func (m *TransactionsRequest) EncodeTo(e *types.Encoder) { e.Hashes(m.IDs) }

// DecodeFrom implements types.DecoderFrom.
func (m *TransactionsRequest) DecodeFrom(d *types.Decoder) {
	m.IDs = d.Hashes()
	within(d, "transaction ids", len(m.IDs), MaxTransactions)
}

// Transactions answers a TransactionsRequest as Blocks answers a BlocksRequest.
type Transactions struct{ Transactions []types.Transaction }

// Kind implements Message.
func (*Transactions) Kind() Kind { return KindTransactions }

// EncodeTo implements types.EncoderTo.
func (m *Transactions) EncodeTo(e *types.Encoder) { types.EncodeTransactions(e, m.Transactions) }

// DecodeFrom implements types.DecoderFrom.
func (m *Transactions) DecodeFrom(d *types.Decoder) {
	m.Transactions = decodeTransactions(d, MaxTransactions)
}

func decodeTransactions(d *types.Decoder, most int) []types.Transaction {
	return decodeList(d, bound{"transactions", most, minTransactionSize}, (*types.Transaction).DecodeFrom)
}
