package spend

import (
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// A PST is a partially signed transaction: what is spent and paid, and the
// signatures and preimages collected so far. One signature by a key serves all
// inputs, because all sign the same hash. It is made by Draft.PST or ParsePST and
// changed only by its methods.
type PST struct {
	params *params.Params
	draft  Draft
}

// MissingError says in words what a PST still lacks, one line for each input
// that is not satisfied.
type MissingError struct{ Lines []string }

// Error implements error.
func (e *MissingError) Error() string { return "" }

// ParsePST reads what MarshalJSON wrote, for the same network. Only the canonical
// form is read, white space between tokens aside; every signature and preimage
// is verified.
func ParsePST(p *params.Params, data []byte) (*PST, error) { return nil, errUnwritten }

// MarshalJSON returns the canonical form.
func (s *PST) MarshalJSON() ([]byte, error) { return nil, errUnwritten }

// ID returns the ID that the transaction has, signed or not.
func (s *PST) ID() types.Hash { return types.Hash{} }

// Draft returns the transaction, its coins and its fee. It must not be changed.
func (s *PST) Draft() *Draft { return &s.draft }

// Sign adds signatures by every key that the coins name and the signer holds,
// and returns how many are new.
func (s *PST) Sign(sign Signer) (added int, err error) { return 0, errUnwritten }

// Reveal adds a preimage; some coin must ask for it.
func (s *PST) Reveal(preimage types.Preimage) error { return errUnwritten }

// Combine takes over the signatures and preimages of another PST of the same
// transaction and coins. Anything that differs is an error, and then nothing is
// taken over.
func (s *PST) Combine(other *PST) error { return errUnwritten }

// Signatures returns how many signatures and preimages are there.
func (s *PST) Signatures() (signatures, preimages int) { return 0, 0 }

// Missing says in words what is still to be added, one line per unsatisfied
// input; none when the transaction can be finalized. names is as in
// DescribePolicy.
func (s *PST) Missing(names func(key [32]byte) string) []string { return nil }

// Finalize returns the signed transaction, judged by the rules but for maturity
// and locks, which depend on when it is sent; a MissingError when it is not
// satisfied. The PST stays as it is.
func (s *PST) Finalize() (types.Transaction, error) { return types.Transaction{}, errUnwritten }
