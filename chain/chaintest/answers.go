package chaintest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// pay makes a transaction over the oldest mature coin of a wallet after a block:
// `pay t1 after=C from=alice to=bob fee=0.001 lock=12 age=5
// locktime=10m`. The age is a relative lock, the lock time counts from genesis.
func (w *World) pay(c *command) (string, error) {
	from, to := w.builder.Wallet(c.args["from"]), w.builder.Wallet(c.args["to"])
	at := w.builder.Oracle.draft(w.builder.Hashes(c.args["after"]))
	coins := w.builder.Oracle.spendableBy(at, from)
	if len(coins) == 0 {
		return fmt.Sprintf("%s: %s has no mature coin\n", c.words[0], from.Name), nil
	}
	fee, err := types.ParseAmount(cmp.Or(c.args["fee"], "0"))
	if err != nil {
		return "", err
	}
	value, _ := coins[0].Coin.Value.Sub(fee)
	tx := types.Transaction{
		Version: 1,
		Inputs:  []types.Input{{Outpoint: coins[0].Outpoint, Sequence: 1 << 63}},
		Outputs: []types.Output{{Value: value, Address: to.Address}},
	}
	if tx.LockTime, err = number(c.args["lock"]); err != nil {
		return "", err
	}
	if at := c.args["locktime"]; at != "" {
		elapsed, err := duration(at)
		if err != nil {
			return "", err
		}
		tx.LockTime = w.builder.Params.Genesis.Header.Timestamp + elapsed
	}
	if age := c.args["age"]; age != "" {
		if tx.Inputs[0].Sequence, err = number(age); err != nil {
			return "", err
		}
	}
	if version := c.args["version"]; version != "" {
		v, err := number(version)
		if err != nil {
			return "", err
		}
		tx.Version = uint16(v)
	}
	from.Sign(w.builder.Params, &tx, coins[0])
	w.txs[c.words[0]] = tx
	return "", nil
}

func number(s string) (uint64, error) {
	if s == "" {
		return 0, nil
	}
	return strconv.ParseUint(s, 10, 64)
}

// show says where blocks stand now and what became of them: `show A B`.
func (w *World) show(c *command) (string, error) {
	var out strings.Builder
	for _, name := range c.words {
		h := w.builder.Hash(name)
		fate, err := w.manager.Fate(h)
		if err != nil {
			out.WriteString(w.describe(h))
			continue
		}
		out.WriteString(strings.TrimSuffix(w.describe(h), "\n") + ", " + fate.String() + "\n")
	}
	return out.String(), nil
}

// sink names the sink, and says when the oracle has another.
func (w *World) sink(*command) (string, error) {
	s := w.manager.Snapshot()
	answer := fmt.Sprintf("sink %s, score %d, tips %s\n", w.builder.Label(s.Sink), s.SinkBlueScore, w.sorted(s.Tips))
	if oracle := w.builder.Oracle.Sink(); oracle.Hash != s.Sink {
		answer += fmt.Sprintf("the oracle, which knows no finality and has all blocks, says %s\n", w.builder.Label(oracle.Hash))
	}
	return answer, nil
}

func (w *World) sorted(hashes []types.Hash) string {
	labels := make([]string, len(hashes))
	for i, h := range hashes {
		labels[i] = w.builder.Label(h)
	}
	slices.Sort(labels)
	return "(" + strings.Join(labels, " ") + ")"
}

// virtual says what the next block would build on.
func (w *World) virtual(*command) (string, error) {
	s := w.manager.Snapshot()
	elapsed := s.MedianTime - w.builder.Params.Genesis.Header.Timestamp
	return fmt.Sprintf("virtual on %s, score %d, daa %d, median time +%d ms, bits %08x\n",
		w.sorted(s.VirtualParents), s.BlueScore, s.DAAScore, elapsed, s.Bits), nil
}

// paid lists the outputs of the coinbase of blocks: `paid C`.
func (w *World) paid(c *command) (string, error) {
	var out strings.Builder
	for _, name := range c.words {
		b := w.builder.Oracle.Block(w.builder.Hash(name))
		fmt.Fprintf(&out, "%s pays%s\n", name, w.outputs(b.Transactions[0].Outputs))
	}
	return out.String(), nil
}

func (w *World) outputs(outputs []types.Output) string {
	if len(outputs) == 0 {
		return " nothing"
	}
	var out strings.Builder
	for _, o := range outputs {
		fmt.Fprintf(&out, " %s:%v", w.owner(o.Address), o.Value)
	}
	return out.String()
}

// owner returns the wallet of an address.
func (w *World) owner(a types.Address) string {
	for name, wallet := range w.builder.wallets {
		if wallet.Address == a {
			return name
		}
	}
	return "nobody"
}

// coins lists the unspent coins of a wallet at the sink: `coins alice`.
func (w *World) coins(c *command) (string, error) {
	wallet := w.builder.Wallet(c.words[0])
	sink := w.builder.Oracle.Block(w.manager.Snapshot().Sink)
	var found []utxo.Entry
	for o, coin := range w.builder.Oracle.Coins(sink) {
		if coin.Address != wallet.Address {
			continue
		}
		if stored, ok, err := w.manager.Coin(o); err != nil || !ok || stored != coin {
			return "", fmt.Errorf("coin %v: the chain has %v %v %v, the oracle %v", o, stored, ok, err, coin)
		}
		found = append(found, utxo.Entry{Outpoint: o, Coin: coin})
	}
	slices.SortFunc(found, func(a, b utxo.Entry) int {
		return cmp.Or(cmp.Compare(a.Coin.BlueScore, b.Coin.BlueScore), a.Coin.Value.Cmp(b.Coin.Value))
	})
	var out strings.Builder
	fmt.Fprintf(&out, "%s has", wallet.Name)
	for _, e := range found {
		fmt.Fprintf(&out, " %v@%d", e.Coin.Value, e.Coin.BlueScore)
	}
	return out.String() + "\n", nil
}

// updates pulls what changed since the last call: `updates`.
func (w *World) updates(*command) (string, error) {
	var reverted, applied []types.Hash
	for {
		updates, err := w.manager.UpdatesSince(w.cursor, 3)
		if err != nil {
			return "", err
		}
		if len(updates) == 0 {
			break
		}
		for _, u := range updates {
			w.cursor = u.Hash
			if !u.Reverted {
				applied = append(applied, u.Hash)
				continue
			}
			reverted = append(reverted, u.Hash)
			w.cursor = u.Parent
		}
	}
	return fmt.Sprintf("reverted %s, applied %s\n", w.names(reverted), w.names(applied)), nil
}

// verify judges everything stored anew.
func (w *World) verify(*command) (string, error) {
	r, err := w.manager.Verify(context.Background(), nil)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d blocks, %d on the chain, %d coins of %v JIO\n", r.Blocks, r.Chain, r.Coins, types.Jots(r.Supply)), nil
}
