package rules

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

const (
	// CoinbaseVersion is the version of every coinbase.
	CoinbaseVersion = 1
	// MaxCoinbaseExtra bounds the free bytes of a coinbase payload.
	MaxCoinbaseExtra = 64
)

// A CoinbasePayload is what a block says about itself to the blocks that merge
// it: they pay its subsidy and fees to its address.
type CoinbasePayload struct {
	BlueScore uint64 // of the block; makes the IDs of coinbases on one chain differ
	Subsidy   types.Amount
	Miner     types.Address
	Extra     []byte // free, at most MaxCoinbaseExtra bytes
}

// EncodeTo appends blue score, subsidy, address and, without a count, the extra.
func (c *CoinbasePayload) EncodeTo(e *types.Encoder) {
	e.Uint64(c.BlueScore)
	c.Subsidy.EncodeTo(e)
	c.Miner.EncodeTo(e)
	e.Write(c.Extra)
}

// DecodeFrom reads a payload; all that follows the address is the extra.
func (c *CoinbasePayload) DecodeFrom(d *types.Decoder) {
	c.BlueScore = d.Uint64()
	c.Subsidy.DecodeFrom(d)
	c.Miner.DecodeFrom(d)
	c.Extra = nil
	if n := d.Remaining(); n > MaxCoinbaseExtra {
		d.Fail(fmt.Errorf("%d extra bytes: at most %d are allowed", n, MaxCoinbaseExtra))
	} else if n > 0 {
		c.Extra = make([]byte, n)
		d.Read(c.Extra)
	}
}

// PayloadOf returns the payload of a coinbase, or ErrCoinbasePayload.
func PayloadOf(coinbase *types.Transaction) (payload CoinbasePayload, err error) {
	if err := types.Decode(coinbase.Payload, &payload); err != nil {
		return CoinbasePayload{}, broken(ErrCoinbasePayload, "coinbase payload of %d bytes: %v", len(coinbase.Payload), err)
	}
	return payload, nil
}

// A Payout is what a merge-set blue has earned. Genesis is never in window.
type Payout struct {
	InWindow bool            // by InWindow: recent enough to earn its subsidy
	Payload  CoinbasePayload // the blue's own
	Fees     types.Amount    // of its transactions that the paying block accepts
}

// Coinbase returns the coinbase of a block with a given payload of its own. Its
// outputs pay each in-window merge-set blue, in the order of blues, and last to
// the block itself the fees of all the others: the blues out of window, and
// the reds, whose fees are otherFees and whose subsidy is never issued. Nothing
// due makes no output.
func Coinbase(own CoinbasePayload, blues []Payout, otherFees types.Amount) types.Transaction {
	tx := types.Transaction{
		Version:      CoinbaseVersion,
		SubnetworkID: types.CoinbaseSubnetwork,
		Payload:      types.Encode(&own),
	}
	for _, blue := range blues {
		if !blue.InWindow {
			otherFees = plus(otherFees, blue.Fees)
			continue
		}
		pay(&tx, plus(blue.Payload.Subsidy, blue.Fees), blue.Payload.Miner)
	}
	pay(&tx, otherFees, own.Miner)
	return tx
}

func pay(tx *types.Transaction, value types.Amount, to types.Address) {
	if !value.IsZero() {
		tx.Outputs = append(tx.Outputs, types.Output{Value: value, Address: to})
	}
}

// plus adds amounts that come from coins in existence and one subsidy: their
// sum cannot leave 64 bits, since the total supply does not.
func plus(a, b types.Amount) types.Amount {
	sum, ok := a.Add(b)
	if !ok {
		panic(fmt.Sprintf("rules: a coinbase pays %v and %v JIO, more than all coins", a, b))
	}
	return sum
}

// coinbaseForm judges a coinbase by itself. What it pays belongs to Qualifies.
func coinbaseForm(tx *types.Transaction) error {
	if tx.Version != CoinbaseVersion {
		return broken(ErrCoinbaseVersion, "coinbase version %d: want %d", tx.Version, CoinbaseVersion)
	}
	if len(tx.Inputs) != 0 {
		return broken(ErrCoinbaseInputs, "coinbase with %d inputs", len(tx.Inputs))
	}
	if tx.LockTime != 0 {
		return broken(ErrCoinbaseLockTime, "coinbase lock time %d: want 0", tx.LockTime)
	}
	if tx.Gas != 0 {
		return broken(ErrCoinbaseGas, "coinbase gas %d: want 0", tx.Gas)
	}
	if tx.Mass != 0 {
		return broken(ErrCoinbaseMass, "coinbase mass %d: want 0", tx.Mass)
	}
	payload, err := PayloadOf(tx)
	if err != nil {
		return err
	}
	if payload.Miner.Version != 0 {
		return broken(ErrCoinbaseAddress, "coinbase payload address version %d is reserved", payload.Miner.Version)
	}
	return nil
}
