package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func (s *Service) getBlock(_ context.Context, p api.BlockParams) (api.Block, error) {
	if err := given("hash", p.Hash); err != nil {
		return api.Block{}, err
	}
	return s.block(p.Hash, p.Transactions)
}

// block translates a block; a header without a body has no miner, no fate and
// no transactions.
func (s *Service) block(h types.Hash, transactions bool) (api.Block, error) {
	info, err := s.Chain.Info(h)
	if err != nil {
		return api.Block{}, err
	}
	b := api.Block{
		Hash:          h,
		Header:        header(&info.Header),
		Status:        info.Status.String(),
		Fate:          chain.FatePending.String(),
		Height:        info.Height,
		Difficulty:    difficulty(info.Header.Bits),
		Children:      list(info.Children),
		MergeSetBlues: list(info.Blues),
		MergeSetReds:  list(info.Reds),
	}
	if !info.Status.HasBody() {
		return b, nil
	}
	return b, s.fillBody(&b, &info, transactions)
}

// fillBody adds what the body says and what became of the block.
func (s *Service) fillBody(b *api.Block, info *chain.BlockInfo, transactions bool) error {
	body, err := s.Chain.Block(b.Hash)
	if err != nil {
		return err
	}
	merging, err := s.Chain.Merging(b.Hash)
	if err != nil {
		return err
	}
	payload, err := rules.PayloadOf(&body.Transactions[0])
	if err != nil {
		return err
	}
	b.Fate, b.MergedBy = merging.Fate.String(), merging.Merger
	b.TxCount = len(body.Transactions)
	b.Miner, b.Extra = s.text(payload.Miner), printable(payload.Extra)
	if merging.Fate == chain.FateRed {
		b.WhyRed = s.whyRed(&merging)
	}
	if b.Paid, err = s.paid(info, &payload, &merging); err != nil || !transactions {
		return err
	}
	b.Transactions, err = s.blockTransactions(&body)
	return err
}

// header translates a header; it shares the parents.
func header(h *types.Header) api.Header {
	return api.Header{
		Version:        h.Version,
		Parents:        list(h.Parents),
		MerkleRoot:     h.MerkleRoot,
		AcceptedRoot:   h.AcceptedRoot,
		UTXOCommitment: h.UTXOCommitment,
		Timestamp:      int64(h.Timestamp),
		Bits:           h.Bits,
		Nonce:          h.Nonce,
		DAAScore:       h.DAAScore,
		BlueWork:       h.BlueWork,
		BlueScore:      h.BlueScore,
		PruningPoint:   h.PruningPoint,
		HistoryRoot:    h.HistoryRoot,
		StateRoot:      h.StateRoot,
		FinalityRef:    h.FinalityRef,
	}
}

// list makes an empty list of none at all, which JSON would show as null.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// difficulty is the number of hashes that a target takes on average.
func difficulty(bits uint32) float64 {
	target, ok := pow.DecodeCompact(bits)
	if !ok {
		return 0
	}
	return float(pow.Work(target))
}

// float rounds a Uint256.
func float(x types.Uint256) (f float64) {
	for i := len(x) - 1; i >= 0; i-- {
		f = f*(1<<64) + float64(x[i])
	}
	return f
}

// printable drops what is not made to be seen.
func printable(raw []byte) string {
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, string(raw))
}

// whyRed puts the objection of GHOSTDAG into a sentence.
func (s *Service) whyRed(m *chain.Merging) *api.WhyRed {
	k := s.Params.K
	return &api.WhyRed{
		Sentence: objectionInWords(&m.Objection, k),
		Merger:   m.Merger,
		K:        uint64(k),
		Anticone: list(m.Objection.Anticone),
		Crowded:  m.Objection.Crowded,
	}
}

func objectionInWords(o *dag.Objection, k int) string {
	beside := len(o.Anticone)
	if beside > k {
		return fmt.Sprintf("It is neither before nor after at least %d of the merging block's blues, and a blue may have at most %d such blues beside it.", beside, k)
	}
	return fmt.Sprintf("Beside it stands the blue block %v, which has %d blues beside it already, as many as are allowed.", o.Crowded, k)
}

// paid says in words who was paid for a block, and by which block.
func (s *Service) paid(info *chain.BlockInfo, payload *rules.CoinbasePayload, m *chain.Merging) (string, error) {
	switch {
	case info.Hash == s.Params.GenesisHash:
		return "Nobody: nothing is ever paid for genesis.", nil
	case m.Merger.IsZero():
		return "Nobody yet: the chain block that merges it will pay for it.", nil
	case m.Fate == chain.FateRed:
		return fmt.Sprintf("Nobody: it is red. The fees of its transactions went to the miner of %v, and its subsidy is not issued.", m.Merger), nil
	}
	merger, err := s.Chain.Header(m.Merger)
	if err != nil {
		return "", err
	}
	parent, err := s.Chain.Header(merger.SelectedParent())
	if err != nil {
		return "", err
	}
	if !rules.InWindow(s.Params, info.Header.BlueScore, parent.BlueScore) {
		return fmt.Sprintf("Nobody: %v merged it too late. The fees of its transactions went to that block's miner, and its subsidy is not issued.", m.Merger), nil
	}
	return s.payment(info.Hash, payload, m.Merger)
}

// payment names what the coinbase of the merging block pays for a block.
func (s *Service) payment(h types.Hash, payload *rules.CoinbasePayload, merger types.Hash) (string, error) {
	accepted, err := s.Chain.Acceptance(merger)
	if err != nil {
		return "", err
	}
	var fees types.Amount
	for i := range accepted.Blocks {
		if accepted.Blocks[i].Hash == h {
			fees = accepted.Blocks[i].Fees
		}
	}
	sum, _ := payload.Subsidy.Add(fees)
	return fmt.Sprintf("%s: %v JIO by the coinbase of %v (subsidy %v, fees %v).", s.text(payload.Miner), sum, merger, payload.Subsidy, fees), nil
}

func (s *Service) getTips(context.Context, api.None) (api.Tips, error) {
	snapshot := s.Chain.Snapshot()
	tips := make([]api.Tip, 0, len(snapshot.Tips))
	for _, h := range snapshot.Tips {
		head, err := s.Chain.Header(h)
		if err != nil {
			return api.Tips{}, err
		}
		tips = append(tips, api.Tip{Hash: h, BlueScore: head.BlueScore, Timestamp: int64(head.Timestamp), Sink: h == snapshot.Sink})
	}
	slices.SortStableFunc(tips, func(a, b api.Tip) int { // the sink first, then the highest
		switch {
		case a.Sink != b.Sink:
			return sinkFirst(a.Sink)
		case a.BlueScore > b.BlueScore:
			return -1
		case a.BlueScore < b.BlueScore:
			return 1
		}
		return 0
	})
	return api.Tips{Tips: tips}, nil
}

func sinkFirst(isSink bool) int {
	if isSink {
		return -1
	}
	return 1
}
