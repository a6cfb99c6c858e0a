package rules_test

import (
	"crypto/sha256"
	"testing"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"pgregory.net/rapid"
)

// nested wraps a policy in one-of-one thresholds up to a depth.
func nested(depth int, p types.Policy) types.Policy {
	for range depth - 1 {
		p = types.ThresholdPolicy(1, p)
	}
	return p
}

// wide is a threshold over n copies of a policy, all of them revealed.
func wide(n int, p types.Policy) types.Policy {
	all := types.ThresholdPolicy(uint8(n))
	for range n {
		all.Children = append(all.Children, p)
	}
	return all
}

// hiding adds n opaque children to a threshold.
func hiding(n int, p types.Policy) types.Policy {
	for range n {
		p.Children = append(p.Children, hidden(pk(9)))
	}
	return p
}

func TestPolicyShape(t *testing.T) {
	reserved := types.OpaquePolicy(types.Address{Version: 1})
	noPoint := [32]byte{2}                           // y = 2 is on no point
	identity := [32]byte{1}                          // of order 1
	aboveField := [32]byte{0xf0, 30: 0xff, 31: 0x7f} // y = p + 3 and up
	for i := 1; i < 30; i++ {
		aboveField[i] = 0xff
	}
	tests := []struct {
		name   string
		want   rules.ErrorKind
		policy types.Policy
	}{
		{"key", "", pk(1)},
		{"image", "", image()},
		{"after anything", "", types.AfterPolicy(^uint64(0))},
		{"older anything", "", types.OlderPolicy(^uint32(0))},
		{"opaque root", rules.ErrPolicyRoot, hidden(pk(1))},
		{"unknown kind", rules.ErrPolicyKind, types.Policy{Kind: 7}},
		{"no kind", rules.ErrPolicyKind, types.ThresholdPolicy(1, types.Policy{})},
		{"greatest depth", "", nested(4, pk(1))},
		{"too deep", rules.ErrPolicyDepth, nested(5, pk(1))},
		{"opaque too deep", rules.ErrPolicyDepth, nested(4, types.ThresholdPolicy(1, types.AfterPolicy(0), hidden(pk(1))))},
		{"64 nodes", "", wide(63, types.AfterPolicy(0))},
		{"65 nodes", rules.ErrPolicyNodes, wide(64, types.AfterPolicy(0))},
		{"64 nodes, most opaque", "", hiding(62, types.ThresholdPolicy(1, pk(1)))},
		{"65 nodes, most opaque", rules.ErrPolicyNodes, hiding(63, types.ThresholdPolicy(1, pk(1)))},
		{"20 keys", "", wide(20, pk(1))},
		{"21 keys", rules.ErrPolicyKeys, wide(21, pk(1))},
		{"20 keys in branches", "", types.ThresholdPolicy(2, wide(10, pk(1)), wide(10, pk(2)))},
		{"21 keys in branches", rules.ErrPolicyKeys, types.ThresholdPolicy(2, wide(10, pk(1)), wide(11, pk(2)))},
		{"zero of none", rules.ErrPolicyThreshold, types.ThresholdPolicy(0)},
		{"zero of one", rules.ErrPolicyThreshold, types.ThresholdPolicy(0, hidden(pk(1)))},
		{"two of one", rules.ErrPolicyThreshold, types.ThresholdPolicy(2, pk(1))},
		{"two of three", "", types.ThresholdPolicy(2, pk(1), hidden(pk(2)), pk(3))},
		{"two of three, one shown", rules.ErrPolicyReveal, types.ThresholdPolicy(2, pk(1), hidden(pk(2)), hidden(pk(3)))},
		{"two of three, all shown", rules.ErrPolicyReveal, types.ThresholdPolicy(2, pk(1), pk(2), pk(3))},
		{"reserved opaque", rules.ErrPolicyOpaque, types.ThresholdPolicy(1, pk(1), reserved)},
		{"key off the curve", rules.ErrPolicyKey, types.KeyPolicy(noPoint)},
		{"key of small order", rules.ErrPolicyKey, types.ThresholdPolicy(1, hidden(pk(1)), types.KeyPolicy(identity))},
		{"key not canonical", rules.ErrPolicyKey, types.KeyPolicy(aboveField)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u := types.Unlock{Policy: test.policy}
			for _, leaf := range leaves(&test.policy) {
				switch leaf.Kind {
				case types.PolicyKey:
					u.Signatures = append(u.Signatures, types.Signature{})
				case types.PolicyHash:
					u.Preimages = append(u.Preimages, types.Preimage{})
				}
			}
			wantKind(t, rules.PolicyShape(&u), test.want)
		})
	}
}

// What the rules admit, the decoder reads: a stricter limit of its own would
// stop a node at a valid block.
func TestDecoderReadsWhatTheRulesAdmit(t *testing.T) {
	for name, policy := range map[string]types.Policy{
		"depth": nested(rules.MaxPolicyDepth, image()),
		"nodes": wide(rules.MaxPolicyNodes-1, image()),
		"keys":  wide(rules.MaxPolicyKeys, pk(1)),
		"all":   nested(rules.MaxPolicyDepth-1, hiding(rules.MaxPolicyNodes-4, types.ThresholdPolicy(1, pk(1)))),
	} {
		u := types.Unlock{Policy: policy}
		for _, leaf := range leaves(&policy) {
			switch leaf.Kind {
			case types.PolicyKey:
				u.Signatures = append(u.Signatures, types.Signature{})
			case types.PolicyHash:
				u.Preimages = append(u.Preimages, types.Preimage{})
			}
		}
		wantKind(t, rules.PolicyShape(&u), "")
		if err := types.Decode(types.Encode(&u), new(types.Unlock)); err != nil {
			t.Errorf("the greatest %s: %v", name, err)
		}
	}
}

func TestUnlockCounts(t *testing.T) {
	policy := types.ThresholdPolicy(3, pk(1), pk(2), image(), hidden(image()))
	for _, test := range []struct {
		signatures, preimages int
		want                  rules.ErrorKind
	}{
		{2, 1, ""},
		{1, 1, rules.ErrSignatureCount},
		{3, 1, rules.ErrSignatureCount},
		{2, 0, rules.ErrPreimageCount},
		{2, 2, rules.ErrPreimageCount},
	} {
		wantKind(t, rules.PolicyShape(&types.Unlock{
			Policy:     policy,
			Signatures: make([]types.Signature, test.signatures),
			Preimages:  make([]types.Preimage, test.preimages),
		}), test.want)
	}
}

// unlocks runs Unlocks and verifies what it leaves to be verified.
func unlocks(p *payment) error {
	checks, err := rules.Unlocks(&p.tx, p.spent(), genesis)
	if err != nil {
		return err
	}
	if !types.VerifyBatch(checks) {
		return rules.ErrSignature
	}
	return nil
}

func TestUnlocks(t *testing.T) {
	children := func(p *payment) []types.Policy { return p.tx.Inputs[1].Unlock.Policy.Children }
	tests := []struct {
		name    string
		want    rules.ErrorKind
		corrupt func(p *payment)
	}{
		{"valid", "", func(p *payment) {}},
		{"nothing in sight", rules.ErrPolicyRoot, func(p *payment) {
			p.tx.Inputs[0].Unlock = types.Unlock{Policy: types.OpaquePolicy(p.coins[0].Address)}
		}},
		{"all children hidden", rules.ErrPolicyReveal, func(p *payment) {
			policy := &p.tx.Inputs[1].Unlock.Policy
			for i := range policy.Children {
				policy.Children[i] = hidden(policy.Children[i])
			}
			p.sign()
		}},
		{"policy of another coin", rules.ErrAddressMismatch, func(p *payment) { p.tx.Inputs[0].Unlock.Policy = pk(4); p.sign() }},
		{"coin of a reserved address", rules.ErrAddressMismatch, func(p *payment) { p.coins[0].Address.Version = 1; p.sign() }},
		{"children swapped", rules.ErrAddressMismatch, func(p *payment) {
			c := children(p)
			c[0], c[1] = c[1], c[0]
			p.sign()
		}},
		{"wrong preimage", rules.ErrPreimage, func(p *payment) { p.tx.Inputs[1].Unlock.Preimages[0][31]++ }},
		{"sequence as asked", "", func(p *payment) { p.tx.Inputs[1].Sequence = 10; p.sign() }},
		{"sequence too low", rules.ErrOlder, func(p *payment) { p.tx.Inputs[1].Sequence = 9; p.sign() }},
		{"sequence disabled", rules.ErrOlder, func(p *payment) { p.tx.Inputs[1].Sequence |= rules.SequenceDisabled; p.sign() }},
		{"later lock", "", func(p *payment) { p.tx.LockTime = 151; p.sign() }},
		{"earlier lock", rules.ErrAfter, func(p *payment) { p.tx.LockTime = 149; p.sign() }},
		{"no lock", rules.ErrAfter, func(p *payment) { p.tx.LockTime = 0; p.sign() }},
		{"lock of the other class", rules.ErrAfter, func(p *payment) { p.tx.LockTime = rules.LockTimeThreshold; p.sign() }},
		{"lock not signed", rules.ErrSignature, func(p *payment) { p.tx.LockTime = 151 }},
		{"sequence not signed", rules.ErrSignature, func(p *payment) { p.tx.Inputs[1].Sequence = 21 }},
		{"mass not signed", rules.ErrSignature, func(p *payment) { p.tx.Mass++ }},
		{"output not signed", rules.ErrSignature, func(p *payment) { p.tx.Outputs[0].Value = types.Jots(1) }},
		{"spent value not signed", rules.ErrSignature, func(p *payment) { p.coins[1].Value = types.Jots(1) }},
		{"spent coin's age not signed", "", func(p *payment) { p.coins[1].BlueScore, p.coins[1].Coinbase = 7, false }},
		{"signature of another key", rules.ErrSignature, func(p *payment) {
			a, b := p.tx.Inputs[0].Unlock.Signatures, p.tx.Inputs[1].Unlock.Signatures
			a[0], b[0] = b[0], a[0]
		}},
		{"signature bit", rules.ErrSignature, func(p *payment) { p.tx.Inputs[0].Unlock.Signatures[0][0] ^= 1 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := valid()
			test.corrupt(p)
			wantKind(t, unlocks(p), test.want)
		})
	}
}

func TestSignatureNamesItsNetwork(t *testing.T) {
	p := valid()
	checks, err := rules.Unlocks(&p.tx, p.spent(), types.Hash{0x9f})
	wantKind(t, err, "")
	for i := range checks {
		if types.Verify(&checks[i]) {
			t.Fatalf("signature %d holds on another network", i)
		}
	}
}

// Any two of three keys spend; which branch is hidden does not change the
// address.
func TestTwoOfThree(t *testing.T) {
	whole := types.ThresholdPolicy(2, pk(1), pk(2), pk(3))
	for absent := range whole.Children {
		shown := types.ThresholdPolicy(2, pk(1), pk(2), pk(3))
		shown.Children[absent] = hidden(shown.Children[absent])
		p := pay(shown)
		p.coins[0].Address = whole.Address()
		wantKind(t, unlocks(p.sign()), "")
		for i := range p.tx.Inputs[0].Unlock.Signatures {
			p.sign()
			p.tx.Inputs[0].Unlock.Signatures[i] = types.Sign(seed(byte(absent+1)), p.tx.SigningHash(genesis, p.spent()))
			wantKind(t, unlocks(p), rules.ErrSignature)
		}
	}
}

// A hash lock that falls back to its owner after a delay, spent both ways.
func TestHashTimeLock(t *testing.T) {
	taken := types.ThresholdPolicy(2, pk(1), image())
	refund := types.ThresholdPolicy(2, pk(2), types.OlderPolicy(1000))
	address := types.ThresholdPolicy(1, taken, refund).Address()

	p := pay(types.ThresholdPolicy(1, taken, hidden(refund)))
	p.coins[0].Address = address
	wantKind(t, unlocks(p.sign()), "")

	p = pay(types.ThresholdPolicy(1, hidden(taken), refund))
	p.coins[0].Address = address
	wantKind(t, unlocks(p.sign()), rules.ErrOlder)
	p.tx.Inputs[0].Sequence = 1000
	wantKind(t, unlocks(p.sign()), "")
}

// Preimages are dealt out from the left, like signatures.
func TestPreimagesInOrder(t *testing.T) {
	first, second := types.Preimage{1}, types.Preimage{2}
	p := pay(types.ThresholdPolicy(2,
		types.HashPolicy(sha256.Sum256(first[:])), types.HashPolicy(sha256.Sum256(second[:]))))
	p.tx.Inputs[0].Unlock.Preimages = []types.Preimage{first, second}
	wantKind(t, unlocks(p), "")
	p.tx.Inputs[0].Unlock.Preimages = []types.Preimage{second, first}
	wantKind(t, unlocks(p), rules.ErrPreimage)
}

// after judges lock_time by class and size, both sides of each bound; zero is
// of the blue-score class.
func TestAfter(t *testing.T) {
	const threshold = rules.LockTimeThreshold
	for _, test := range []struct {
		after, lock uint64
		want        rules.ErrorKind
	}{
		{0, 0, ""},
		{0, threshold - 1, ""},
		{0, threshold, rules.ErrAfter},
		{1, 0, rules.ErrAfter},
		{threshold - 1, threshold - 1, ""},
		{threshold - 1, threshold - 2, rules.ErrAfter},
		{threshold - 1, threshold, rules.ErrAfter},
		{threshold, threshold, ""},
		{threshold, threshold - 1, rules.ErrAfter},
		{threshold, 0, rules.ErrAfter},
		{threshold + 1, threshold, rules.ErrAfter},
		{^uint64(0), ^uint64(0), ""},
	} {
		p := pay(types.AfterPolicy(test.after))
		p.tx.LockTime = test.lock
		wantKind(t, unlocks(p.sign()), test.want)
	}
}

// randomPolicy draws a policy in which everything is shown, of a given depth at
// most.
func randomPolicy(t *rapid.T, depth int) types.Policy {
	if depth > 1 && rapid.Bool().Draw(t, "threshold") {
		n := rapid.IntRange(1, 3).Draw(t, "n")
		p := types.ThresholdPolicy(uint8(n))
		for range n {
			p.Children = append(p.Children, randomPolicy(t, depth-1))
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "opaque") {
			at := i % (len(p.Children) + 1)
			p.Children = append(p.Children[:at], append([]types.Policy{hidden(pk(5))}, p.Children[at:]...)...)
		}
		return p
	}
	switch rapid.IntRange(1, 4).Draw(t, "leaf") {
	case 1:
		return pk(rapid.ByteRange(0, 3).Draw(t, "key"))
	case 2:
		return image()
	case 3:
		return types.AfterPolicy(rapid.Uint64Range(0, 3).Draw(t, "after"))
	default:
		return types.OlderPolicy(rapid.Uint32Range(0, 3).Draw(t, "older"))
	}
}

// The twin of Unlocks: every leaf in sight holds by itself, with the signatures
// and preimages dealt out from the left.
func TestUnlocksAgainstLeaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pay(randomPolicy(t, 3), randomPolicy(t, 3))
		p.tx.LockTime = rapid.Uint64Range(0, 3).Draw(t, "lock")
		for i := range p.tx.Inputs {
			p.tx.Inputs[i].Sequence = rapid.SampledFrom([]uint64{0, 1, 2, 3, rules.SequenceDisabled + 3}).Draw(t, "sequence")
		}
		p.sign()
		for i := range p.tx.Inputs {
			if s := p.tx.Inputs[i].Unlock.Preimages; len(s) > 0 && rapid.IntRange(0, 3).Draw(t, "spoil") == 0 {
				s[len(s)-1][0]++
			}
			if s := p.tx.Inputs[i].Unlock.Signatures; len(s) > 1 && rapid.IntRange(0, 3).Draw(t, "swap") == 0 {
				s[0], s[1] = s[1], s[0]
			}
		}
		if got, want := unlocks(p) == nil, leavesHold(p); got != want {
			t.Fatalf("unlocks %v, leaf by leaf %v", got, want)
		}
	})
}

func leavesHold(p *payment) bool {
	message := p.tx.SigningHash(genesis, p.spent())
	for i := range p.tx.Inputs {
		in, keys, images := &p.tx.Inputs[i], 0, 0
		for _, leaf := range leaves(&in.Unlock.Policy) {
			holds := true
			switch leaf.Kind {
			case types.PolicyKey:
				holds = in.Unlock.Signatures[keys] == types.Sign(seedOf(leaf.Key), message)
				keys++
			case types.PolicyHash:
				holds = in.Unlock.Preimages[images] == secret
				images++
			case types.PolicyAfter:
				holds = p.tx.LockTime >= leaf.N
			case types.PolicyOlder:
				holds = in.Sequence>>63 == 0 && in.Sequence >= leaf.N
			}
			if !holds {
				return false
			}
		}
	}
	return true
}
