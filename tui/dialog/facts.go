package dialog

import (
	"fmt"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

func plain(label, text string) fact { return fact{label: label, text: component.Cell{Text: text}} }

// secret is a line that private mode does not show.
func secret(label, text string) fact {
	f := plain(label, text)
	f.private = true
	return f
}

func blockLink(label string, token style.Token, h types.Hash) fact {
	return fact{label: label, text: component.Cell{Text: h.String(), Token: token}, link: page.Open{Kind: "block", Name: h.String()}}
}

func transactionLink(label string, id types.Hash, note string) fact {
	return fact{label: label, text: component.Cell{Text: id.String() + note}, link: page.Open{Kind: "transaction", Name: id.String()}}
}

func addressLink(label, address, note string) fact {
	if address == "" {
		return plain(label, "unknown"+note)
	}
	return fact{label: label, text: component.Cell{Text: note + address}, link: page.Open{Kind: "address", Name: address}, private: true}
}

// blockFacts says all there is to know of a block: where it stands, what it
// merges, why it is red, who was paid, what it carries.
func blockFacts(b *api.Block) []fact {
	token := map[string]style.Token{"chain": style.Chain, "blue": style.Blue, "red": style.Red}[b.Fate]
	facts := []fact{
		{label: "hash", text: component.Cell{Text: b.Hash.String()}, copy: b.Hash.String()},
		{label: "fate", text: component.Cell{Text: b.Fate + ", " + b.Status, Token: token}},
	}
	if b.WhyRed != nil {
		facts = append(facts, fact{label: "why red", text: component.Cell{Text: b.WhyRed.Sentence, Token: style.Red}})
		facts = append(facts, whyLinks(b.WhyRed)...)
	}
	facts = append(
		facts,
		plain("height", component.Count(b.Height)),
		plain("blue score", component.Count(b.Header.BlueScore)),
		plain("DAA score", component.Count(b.Header.DAAScore)),
		plain("time", component.Millis(b.Header.Timestamp).Format("2006-01-02 15:04:05.000 UTC")),
		plain("difficulty", fmt.Sprintf("%s  bits %08x  nonce %d", component.Rate(b.Difficulty, ""), b.Header.Bits, b.Header.Nonce)),
		addressLink("miner", b.Miner, ""),
		secret("paid", b.Paid),
	)
	if b.Extra != "" {
		facts = append(facts, plain("says", b.Extra))
	}
	if b.MergedBy != (types.Hash{}) {
		facts = append(facts, blockLink("merged by", style.Chain, b.MergedBy))
	}
	facts = append(facts, parentLinks(b)...)
	facts = append(facts, blockLinks("child", style.Plain, b.Children)...)
	facts = append(facts, blockLinks("merges blue", style.Blue, b.MergeSetBlues)...)
	facts = append(facts, blockLinks("merges red", style.Red, b.MergeSetReds)...)
	for i := range b.Transactions {
		tx := &b.Transactions[i]
		if tx.Coinbase {
			facts = append(facts, transactionLink("coinbase", tx.ID, ""))
			facts = append(facts, outputFacts("pays", tx.Outputs)...)
			continue
		}
		facts = append(facts, transactionLink("transaction", tx.ID, ""))
	}
	return facts
}

// whyLinks leads to the blocks that made a block red: the chain block in whose
// eyes it is, and the blues it cannot stand beside.
func whyLinks(why *api.WhyRed) []fact {
	facts := []fact{blockLink("judged by", style.Chain, why.Merger)}
	if why.Crowded != (types.Hash{}) {
		facts = append(facts, blockLink("crowds", style.Blue, why.Crowded))
	}
	return append(facts, blockLinks("beside blue", style.Blue, why.Anticone)...)
}

func parentLinks(b *api.Block) (facts []fact) {
	for i, h := range b.Header.Parents {
		label, token := "parent", style.Plain
		if i == 0 {
			label, token = "selected parent", style.Chain
		}
		facts = append(facts, blockLink(label, token, h))
	}
	return facts
}

func blockLinks(label string, token style.Token, hashes []types.Hash) (facts []fact) {
	for _, h := range hashes {
		facts = append(facts, blockLink(label, token, h))
	}
	return facts
}

func outputFacts(label string, outputs []api.Output) (facts []fact) {
	for _, o := range outputs {
		facts = append(facts, addressLink(label, o.Address, component.Money(o.Amount)+" JIO to "))
	}
	return facts
}

func transactionFacts(tx *api.Transaction) []fact {
	facts := []fact{
		{label: "id", text: component.Cell{Text: tx.ID.String()}, copy: tx.ID.String()},
		plain("state", page.StateOf(tx)),
		plain("weight", fmt.Sprintf("%s, %d bytes, declared mass %d", component.Count(tx.Weight), tx.Size, tx.Mass)),
	}
	if tx.Fee != nil {
		facts = append(facts, secret("fee", component.Money(*tx.Fee)+" JIO"))
	}
	if tx.AcceptedBy != (types.Hash{}) {
		facts = append(facts, blockLink("accepted by", style.Chain, tx.AcceptedBy))
	}
	facts = append(facts, blockLinks("in block", style.Plain, tx.Blocks)...)
	for _, in := range tx.Inputs {
		amount := ""
		if in.Amount != nil {
			amount = component.Money(*in.Amount) + " JIO from "
		}
		facts = append(facts, addressLink("spends", in.Address, amount),
			transactionLink("  of", in.Outpoint.TransactionID, fmt.Sprintf(":%d", in.Outpoint.Index)))
	}
	return append(facts, outputFacts("pays", tx.Outputs)...)
}

func balanceFacts(b api.Balances) (facts []fact) {
	for _, a := range b.Balances {
		facts = append(
			facts,
			secret("available", component.Money(a.Balance.Available)+" JIO"),
			secret("maturing", component.Money(a.Balance.Maturing)+" JIO"),
			secret("pending", component.Money(a.Balance.Pending)+" JIO"),
			plain("coins", fmt.Sprint(a.Coins)),
		)
	}
	return facts
}

func historyFacts(h api.AddressHistory) (facts []fact) {
	for _, e := range h.Entries {
		amount := "+" + component.Money(e.Received)
		if e.Spent.Cmp(e.Received) > 0 {
			net, _ := e.Spent.Sub(e.Received)
			amount = "-" + component.Money(net)
		} else if net, ok := e.Received.Sub(e.Spent); ok {
			amount = "+" + component.Money(net)
		}
		line := transactionLink(component.Millis(e.Time).Format("01-02 15:04:05"), e.ID, "  "+amount)
		line.private = true
		facts = append(facts, line)
	}
	return facts
}
