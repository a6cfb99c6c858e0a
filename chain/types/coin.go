package types

// A Coin is an unspent output and how it came to be: a UTXO entry.
type Coin struct {
	Output
	BlueScore uint64 // of the chain block that accepted the transaction
	Coinbase  bool   // made by a coinbase, hence subject to maturity
}

// EncodeTo appends value, address, accepting blue score and the coinbase flag
// (0 or 1): the UTXO element without its outpoint.
func (c Coin) EncodeTo(e *Encoder) {
	c.Output.EncodeTo(e)
	e.Uint64(c.BlueScore)
	e.Bool(c.Coinbase)
}

// DecodeFrom reads a coin.
func (c *Coin) DecodeFrom(d *Decoder) {
	c.Output.DecodeFrom(d)
	c.BlueScore = d.Uint64()
	c.Coinbase = d.Bool()
}
