package syncer

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/net/wire"
)

// A session fetches headers from one peer: from where our histories part to all
// that the peer has. What it stored stays, however it ends.
type session struct {
	peer        *peer
	locator     []types.Hash
	provisional *provisional  // nil once the headers have proven their work
	claim       types.Uint256 // what the peer was said to have
	claimed     types.Hash
	top         types.Uint256 // blue work of the last header of the last answer
	best        types.Hash    // of the headers received the one of the most blue work
	bestWork    types.Uint256
	tail        []types.Hash // the last headers, which no chain block may merge yet
}

// startSession asks a peer for headers. Its claim is being looked into, and
// whatever it gains from now on is a new one.
func (c *Core) startSession(p *peer) {
	locator, err := c.cfg.Chain.Locator()
	if err != nil {
		return
	}
	c.session = &session{peer: p, locator: locator, claim: p.claim, claimed: p.claimed, provisional: newProvisional(c)}
	p.claim, p.claimed = types.Uint256{}, types.Hash{}
	c.askHeaders(c.session, locator)
}

func (c *Core) askHeaders(s *session, locator []types.Hash) {
	locator = locator[:min(len(locator), wire.MaxLocator)]
	c.ask(s.peer, &wire.HeadersRequest{Locator: locator}, headersTimeout, func(answer wire.Message, err error) {
		m, ok := answer.(*wire.Headers)
		if err == nil && !ok {
			err = errWrongAnswer
		}
		if err == nil {
			err = c.takeHeaders(s, m)
		}
		if err != nil {
			c.endSession(s, err)
		}
	})
}

// takeHeaders stores an answer, or keeps it until the work is proven, and goes on
// where the peer has more.
func (c *Core) takeHeaders(s *session, m *wire.Headers) error {
	if err := s.ascend(m); err != nil {
		return err
	}
	for i := range m.Headers {
		s.note(&m.Headers[i], !m.More)
	}
	if err := c.storeHeaders(s, m.Headers); err != nil {
		return err
	}
	if !m.More {
		if err := c.keptWord(s); err != nil {
			return err
		}
		c.endSession(s, nil)
		return nil
	}
	if !s.peer.mayAsk(c.now) {
		s.peer.claims(s.best, s.bestWork, c.now) // goes on when the peer may be asked again
		c.endSession(s, nil)
		return nil
	}
	last := m.Headers[len(m.Headers)-1].Hash()
	c.askHeaders(s, append([]types.Hash{last}, s.locator...))
	return nil
}

// keptWord holds that a peer handed out as much work as it said it has when it
// said hello: the work of its selected chain, which never falls. Of what others
// said of it nothing is its fault.
func (c *Core) keptWord(s *session) error {
	_, best, err := c.cfg.Chain.BestHeader()
	if err != nil || s.claimed != s.peer.hello.Sink || c.isKnown(s.claimed) {
		return err
	}
	if s.claim.Cmp(s.bestWork) > 0 && s.claim.Cmp(best) > 0 {
		return lie("work %v was claimed and %v is there", s.claim, s.bestWork)
	}
	return nil
}

// ascend holds that an answer with more to come ends higher on the chain than the
// one before: a peer that goes round in circles could be listened to for ever.
func (s *session) ascend(m *wire.Headers) error {
	if !m.More {
		return nil
	}
	if len(m.Headers) == 0 {
		return lie("no headers, and more to come")
	}
	top := m.Headers[len(m.Headers)-1].BlueWork
	if top.Cmp(s.top) <= 0 {
		return lie("headers that lead nowhere, and more to come")
	}
	s.top = top
	return nil
}

// note keeps the hashes that tell what bodies to fetch.
func (s *session) note(h *types.Header, last bool) {
	hash := h.Hash()
	if h.BlueWork.Cmp(s.bestWork) > 0 {
		s.best, s.bestWork = hash, h.BlueWork
	}
	if last {
		s.tail = append(s.tail, hash)
	}
}

func (c *Core) storeHeaders(s *session, headers []types.Header) error {
	if s.provisional == nil {
		return c.addHeaders(headers)
	}
	proven, err := s.provisional.take(headers)
	if !proven {
		return err
	}
	headers, s.provisional = s.provisional.headers, nil
	return cmp.Or(c.addHeaders(headers), err)
}

// addHeaders stores headers; the ones before an error stay.
func (c *Core) addHeaders(headers []types.Header) error {
	_, _, err := c.cfg.Chain.AddHeaders(headers)
	if c.isBehind() {
		c.synced = false
	}
	return err
}

// endSession turns to the bodies of what was stored. What the peer was said to
// have is to be looked into again when it could not be had this time.
func (c *Core) endSession(s *session, err error) {
	c.session, c.polled = nil, c.now
	if err != nil && !isHarmless(err) {
		points := sessionPoints(err)
		s.peer.fail(c.now, err, points)
		s.peer.claims(s.claimed, s.claim, c.now)
		c.rate(s.peer, points, fmt.Errorf("headers: %w", err))
	}
	if c.follow(s); err == nil {
		c.settleSync()
	}
}

// isHarmless reports whether a session ended early for a reason that says nothing
// of the peer.
func isHarmless(err error) bool {
	return errors.Is(err, rules.ErrFutureTime) || errors.Is(err, rules.ErrUnknownVersion) || errors.Is(err, chain.ErrPruned)
}

// sessionPoints returns what an answer costs: a peer has validated what it hands
// out, so whatever breaks a rule is a lie.
func sessionPoints(err error) int {
	var rule rules.RuleError
	var unknown *chain.UnknownParentsError
	if errors.As(err, &rule) || errors.As(err, &unknown) || errors.Is(err, errWrongAnswer) || errors.Is(err, chain.ErrKnownInvalid) {
		return PointsWrongSync
	}
	return 0
}
