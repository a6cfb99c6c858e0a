package rules_test

import (
	"bytes"
	"testing"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

func miner(n byte) types.Address { return types.Address{Hash: types.Hash{n}} }

func payload(n byte, subsidy uint64) rules.CoinbasePayload {
	return rules.CoinbasePayload{BlueScore: uint64(n), Subsidy: types.Jots(subsidy), Miner: miner(n)}
}

func TestCoinbase(t *testing.T) {
	blue := func(n byte, subsidy, fees uint64) rules.Payout {
		return rules.Payout{InWindow: true, Payload: payload(n, subsidy), Fees: types.Jots(fees)}
	}
	late := func(n byte, subsidy, fees uint64) rules.Payout {
		return rules.Payout{Payload: payload(n, subsidy), Fees: types.Jots(fees)}
	}
	out := func(n byte, value uint64) types.Output {
		return types.Output{Value: types.Jots(value), Address: miner(n)}
	}
	tests := []struct {
		name  string
		blues []rules.Payout
		other uint64
		want  []types.Output
	}{
		{"genesis alone pays nothing", []rules.Payout{late(1, 0, 0)}, 0, nil},
		{"subsidy", []rules.Payout{blue(1, 50, 0)}, 0, []types.Output{out(1, 50)}},
		{"subsidy and fees", []rules.Payout{blue(1, 50, 7)}, 0, []types.Output{out(1, 57)}},
		{"after the end of emission", []rules.Payout{blue(1, 0, 7), blue(2, 0, 0)}, 0, []types.Output{out(1, 7)}},
		{"blue order", []rules.Payout{blue(3, 50, 1), blue(1, 49, 2), blue(2, 48, 0)}, 0, []types.Output{out(3, 51), out(1, 51), out(2, 48)}},
		{"equal addresses stay apart", []rules.Payout{blue(1, 50, 0), blue(1, 50, 0)}, 0, []types.Output{out(1, 50), out(1, 50)}},
		{"fees of reds", []rules.Payout{blue(1, 50, 0)}, 9, []types.Output{out(1, 50), out(9, 9)}},
		{"fees of blues out of window", []rules.Payout{blue(1, 50, 3), late(2, 50, 4), blue(3, 50, 5)}, 0, []types.Output{out(1, 53), out(3, 55), out(9, 4)}},
		{"fees of both", []rules.Payout{late(1, 50, 3), late(2, 50, 4)}, 5, []types.Output{out(9, 12)}},
	}
	own := rules.CoinbasePayload{BlueScore: 77, Subsidy: types.Jots(50), Miner: miner(9), Extra: []byte("x")}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := types.Transaction{
				Version:      1,
				SubnetworkID: types.SubnetworkID{1},
				Payload:      types.Encode(&own),
				Outputs:      test.want,
			}
			got := rules.Coinbase(own, test.blues, types.Jots(test.other))
			if !bytes.Equal(types.Encode(&got), types.Encode(&want)) {
				t.Fatalf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestCoinbaseBeyondAllCoinsPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Fatal("a sum beyond 64 bits was paid")
		}
	}()
	blue := rules.Payout{InWindow: true, Payload: payload(1, ^uint64(0)), Fees: types.Jots(1)}
	rules.Coinbase(payload(2, 0), []rules.Payout{blue}, types.Amount{})
}

// The payload byte by byte, as another implementation would write it.
func TestCoinbasePayloadBytes(t *testing.T) {
	p := rules.CoinbasePayload{BlueScore: 0x0102, Subsidy: types.Jots(0x0304), Miner: miner(5), Extra: []byte("devnet")}
	want := []byte{2, 1, 0, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0, 0, 0, 0, 5}
	want = append(append(want, make([]byte, 31)...), "devnet"...)
	if got := types.Encode(&p); !bytes.Equal(got, want) {
		t.Fatalf("got %x, want %x", got, want)
	}
}

// Coinbases of one chain differ in blue score, hence in ID, even where all else
// is equal: no outpoint is ever created twice.
func TestCoinbaseIDsDiffer(t *testing.T) {
	a := rules.Coinbase(rules.CoinbasePayload{BlueScore: 1}, nil, types.Jots(5))
	b := rules.Coinbase(rules.CoinbasePayload{BlueScore: 2}, nil, types.Jots(5))
	if a.ID() == b.ID() {
		t.Fatal("coinbases of different blue scores share an ID")
	}
}

func FuzzCoinbasePayload(f *testing.F) {
	own := payload(1, 50)
	f.Add(types.Encode(&own))
	f.Add(make([]byte, 113))
	f.Add(make([]byte, 114))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p rules.CoinbasePayload
		err := types.Decode(data, &p)
		if (err == nil) != (len(data) >= 49 && len(data) <= 113) {
			t.Fatalf("%d bytes: %v", len(data), err)
		}
		if err == nil && !bytes.Equal(types.Encode(&p), data) {
			t.Fatalf("%x is written as %x", data, types.Encode(&p))
		}
	})
}
