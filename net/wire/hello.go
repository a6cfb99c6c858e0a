package wire

import (
	"fmt"
	"strings"

	"github.com/jio-dag/jio/chain/types"
)

// ProtocolVersion is the version of the messages of this package.
const ProtocolVersion = 1

// MaxAgent is the most bytes of a user agent.
const MaxAgent = 64

// Services is a set of things that a node does for others.
type Services uint32

// The services.
const (
	ServiceFull    Services = 1 << iota // validates everything and serves what is not pruned
	ServiceArchive                      // has every body since genesis
	ServicePruned                       // has bodies from its pruning point on
)

// A Hello is what two peers tell each other first. Nothing in it is proven.
type Hello struct {
	Version        uint32 // ProtocolVersion
	Agent          string // at most MaxAgent bytes of printable ASCII
	Services       Services
	Genesis        types.Hash
	RuleSets       types.Hash // of the list of rule sets, to tell an old release
	NextActivation uint64     // DAA score at which the next rule set takes force, 0 for none
	Sink           types.Hash
	BlueWork       types.Uint256 // of the sink
	DAAScore       uint64        // of the sink
	PruningPoint   types.Hash
	Clock          uint64 // milliseconds since 1970
}

// Kind implements Message.
func (*Hello) Kind() Kind { return KindHello }

// EncodeTo implements types.EncoderTo.
func (h *Hello) EncodeTo(e *types.Encoder) {
	e.Uint32(h.Version)
	e.ByteString([]byte(h.Agent))
	e.Uint32(uint32(h.Services))
	h.Genesis.EncodeTo(e)
	h.RuleSets.EncodeTo(e)
	e.Uint64(h.NextActivation)
	h.Sink.EncodeTo(e)
	h.BlueWork.EncodeTo(e)
	e.Uint64(h.DAAScore)
	h.PruningPoint.EncodeTo(e)
	e.Uint64(h.Clock)
}

// DecodeFrom implements types.DecoderFrom.
func (h *Hello) DecodeFrom(d *types.Decoder) {
	h.Version = d.Uint32()
	h.Agent = decodeAgent(d)
	h.Services = Services(d.Uint32())
	h.Genesis.DecodeFrom(d)
	h.RuleSets.DecodeFrom(d)
	h.NextActivation = d.Uint64()
	h.Sink.DecodeFrom(d)
	h.BlueWork.DecodeFrom(d)
	h.DAAScore = d.Uint64()
	h.PruningPoint.DecodeFrom(d)
	h.Clock = d.Uint64()
}

func decodeAgent(d *types.Decoder) string {
	agent := string(d.ByteString())
	within(d, "bytes of agent", len(agent), MaxAgent)
	if at := strings.IndexFunc(agent, func(r rune) bool { return r < ' ' || r > '~' }); at >= 0 {
		d.Fail(fmt.Errorf("%w: the agent is not printable at byte %d", ErrNotCanonical, at))
	}
	return agent
}
