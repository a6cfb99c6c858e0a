package chain

import (
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
)

// A verifier judges the unlocks of transactions: what they assert, then their
// signatures, in batches over a number of goroutines. It remembers its answers,
// good and bad: whether an unlock holds depends on the transaction and the coins
// it names alone, and its hash commits to both. The answers do not depend on the
// number of workers.
type verifier struct {
	genesis  types.Hash
	workers  int          // 0 runs everything inline
	verdicts cache[error] // of those that do not hold
	good     verified
}

// A batch is as large as it can be with one for every worker, within bounds: from
// some number on larger batches gain little.
const (
	minBatch = 128
	maxBatch = 1024
)

// A signatureGroup is one batch: the signatures of whole transactions.
type signatureGroup struct {
	checks []types.SignatureCheck
	spans  []signatureSpan
}

// A signatureSpan is the part of a group that belongs to one candidate.
type signatureSpan struct{ candidate, from, to int }

// hold says of each candidate whether its unlocks hold.
func (v *verifier) hold(candidates []utxo.Candidate) []bool {
	holds := make([]bool, len(candidates))
	for i, err := range v.verify(candidates) {
		holds[i] = err == nil
	}
	return holds
}

// verify returns for each candidate, whose form is good, what its unlocks break,
// nil when they hold.
func (v *verifier) verify(candidates []utxo.Candidate) []error {
	x := v.inspect(candidates, v.recall)
	x.run(v.workers)
	v.remember(&x)
	return x.verdicts
}

// recall returns what is remembered of a transaction.
func (v *verifier) recall(h types.Hash) (verdict error, known bool) {
	if v.good.has(h) {
		return nil, true
	}
	return v.verdicts.lookup(h)
}

// An inspection is candidates on their way through a verifier.
type inspection struct {
	hashes   []types.Hash
	verdicts []error
	groups   []*signatureGroup // what is left to verify
}

// inspect judges what the unlocks of candidates assert, but for signatures, unless
// their verdicts are recalled. Apart from that it needs no lock.
func (v *verifier) inspect(candidates []utxo.Candidate, recall func(types.Hash) (error, bool)) inspection {
	x := inspection{hashes: make([]types.Hash, len(candidates)), verdicts: make([]error, len(candidates))}
	checks := make([][]types.SignatureCheck, len(candidates))
	for i := range candidates {
		x.hashes[i] = candidates[i].Digest.Hash
		verdict, known := recall(x.hashes[i])
		if !known {
			checks[i], verdict = candidates[i].Unlocks(v.genesis)
		}
		x.verdicts[i] = verdict
	}
	x.groups = v.groups(checks)
	return x
}

// remember keeps the verdicts.
func (v *verifier) remember(x *inspection) {
	for i, verdict := range x.verdicts {
		if verdict == nil {
			v.good.add(x.hashes[i])
		} else {
			v.verdicts.put(x.hashes[i], verdict)
		}
	}
}

// groups divides the signatures of candidates into batches.
func (v *verifier) groups(checks [][]types.SignatureCheck) (groups []*signatureGroup) {
	left := 0
	for i := range checks {
		left += len(checks[i])
	}
	size := min(max(left/max(v.workers, 1), minBatch), maxBatch)
	g := new(signatureGroup)
	for i := range checks {
		if len(checks[i]) == 0 {
			continue
		}
		if len(g.checks) == 0 {
			g.checks = make([]types.SignatureCheck, 0, min(left, size+len(checks[i])))
			groups = append(groups, g)
		}
		from := len(g.checks)
		g.checks = append(g.checks, checks[i]...)
		g.spans = append(g.spans, signatureSpan{i, from, len(g.checks)})
		left -= len(checks[i])
		if len(g.checks) >= size {
			g = new(signatureGroup)
		}
	}
	return groups
}

// run verifies the signatures; each answer has a place of its own among the
// verdicts.
func (x *inspection) run(workers int) {
	parallel(workers, len(x.groups), func(i int) { x.groups[i].verify(x.verdicts) })
}

// verify tries the whole group at once; when that fails, each transaction alone
// finds the culprits.
func (g *signatureGroup) verify(verdicts []error) {
	if types.VerifyBatch(g.checks) {
		return
	}
	for _, s := range g.spans {
		if !types.VerifyBatch(g.checks[s.from:s.to]) {
			verdicts[s.candidate] = broken(rules.ErrSignature, "a signature is not valid")
		}
	}
}
