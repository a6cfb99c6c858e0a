package index

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

// version is that of all records together. An index of another version is
// rebuilt.
const version = 1

// A place is where a transaction stands.
type place struct {
	height uint64 // of the chain block that merged its block
	block  uint16 // number of that block in the merge set, in consensus order
	tx     uint16 // number of the transaction in the block
}

// A state says how far the index came and counts what is in it.
type state struct {
	cursor   types.Hash // the last block indexed, zero before genesis
	height   uint64     // of the next
	accounts uint64     // numbered so far
	coins    uint64     // unspent
}

// An account is what the index knows of an address in sum.
type account struct {
	number  uint64
	coins   uint64 // unspent
	balance types.Amount
	events  uint64 // lines of its history

	dirty bool // differs from its record
}

// An event is one line of an account's history: what a transaction gave to its
// address and took from it.
type event struct {
	place
	received, sent types.Amount
}

func (s *state) encode() []byte {
	b := append(make([]byte, 0, 64), version)
	b = append(b, s.cursor[:]...)
	return appendVarints(b, s.height, s.accounts, s.coins)
}

// decodeState reads what encode wrote; of another version it reports that alone.
func decodeState(raw []byte) (s state, current bool, err error) {
	if len(raw) == 0 || raw[0] != version {
		return s, false, nil
	}
	if len(raw) < 1+types.HashSize {
		return s, true, errTooShort
	}
	s.cursor = types.Hash(raw[1 : 1+types.HashSize])
	err = readVarints(raw[1+types.HashSize:], &s.height, &s.accounts, &s.coins)
	return s, true, err
}

func (a *account) encode() []byte {
	return appendVarints(make([]byte, 0, 24), a.number, a.coins, a.balance.Jots(), a.events)
}

func decodeAccount(raw []byte) (a account, err error) {
	var balance uint64
	err = readVarints(raw, &a.number, &a.coins, &balance, &a.events)
	a.balance = types.Jots(balance)
	return a, err
}

func (v *event) encode() []byte {
	return appendVarints(make([]byte, 0, 24), v.height, uint64(v.block), uint64(v.tx), v.received.Jots(), v.sent.Jots())
}

func decodeEvent(raw []byte) (v event, err error) {
	var block, tx, received, sent uint64
	if err = readVarints(raw, &v.height, &block, &tx, &received, &sent); err != nil {
		return v, err
	}
	v.block, v.tx = uint16(block), uint16(tx)
	if uint64(v.block) != block || uint64(v.tx) != tx {
		return v, fmt.Errorf("block %d or transaction %d is out of range", block, tx)
	}
	v.received, v.sent = types.Jots(received), types.Jots(sent)
	return v, nil
}

// encodeCoin writes what the key and the account do not say of a coin.
func encodeCoin(c *types.Coin) []byte {
	var coinbase uint64
	if c.Coinbase {
		coinbase = 1
	}
	return appendVarints(make([]byte, 0, 16), c.Value.Jots(), c.BlueScore, coinbase)
}

func decodeCoin(raw []byte, address types.Address) (c types.Coin, err error) {
	var value, coinbase uint64
	if err = readVarints(raw, &value, &c.BlueScore, &coinbase); err != nil {
		return c, err
	}
	if coinbase > 1 {
		return c, fmt.Errorf("coinbase flag %d", coinbase)
	}
	c.Output = types.Output{Value: types.Jots(value), Address: address}
	c.Coinbase = coinbase == 1
	return c, nil
}

var (
	errTooShort   = errors.New("the record is too short")
	errTrailing   = errors.New("bytes follow the record")
	errNotMinimal = errors.New("a number is not written in its shortest form")
)

// appendVarints appends numbers as base-128 varints, seven bits a byte, the
// lowest first.
func appendVarints(b []byte, numbers ...uint64) []byte {
	for _, n := range numbers {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

// readVarints fills the numbers from just what appendVarints writes.
func readVarints(raw []byte, numbers ...*uint64) error {
	for _, n := range numbers {
		v, size := binary.Uvarint(raw)
		if size <= 0 {
			return errTooShort
		}
		if size > 1 && raw[size-1] == 0 {
			return errNotMinimal
		}
		*n, raw = v, raw[size:]
	}
	if len(raw) > 0 {
		return errTrailing
	}
	return nil
}
