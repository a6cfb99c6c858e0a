package types

// A Header commits to a block's place in the DAG, to its transactions and to
// the state before them. The field order is the order of its encoding.
type Header struct {
	Version        uint32
	Parents        []Hash // the selected parent, then the others in ascending order
	MerkleRoot     Hash   // over the transaction hashes, coinbase first
	AcceptedRoot   Hash   // the whole order of accepted transactions up to this block
	UTXOCommitment Hash   // of the state after this block
	Timestamp      uint64 // milliseconds since 1970-01-01 UTC
	Bits           uint32 // the target in compact form
	Nonce          uint64
	DAAScore       uint64 // the clock of difficulty and emission
	BlueWork       Uint256
	BlueScore      uint64
	PruningPoint   Hash
	HistoryRoot    Hash // the selected chain below this block
	StateRoot      Hash // zero in version 1, kept for contracts
	FinalityRef    Hash // zero in version 1, kept for stake finality
}

// EncodeTo appends the header, which is also what its hash is taken over.
func (h *Header) EncodeTo(e *Encoder) { h.encodeSealed(e, h.Timestamp, h.Nonce) }

// encodeSealed appends the header with the two fields a miner varies given
// apart.
func (h *Header) encodeSealed(e *Encoder, timestamp, nonce uint64) {
	e.Uint32(h.Version)
	e.Hashes(h.Parents)
	h.MerkleRoot.EncodeTo(e)
	h.AcceptedRoot.EncodeTo(e)
	h.UTXOCommitment.EncodeTo(e)
	e.Uint64(timestamp)
	e.Uint32(h.Bits)
	e.Uint64(nonce)
	e.Uint64(h.DAAScore)
	h.BlueWork.EncodeTo(e)
	e.Uint64(h.BlueScore)
	h.PruningPoint.EncodeTo(e)
	h.HistoryRoot.EncodeTo(e)
	h.StateRoot.EncodeTo(e)
	h.FinalityRef.EncodeTo(e)
}

// DecodeFrom reads a header.
func (h *Header) DecodeFrom(d *Decoder) {
	h.Version = d.Uint32()
	h.Parents = d.Hashes()
	h.MerkleRoot.DecodeFrom(d)
	h.AcceptedRoot.DecodeFrom(d)
	h.UTXOCommitment.DecodeFrom(d)
	h.Timestamp = d.Uint64()
	h.Bits = d.Uint32()
	h.Nonce = d.Uint64()
	h.DAAScore = d.Uint64()
	h.BlueWork.DecodeFrom(d)
	h.BlueScore = d.Uint64()
	h.PruningPoint.DecodeFrom(d)
	h.HistoryRoot.DecodeFrom(d)
	h.StateRoot.DecodeFrom(d)
	h.FinalityRef.DecodeFrom(d)
}

// Hash returns the block hash. It is computed anew on each call.
func (h *Header) Hash() Hash { return h.sealedHash(h.Timestamp, h.Nonce) }

// PrePoWHash returns the hash of the header with timestamp and nonce zero: the
// seed of the kHeavyHash matrix and the message of proof of work.
func (h *Header) PrePoWHash() Hash { return h.sealedHash(0, 0) }

func (h *Header) sealedHash(timestamp, nonce uint64) Hash {
	e := getEncoder()
	defer putEncoder(e)
	h.encodeSealed(e, timestamp, nonce)
	return BlockHashDomain.Sum(e.buf)
}

// SelectedParent returns parents[0], the zero Hash for genesis.
func (h *Header) SelectedParent() Hash {
	if len(h.Parents) == 0 {
		return Hash{}
	}
	return h.Parents[0]
}

// A Block is a header and the transactions it commits to, coinbase first.
type Block struct {
	Header       Header
	Transactions []Transaction
}

// Hash returns the hash of the block's header.
func (b *Block) Hash() Hash { return b.Header.Hash() }

// EncodeTo appends the header, then the list of transactions.
func (b *Block) EncodeTo(e *Encoder) {
	b.Header.EncodeTo(e)
	EncodeTransactions(e, b.Transactions)
}

// DecodeFrom reads a block.
func (b *Block) DecodeFrom(d *Decoder) {
	b.Header.DecodeFrom(d)
	b.Transactions = DecodeTransactions(d)
}

// EncodeTransactions appends a counted list: the body of a block.
func EncodeTransactions(e *Encoder, txs []Transaction) {
	e.Count(len(txs))
	for i := range txs {
		txs[i].EncodeTo(e)
	}
}

// DecodeTransactions reads what EncodeTransactions wrote; it is nil when empty.
func DecodeTransactions(d *Decoder) []Transaction {
	return decodeList(d, minTransactionSize, func(tx *Transaction) { tx.DecodeFrom(d) })
}

// MerkleRootOf returns the root a header must carry for these transactions.
func MerkleRootOf(txs []Transaction) Hash {
	leaves := make([]Hash, len(txs))
	for i := range txs {
		leaves[i] = txs[i].Hash()
	}
	return MerkleRoot(leaves)
}
