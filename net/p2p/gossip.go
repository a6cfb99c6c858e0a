package p2p

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"golang.org/x/time/rate"
	"google.golang.org/protobuf/proto"

	"github.com/jio-dag/jio/net/p2p/reputation"
)

const (
	gossipName = "gossip"

	// envelopeRoom is what a message may take beside its data.
	envelopeRoom = 1 << 10

	// Scores below which a peer gets no gossip, nothing this node publishes, and
	// no hearing. Reputation is the larger part of a score and bans before any of
	// them is reached by it alone.
	gossipThreshold   = -20
	publishThreshold  = -40
	graylistThreshold = -60

	// strangerScore keeps out who has not said hello.
	strangerScore = -1e6
)

var errFlood = errors.New("over the byte budget")

// gossip is the topics this node takes part in.
type gossip struct {
	topics map[string]*pubsub.Topic
	specs  map[string]*Topic // by name on the wire
}

// openGossip joins the topics. Everything in it ends with the Host's context.
func (h *Host) openGossip() error {
	h.gossip = gossip{topics: map[string]*pubsub.Topic{}, specs: map[string]*Topic{}}
	if len(h.cfg.Topics) == 0 {
		return nil
	}
	var wire []string
	largest, workers := 0, 0
	for i := range h.cfg.Topics {
		t := &h.cfg.Topics[i]
		name := string(h.protocolID(t.Name))
		h.gossip.specs[name] = t
		wire = append(wire, name)
		largest, workers = max(largest, t.MaxSize), workers+t.Workers
	}
	ps, err := pubsub.NewGossipSub(h.ctx, h.net,
		pubsub.WithMessageSignaturePolicy(pubsub.StrictNoSign),
		pubsub.WithNoAuthor(),
		pubsub.WithMessageIdFn(h.messageID),
		pubsub.WithGossipSubProtocols([]protocol.ID{h.protocolID(gossipName)}, gossipFeatures),
		pubsub.WithSubscriptionFilter(pubsub.WrapLimitSubscriptionFilter(pubsub.NewAllowlistSubscriptionFilter(wire...), 2*len(wire))),
		pubsub.WithMaxMessageSize(largest+envelopeRoom),
		pubsub.WithFloodPublish(true),
		pubsub.WithPeerScore(h.scoreParams(wire), &pubsub.PeerScoreThresholds{
			GossipThreshold: gossipThreshold, PublishThreshold: publishThreshold,
			GraylistThreshold: graylistThreshold, AcceptPXThreshold: reputation.Best + 1,
			OpportunisticGraftThreshold: 1,
		}),
		pubsub.WithAppSpecificRpcInspector(h.inspect),
		pubsub.WithPeerOutboundQueueSize(256),
		pubsub.WithValidateQueueSize(512),
		pubsub.WithValidateThrottle(max(workers, 1)),
		pubsub.WithDefaultValidator(h.check, pubsub.WithValidatorInline(true)),
		pubsub.WithLogger(slog.New(slog.DiscardHandler)), // peers could fill the disk through it
		pubsub.WithRPCLogger(slog.New(slog.DiscardHandler)),
	)
	if err != nil {
		return err
	}
	for name, t := range h.gossip.specs {
		if err := h.join(ps, name, t); err != nil {
			return fmt.Errorf("topic %s: %w", t.Name, err)
		}
	}
	return nil
}

// gossipFeatures says which versions of gossipsub our own protocol id stands
// for: 1.2.
func gossipFeatures(f pubsub.GossipSubFeature, _ protocol.ID) bool {
	return f != pubsub.GossipSubFeatureExtensions
}

func (h *Host) join(ps *pubsub.PubSub, name string, t *Topic) error {
	if t.Workers > 0 {
		validate := func(ctx context.Context, id peer.ID, m *pubsub.Message) pubsub.ValidationResult {
			return h.validate(ctx, t, id, m)
		}
		if err := ps.RegisterTopicValidator(name, validate, pubsub.WithValidatorConcurrency(t.Workers)); err != nil {
			return err
		}
	}
	topic, err := ps.Join(name)
	if err != nil {
		return err
	}
	h.gossip.topics[t.Name] = topic
	_, err = topic.Relay() // messages reach this node through the validators
	return err
}

// scoreParams makes a peer's gossip score of its reputation and of messages it
// brought first. Rejected messages count in the reputation alone: counted by the
// library too, who sends them would be unheard before it is banned, and so never
// be. Silence costs nothing: on a young network there is little to say.
func (h *Host) scoreParams(topics []string) *pubsub.PeerScoreParams {
	p := &pubsub.PeerScoreParams{
		Topics:                      map[string]*pubsub.TopicScoreParams{},
		TopicScoreCap:               50,
		AppSpecificScore:            h.gossipScore,
		AppSpecificWeight:           1,
		IPColocationFactorWeight:    -5,
		IPColocationFactorThreshold: h.cfg.Limits.ConnsPerIP,
		BehaviourPenaltyWeight:      -1,
		BehaviourPenaltyThreshold:   6,
		BehaviourPenaltyDecay:       0.9,
		DecayInterval:               10 * time.Second,
		DecayToZero:                 0.01,
		RetainScore:                 time.Hour,
	}
	if isLocal(h.cfg.Params) {
		for _, l := range loopback {
			p.IPColocationFactorWhitelist = append(p.IPColocationFactorWhitelist, &net.IPNet{
				IP: l.Addr().AsSlice(), Mask: net.CIDRMask(l.Bits(), l.Addr().BitLen()),
			})
		}
	}
	for _, name := range topics {
		p.Topics[name] = &pubsub.TopicScoreParams{
			SkipAtomicValidation:         true,
			TopicWeight:                  1,
			TimeInMeshQuantum:            time.Second, // the library divides by it, whatever the weight
			FirstMessageDeliveriesWeight: 1,
			FirstMessageDeliveriesDecay:  0.9,
			FirstMessageDeliveriesCap:    20,
		}
	}
	return p
}

func (h *Host) gossipScore(id peer.ID) float64 {
	if !h.isHeard(id) {
		return strangerScore
	}
	return float64(h.archive.score(id))
}

// isHeard reports whether a peer said hello and is not banned: until the connection
// of one that is banned has gone, hundreds of its messages may be on their way.
func (h *Host) isHeard(id PeerID) bool {
	return h.roster.isMember(id) && !h.archive.banned(id, netip.Addr{})
}

// inspect holds everything a peer sends on gossip against its byte budget.
func (h *Host) inspect(id peer.ID, rpc *pubsub.RPC) error {
	if !h.roster.isMember(id) { // may subscribe, is not heard
		return nil
	}
	control := 0
	if rpc.Control != nil {
		control = proto.Size(rpc.Control)
	}
	excess := !h.roster.spend(id, func(m *member) *rate.Limiter { return m.control }, control)
	if !excess && h.roster.spend(id, func(m *member) *rate.Limiter { return m.gossip }, proto.Size(&rpc.RPC)) {
		return nil
	}
	h.counts.flooded.Add(1)
	// Many peers may have the same messages at a time. Nobody has so much to say of
	// them.
	if excess || h.roster.spend(id, func(m *member) *rate.Limiter { return m.scolds }, 1) {
		h.spawn("flood", func(context.Context) { h.Report(id, reputation.Unrequested) })
	}
	return errFlood
}

// messageID names a message after its topic and what the topic makes of it.
func (h *Host) messageID(m *pb.Message) (id string) {
	t := h.gossip.specs[m.GetTopic()]
	if t == nil {
		return pubsub.DefaultMsgIdFn(m)
	}
	h.guarded("message id", func() { id = t.ID(m.GetData()) })
	return t.Name + "/" + id
}

// check is the first look at a message, in the goroutine of a validation worker.
// What it does not accept it rejects towards the library, whatever the verdict:
// what is merely ignored would go on to validate and take the room of others
// there, and a rejection has no weight in the library's score.
func (h *Host) check(_ context.Context, id peer.ID, m *pubsub.Message) pubsub.ValidationResult {
	t := h.gossip.specs[m.GetTopic()]
	switch {
	case id == h.id:
		return pubsub.ValidationAccept
	case t == nil || !h.isHeard(id):
		return pubsub.ValidationReject
	}
	if len(m.Data) > t.MaxSize {
		h.Report(id, reputation.Oversized)
		return h.tally(Reject)
	}
	var verdict Verdict
	var look Look
	h.guarded("check of "+t.Name, func() { verdict, look = t.Check(id, m.Data) })
	if verdict == Accept && look != nil {
		m.ValidatorData = look
		return pubsub.ValidationAccept // which is not the last word
	}
	if h.tally(verdict) == pubsub.ValidationAccept {
		return pubsub.ValidationAccept
	}
	return pubsub.ValidationReject
}

// validate is the second look, in a goroutine of its own.
func (h *Host) validate(ctx context.Context, t *Topic, id peer.ID, m *pubsub.Message) pubsub.ValidationResult {
	if id == h.id {
		return pubsub.ValidationAccept
	}
	look, ok := m.ValidatorData.(Look)
	if !ok {
		return pubsub.ValidationAccept // the first said it all
	}
	verdict := Ignore
	h.guarded("look at "+t.Name, func() { verdict = look(ctx) })
	return h.tally(verdict)
}

func (h *Host) tally(v Verdict) pubsub.ValidationResult {
	switch v {
	case Accept:
		h.counts.accepted.Add(1)
		return pubsub.ValidationAccept
	case Reject:
		h.counts.rejected.Add(1)
		return pubsub.ValidationReject
	}
	h.counts.ignored.Add(1)
	return pubsub.ValidationIgnore
}

// Publish sends a message of this node's own to every peer that hears the topic.
// It does not wait for any of them.
func (h *Host) Publish(ctx context.Context, topic string, data []byte) error {
	t := h.gossip.topics[topic]
	switch {
	case t == nil:
		return fmt.Errorf("p2p: no topic %q", topic)
	case len(data) > h.gossip.specs[t.String()].MaxSize:
		return ErrTooLarge
	case !h.tasks.enter():
		return ErrClosed
	}
	defer h.tasks.leave()
	return t.Publish(ctx, data)
}
