package spend

import (
	"fmt"
	"strings"

	"github.com/jio-dag/jio/chain/types"
)

// PolicyText writes a policy as people do, which is with the short forms of
// ParsePolicy wherever one fits. ParsePolicy reads the same policy from it, and
// what ParsePolicy reads of a text that uses every short form it can is written
// as that text again.
func PolicyText(p types.Policy) string {
	if p.Kind != types.PolicyThreshold {
		return p.String()
	}
	for _, form := range []func(types.Policy) (string, bool){lockText, htlcText, multiText} {
		if text, ok := form(p); ok {
			return text
		}
	}
	children := make([]string, len(p.Children))
	for i, child := range p.Children {
		children[i] = PolicyText(child)
	}
	return fmt.Sprintf("thresh(%d,[%s])", p.N, strings.Join(children, ","))
}

// lockText writes what HashLock and TimeLock make.
func lockText(p types.Policy) (string, bool) {
	if p.N != 2 || len(p.Children) != 2 || p.Children[1].Kind != types.PolicyKey {
		return "", false
	}
	lock, key := p.Children[0], p.Children[1].Key
	switch lock.Kind {
	case types.PolicyHash:
		return fmt.Sprintf("hashlock(%x,%x)", key, lock.Key), true
	case types.PolicyAfter, types.PolicyOlder:
		return fmt.Sprintf("timelock(%x,%v)", key, lock), true
	}
	return "", false
}

// htlcText writes what HTLC makes: a hash lock, or else a time lock.
func htlcText(p types.Policy) (string, bool) {
	if p.N != 1 || len(p.Children) != 2 {
		return "", false
	}
	claim, refund := p.Children[0], p.Children[1]
	_, claimLocks := lockText(claim)
	_, refundLocks := lockText(refund)
	if !claimLocks || !refundLocks || claim.Children[0].Kind != types.PolicyHash || refund.Children[0].Kind == types.PolicyHash {
		return "", false
	}
	return fmt.Sprintf("htlc(%x,%x,%x,%v)", claim.Children[0].Key, claim.Children[1].Key, refund.Children[1].Key, refund.Children[0]), true
}

// multiText writes what Multisig makes.
func multiText(p types.Policy) (string, bool) {
	var keys strings.Builder
	for _, child := range p.Children {
		if child.Kind != types.PolicyKey {
			return "", false
		}
		fmt.Fprintf(&keys, ",%x", child.Key)
	}
	return fmt.Sprintf("multi(%d%s)", p.N, &keys), true
}
