package spend

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A PST is a partially signed transaction: what is spent and paid, and the
// signatures and preimages collected so far. One signature by a key serves all
// inputs, because all sign the same hash. It is made by Draft.PST or ParsePST and
// changed only by its methods; every signature and preimage in it is good.
type PST struct {
	params     *params.Params
	draft      Draft
	message    types.Hash // what is signed
	signatures map[[32]byte]types.Signature
	preimages  map[[32]byte]types.Preimage // by image
}

// PST returns the draft as a partially signed transaction without signatures.
func (d *Draft) PST(p *params.Params) (*PST, error) {
	s := &PST{
		params:     p,
		draft:      *d,
		message:    d.Tx.SigningHash(p.GenesisHash, d.spentOutputs()),
		signatures: make(map[[32]byte]types.Signature),
		preimages:  make(map[[32]byte]types.Preimage),
	}
	return s, s.draft.weigh(p)
}

// ID returns the ID that the transaction has, signed or not.
func (s *PST) ID() types.Hash { return s.draft.Tx.ID() }

// Draft returns the transaction, its coins and its fee. It must not be changed.
// Where the PST was parsed, nobody vouches for which output is change: Change is
// -1, and the coins are known by value, address and policy only.
func (s *PST) Draft() *Draft { return &s.draft }

// Sign adds signatures by every key that the coins name and the signer holds,
// and returns how many are new.
func (s *PST) Sign(sign Signer) (added int, err error) {
	for _, key := range s.asked(types.PolicyKey) {
		if _, ok := s.signatures[key]; ok {
			continue
		}
		signature, err := sign.signed(key, s.message)
		if errors.Is(err, ErrNoKey) {
			continue
		}
		if err != nil {
			return added, err
		}
		s.signatures[key] = signature
		added++
	}
	return added, nil
}

// Reveal adds a preimage; some coin must ask for it.
func (s *PST) Reveal(preimage types.Preimage) error {
	image := sha256.Sum256(preimage[:])
	if !slices.Contains(s.asked(types.PolicyHash), image) {
		return refused(ErrPST, "no coin asks for the secret behind %x", image)
	}
	s.preimages[image] = preimage
	return nil
}

// addSignature adds a signature that somebody else made.
func (s *PST) addSignature(key [32]byte, signature types.Signature) error {
	if !slices.Contains(s.asked(types.PolicyKey), key) {
		return refused(ErrPST, "no coin asks for a signature by %x", key)
	}
	if !types.Verify(&types.SignatureCheck{Key: key, Message: s.message, Signature: signature}) {
		return refused(ErrPST, "the signature by %x is not valid", key)
	}
	s.signatures[key] = signature
	return nil
}

// asked returns the keys or images that the coins' policies show, each once.
func (s *PST) asked(kind types.PolicyKind) [][32]byte {
	var found [][32]byte
	for i := range s.draft.Coins {
		leaves(&s.draft.Coins[i].Policy, func(leaf *types.Policy) {
			if leaf.Kind == kind {
				found = append(found, leaf.Key)
			}
		})
	}
	SortKeys(found)
	return slices.Compact(found)
}

// Signatures returns how many signatures and preimages are there.
func (s *PST) Signatures() (signatures, preimages int) {
	return len(s.signatures), len(s.preimages)
}

// Combine takes over the signatures and preimages of another PST of the same
// transaction and coins. Anything that differs is an error, and then nothing is
// taken over.
func (s *PST) Combine(other *PST) error {
	if err := s.matches(other); err != nil {
		return err
	}
	for key, signature := range other.signatures {
		s.signatures[key] = signature
	}
	for image, preimage := range other.preimages {
		s.preimages[image] = preimage
	}
	return nil
}

func (s *PST) matches(other *PST) error {
	if s.params.GenesisHash != other.params.GenesisHash {
		return refused(ErrPST, "one is for %s, the other for %s", s.params.Name, other.params.Name)
	}
	if s.ID() != other.ID() {
		return refused(ErrPST, "one is for transaction %v, the other for %v", s.ID(), other.ID())
	}
	for i := range s.draft.Coins {
		a, b := &s.draft.Coins[i], &other.draft.Coins[i]
		if a.Coin.Output != b.Coin.Output {
			return refused(ErrPST, "they disagree on the value or address of the coin of input %d", i)
		}
		if a.Policy.String() != b.Policy.String() {
			return refused(ErrPST, "they disagree on the policy of the coin of input %d", i)
		}
	}
	for _, key := range s.asked(types.PolicyKey) {
		a, ours := s.signatures[key]
		b, theirs := other.signatures[key]
		if ours && theirs && a != b {
			return refused(ErrPST, "they hold different signatures by %x", key)
		}
	}
	return nil
}

// has reports whether a leaf of a policy is satisfied so far. Locks are: the
// transaction was made for them.
func (s *PST) has(leaf *types.Policy) bool {
	ok := leaf.Kind == types.PolicyAfter || leaf.Kind == types.PolicyOlder
	switch leaf.Kind {
	case types.PolicyKey:
		_, ok = s.signatures[leaf.Key]
	case types.PolicyHash:
		_, ok = s.preimages[leaf.Key]
	}
	return ok
}

// Finalize returns the signed transaction, judged by the rules but for maturity
// and locks, which depend on when it is sent; a MissingError when it is not
// satisfied. The PST stays as it is.
func (s *PST) Finalize() (types.Transaction, error) {
	tx := s.draft.Tx
	tx.Inputs, tx.Outputs = slices.Clone(tx.Inputs), slices.Clone(tx.Outputs)
	c := chooser{satisfied: s.has}
	for i := range tx.Inputs {
		revealed, ok := c.choose(s.draft.Coins[i].Policy)
		if !ok {
			return types.Transaction{}, &MissingError{Lines: s.Missing(nil)}
		}
		tx.Inputs[i].Unlock = s.unlock(revealed)
	}
	if _, err := judge(s.params, &tx, s.draft.spent()); err != nil {
		return types.Transaction{}, err
	}
	checks, err := rules.Unlocks(&tx, s.draft.spentOutputs(), s.params.GenesisHash)
	if err != nil {
		return types.Transaction{}, err
	}
	if !types.VerifyBatch(checks) {
		return types.Transaction{}, refused(ErrSigner, "transaction %v", tx.ID())
	}
	return tx, nil
}

// unlock returns the unlock that satisfies a revealed policy.
func (s *PST) unlock(revealed types.Policy) types.Unlock {
	u := types.Unlock{Policy: revealed}
	leaves(&revealed, func(leaf *types.Policy) {
		switch leaf.Kind {
		case types.PolicyKey:
			u.Signatures = append(u.Signatures, s.signatures[leaf.Key])
		case types.PolicyHash:
			u.Preimages = append(u.Preimages, s.preimages[leaf.Key])
		}
	})
	return u
}

// MissingError says in words what a PST still lacks, one line for each kind of
// input that is not satisfied.
type MissingError struct{ Lines []string }

// Error implements error.
func (e *MissingError) Error() string {
	return "the transaction is not signed yet: " + strings.Join(e.Lines, "; ")
}

// Missing says in words what is still to be added, one line for inputs that lack
// the same; none when the transaction can be finalized. names is as in
// DescribePolicy.
func (s *PST) Missing(names func(key [32]byte) string) []string {
	n := narrator{names: names}
	c := chooser{satisfied: s.has}
	var wants []string
	inputs := make(map[string][]int)
	for i := range s.draft.Coins {
		p := &s.draft.Coins[i].Policy
		if _, ok := c.choose(*p); ok {
			continue
		}
		want := s.lacks(&n, p)
		if inputs[want] == nil {
			wants = append(wants, want)
		}
		inputs[want] = append(inputs[want], i)
	}
	for i, want := range wants {
		wants[i] = inputList(inputs[want]) + ": " + want
	}
	return wants
}

// lacks says what an unsatisfied policy still needs.
func (s *PST) lacks(n *narrator, p *types.Policy) string {
	if p.Kind != types.PolicyThreshold {
		return n.describe(p)
	}
	c := chooser{satisfied: s.has}
	need := p.N
	var parts []string
	for _, i := range visible(p) {
		child := &p.Children[i]
		if _, ok := c.choose(*child); ok {
			need--
			continue
		}
		part := s.lacks(n, child)
		if child.Kind == types.PolicyThreshold && strings.Contains(part, " ") && len(visible(p)) > 1 {
			part = "(" + part + ")"
		}
		parts = append(parts, part)
	}
	return joined(need, parts)
}

// inputList names inputs, neighbours as a range.
func inputList(inputs []int) string {
	var b bytes.Buffer
	b.WriteString("input")
	if len(inputs) > 1 {
		b.WriteByte('s')
	}
	for i := 0; i < len(inputs); {
		last := i
		for last+1 < len(inputs) && inputs[last+1] == inputs[last]+1 {
			last++
		}
		separator := ", "
		if i == 0 {
			separator = " "
		}
		fmt.Fprintf(&b, "%s%d", separator, inputs[i])
		if last > i {
			fmt.Fprintf(&b, "–%d", inputs[last])
		}
		i = last + 1
	}
	return b.String()
}
