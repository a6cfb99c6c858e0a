package types

// SubnetworkID says what a transaction's payload is for: zero is native, 01 00…
// is the coinbase.
type SubnetworkID [20]byte

// The subnetworks of version 1.
var (
	NativeSubnetwork   = SubnetworkID{}
	CoinbaseSubnetwork = SubnetworkID{1}
)

// An Outpoint names an output: the transaction that made it and its position.
type Outpoint struct {
	TxID  Hash
	Index uint32
}

// An Input spends the coin at an outpoint.
type Input struct {
	Outpoint Outpoint
	Sequence uint64 // a relative lock in blue score, unless bit 63 is set
	Unlock   Unlock
}

// An Output is a new coin.
type Output struct {
	Value   Amount
	Address Address
}

// A Transaction moves coins from inputs to outputs. A coinbase has no inputs
// and carries its data in the payload.
type Transaction struct {
	Version      uint16
	Inputs       []Input
	Outputs      []Output
	LockTime     uint64 // 0, a blue score, or milliseconds; see LockTimeThreshold
	SubnetworkID SubnetworkID
	Gas          uint64
	Payload      []byte
	Mass         uint64 // the declared storage weight
}

// Encoded sizes, for bounding lists before they are allocated.
const (
	outpointSize       = HashSize + 4
	minInputSize       = outpointSize + 8 + minUnlockSize
	outputSize         = 8 + AddressSize
	minTransactionSize = 2 + 4 + 4 + 8 + 20 + 8 + 4 + 8
)

// IsCoinbase reports whether the transaction is in the coinbase subnetwork.
func (tx *Transaction) IsCoinbase() bool { return tx.SubnetworkID == CoinbaseSubnetwork }

// ID returns H(JioTransactionID, …) over the transaction without its unlocks
// and with its payload replaced by that payload's hash. It names the outputs;
// nobody can change it by touching a signature.
func (tx *Transaction) ID() Hash {
	e := getEncoder()
	defer putEncoder(e)
	e.Uint16(tx.Version)
	e.Count(len(tx.Inputs))
	for i := range tx.Inputs {
		tx.Inputs[i].encodeWithoutUnlock(e)
	}
	tx.encodeOutputs(e)
	e.Uint64(tx.LockTime)
	e.Write(tx.SubnetworkID[:])
	e.Uint64(tx.Gas)
	tx.payloadHash().EncodeTo(e)
	e.Uint64(tx.Mass)
	return TransactionIDDomain.Sum(e.buf)
}

func (tx *Transaction) payloadHash() Hash {
	if len(tx.Payload) == 0 {
		return Hash{}
	}
	return PayloadDomain.Sum(tx.Payload)
}

// Hash returns H(JioTransactionHash, ID ‖ H(JioUnlocks, unlocks)), which
// commits to everything in the transaction, the payload by its hash.
func (tx *Transaction) Hash() Hash { return tx.Digest().Hash }

// A Digest is both names of a transaction, for where it passes through many
// hands.
type Digest struct{ ID, Hash Hash }

// Digest returns ID and Hash, for little more than the price of the latter.
func (tx *Transaction) Digest() Digest {
	e := getEncoder()
	defer putEncoder(e)
	id := tx.ID()
	id.EncodeTo(e)
	tx.unlocksHash().EncodeTo(e)
	return Digest{id, TransactionHashDomain.Sum(e.buf)}
}

// Digests returns those of some transactions in order.
func Digests(txs []Transaction) []Digest {
	digests := make([]Digest, len(txs))
	for i := range txs {
		digests[i] = txs[i].Digest()
	}
	return digests
}

func (tx *Transaction) unlocksHash() Hash {
	e := getEncoder()
	defer putEncoder(e)
	e.Count(len(tx.Inputs))
	for i := range tx.Inputs {
		tx.Inputs[i].Unlock.EncodeTo(e)
	}
	return UnlocksDomain.Sum(e.buf)
}

// SigningHash returns H(JioSigningHash, genesis ‖ ID ‖ every spent output), the
// one message that all signatures of the transaction sign. spent holds the
// output behind each input, in order.
func (tx *Transaction) SigningHash(genesis Hash, spent []Output) Hash {
	return SigningHash(genesis, tx.ID(), spent)
}

// SigningHash is Transaction.SigningHash of a transaction by its ID.
func SigningHash(genesis, id Hash, spent []Output) Hash {
	e := getEncoder()
	defer putEncoder(e)
	genesis.EncodeTo(e)
	id.EncodeTo(e)
	for i := range spent {
		spent[i].EncodeTo(e)
	}
	return SigningHashDomain.Sum(e.buf)
}

// EncodeTo appends the whole transaction.
func (tx *Transaction) EncodeTo(e *Encoder) {
	e.Uint16(tx.Version)
	e.Count(len(tx.Inputs))
	for i := range tx.Inputs {
		tx.Inputs[i].EncodeTo(e)
	}
	tx.encodeOutputs(e)
	e.Uint64(tx.LockTime)
	e.Write(tx.SubnetworkID[:])
	e.Uint64(tx.Gas)
	e.ByteString(tx.Payload)
	e.Uint64(tx.Mass)
}

func (tx *Transaction) encodeOutputs(e *Encoder) {
	e.Count(len(tx.Outputs))
	for i := range tx.Outputs {
		tx.Outputs[i].EncodeTo(e)
	}
}

// DecodeFrom reads a transaction.
func (tx *Transaction) DecodeFrom(d *Decoder) {
	tx.Version = d.Uint16()
	tx.Inputs = decodeList(d, minInputSize, func(in *Input) { in.DecodeFrom(d) })
	tx.Outputs = decodeList(d, outputSize, func(out *Output) { out.DecodeFrom(d) })
	tx.LockTime = d.Uint64()
	d.Read(tx.SubnetworkID[:])
	tx.Gas = d.Uint64()
	tx.Payload = d.ByteString()
	tx.Mass = d.Uint64()
}

// EncodeTo appends the transaction ID and the index.
func (o Outpoint) EncodeTo(e *Encoder) {
	o.TxID.EncodeTo(e)
	e.Uint32(o.Index)
}

// DecodeFrom reads an outpoint.
func (o *Outpoint) DecodeFrom(d *Decoder) {
	o.TxID.DecodeFrom(d)
	o.Index = d.Uint32()
}

// EncodeTo appends the input with its unlock.
func (in *Input) EncodeTo(e *Encoder) {
	in.encodeWithoutUnlock(e)
	in.Unlock.EncodeTo(e)
}

func (in *Input) encodeWithoutUnlock(e *Encoder) {
	in.Outpoint.EncodeTo(e)
	e.Uint64(in.Sequence)
}

// DecodeFrom reads an input.
func (in *Input) DecodeFrom(d *Decoder) {
	in.Outpoint.DecodeFrom(d)
	in.Sequence = d.Uint64()
	in.Unlock.DecodeFrom(d)
}

// EncodeTo appends the value and the address.
func (out Output) EncodeTo(e *Encoder) {
	out.Value.EncodeTo(e)
	out.Address.EncodeTo(e)
}

// DecodeFrom reads an output.
func (out *Output) DecodeFrom(d *Decoder) {
	out.Value.DecodeFrom(d)
	out.Address.DecodeFrom(d)
}
