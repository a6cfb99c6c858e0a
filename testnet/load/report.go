package load

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/testnet/figures"
)

// A Report is how the load does.
type Report struct {
	Wallets    int                 `json:"wallets"`
	Sent       uint64              `json:"sent"`      // payments that were not refused
	Accepted   uint64              `json:"accepted"`  // by the selected chain
	Confirmed  uint64              `json:"confirmed"` // of those, ten seconds' worth of blocks deep
	Undone     uint64              `json:"undone"`    // acceptances that the chain took back
	Refused    uint64              `json:"refused"`
	Reasons    map[string]uint64   `json:"refusedBy,omitempty"`
	Unanswered uint64              `json:"unanswered"` // calls, of payments and others
	Lost       uint64              `json:"lost"`       // not accepted within two minutes
	Starved    uint64              `json:"starved"`    // not made, because no coin was ready
	Pending    int                 `json:"pending"`    // not accepted yet
	Found      int                 `json:"found"`      // coins that the wallets had at the start
	Spreads    uint64              `json:"spreads"`    // transactions that made many coins of one
	Seconds    float64             `json:"seconds"`    // from the first payment to the last
	PerSec     float64             `json:"acceptedPerSecond"`
	Latency    figures.Percentiles `json:"latency"` // from submission until accepted by the chain
	CPU        float64             `json:"cpuMsPerPayment"`
	Refusal    string              `json:"lastRefusal,omitempty"`
	Stalled    float64             `json:"secondsWithoutBlock,omitempty"` // when nobody seems to mine
}

// Write says how the load did, in lines of a name and a value with a tab between.
func (r *Report) Write(w io.Writer) {
	fmt.Fprintf(w, "load\t%d sent, %d accepted (%.1f a second), %d confirmed, %d pending, %d refused, %d lost, %d starved, %d spread\n",
		r.Sent, r.Accepted, r.PerSec, r.Confirmed, r.Pending, r.Refused, r.Lost, r.Starved, r.Spreads)
	fmt.Fprintf(w, "acceptance\t%v\n", r.Latency)
	fmt.Fprintf(w, "cost\t%.1f ms of processor time a payment, all that the nodes did included\n", r.CPU)
	if r.Unanswered > 0 {
		fmt.Fprintf(w, "unanswered\t%d calls\n", r.Unanswered)
	}
	if r.Undone > 0 {
		fmt.Fprintf(w, "undone\t%d acceptances were taken back by the chain\n", r.Undone)
	}
	if len(r.Reasons) > 0 {
		fmt.Fprintf(w, "refused by\t%s\n", r.reasons())
	}
	if r.Refusal != "" {
		fmt.Fprintf(w, "last refusal\t%s\n", r.Refusal)
	}
}

// reasons lists why payments were refused, the most frequent first.
func (r *Report) reasons() string {
	names := slices.SortedFunc(maps.Keys(r.Reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Reasons[b], r.Reasons[a]), cmp.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, r.Reasons[name])
	}
	return strings.Join(names, ", ")
}

// ErrNothing is the verdict on a load of which nothing came.
var ErrNothing = errors.New("nothing came of the load")

// Verdict is ErrNothing, and why, when no payment was sent, or none accepted.
func (r *Report) Verdict() error {
	what := "no payment was accepted"
	switch {
	case r.Accepted > 0:
		return nil
	case r.Sent == 0:
		what = "no payment could be sent"
	}
	switch {
	case r.Stalled > 0:
		return fmt.Errorf("%w: %s; no block has come for %.0f s, so nobody seems to mine", ErrNothing, what, r.Stalled)
	case r.Refusal != "":
		return fmt.Errorf("%w: %s; %s", ErrNothing, what, r.Refusal)
	case r.Sent == 0:
		return fmt.Errorf("%w: %s; the wallets have no coins that can be spent", ErrNothing, what)
	}
	return fmt.Errorf("%w: %s in time", ErrNothing, what)
}

// noAnswer is the reason that is none of the node's.
const noAnswer = "no answer"

// reasonOf names a refusal for the count: the node's name of it, else what kind
// of failure it was.
func reasonOf(err error) string {
	var refusal *api.Error
	switch {
	case !errors.As(err, &refusal):
		return noAnswer
	case refusal.Reason != "":
		return refusal.Reason
	}
	return fmt.Sprintf("code %d", refusal.Code)
}
