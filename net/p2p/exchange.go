package p2p

import (
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/record"

	"github.com/jio-dag/jio/net/p2p/addrbook"
	"github.com/jio-dag/jio/net/p2p/reputation"
)

const (
	// maxTold is how many records one answer tells.
	maxTold = 64
	// toldFor is how long everyone who asks is told the same, so that asking
	// often does not read out the book.
	toldFor = 10 * time.Minute
	// maxListed bounds an encoded list of records.
	maxListed = maxTold * (2 + addrbook.MaxEnvelope)
)

var errRecords = errors.New("not a list of signed addresses")

// A telling is the answer that the protocol peers gives for a while.
type telling struct {
	mu    sync.Mutex
	until time.Time
	list  []byte
}

// peersProtocol returns the protocol by which nodes tell each other signed
// addresses.
func (h *Host) peersProtocol() Protocol {
	return Protocol{
		Name: peersName, MaxResponse: maxListed,
		Serve: func(context.Context, PeerID, []byte) ([]byte, error) { return h.told.answer(h), nil },
	}
}

func (t *telling) answer(h *Host) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := h.cfg.Now()
	if now.Before(t.until) {
		return t.list
	}
	records := h.archive.sample(maxTold)
	t.list = encodeRecords(records)
	if len(records) > addrbook.FewRecords { // a book of few has nothing to hide
		t.until = now.Add(toldFor)
	}
	return t.list
}

// askPeers asks a peer for addresses and learns them.
func (h *Host) askPeers(ctx context.Context, id PeerID) {
	list, err := h.Request(ctx, id, peersName, nil)
	if err != nil {
		return
	}
	records, err := decodeRecords(list)
	if err != nil {
		h.Report(id, reputation.WrongSync)
		return
	}
	ips := h.roster.addresses(id)
	if len(ips) == 0 {
		return
	}
	for _, r := range records {
		h.learnSigned(ips[0], r)
	}
}

// learnSigned learns what a peer says of itself, told by a source.
func (h *Host) learnSigned(source netip.Addr, envelope []byte) {
	if len(envelope) > addrbook.MaxEnvelope {
		return
	}
	r, err := openRecord(envelope)
	if err == nil && r.ID != h.id {
		h.archive.learn(source, r)
	}
}

// openRecord verifies a signed record (RFC 0002 and 0003 of libp2p) and reads
// the addresses in it that the book can hold.
func openRecord(envelope []byte) (addrbook.Record, error) {
	signed, content, err := record.ConsumeEnvelope(envelope, peer.PeerRecordEnvelopeDomain)
	if err != nil {
		return addrbook.Record{}, err
	}
	said, ok := content.(*peer.PeerRecord)
	if !ok || !isEd25519(said.PeerID) || !said.PeerID.MatchesPublicKey(signed.PublicKey) {
		return addrbook.Record{}, errRecords
	}
	r := addrbook.Record{ID: said.PeerID, Seq: said.Seq, Envelope: envelope}
	for _, m := range said.Addrs {
		if a, ok := addressOf(m); ok && !slices.Contains(r.Addrs, a) {
			r.Addrs = append(r.Addrs, a)
		}
	}
	return r, nil
}

// listenForRecords keeps what peers say of themselves when they identify, and
// learns it from those that are members. Of the others it is learnt when they
// join: identification may come before the hello or after it.
func (h *Host) listenForRecords(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-h.identified.Out():
			if !ok {
				return
			}
			done := e.(event.EvtPeerIdentificationCompleted)
			if done.SignedPeerRecord == nil {
				continue
			}
			if envelope, err := done.SignedPeerRecord.Marshal(); err == nil && len(envelope) <= addrbook.MaxEnvelope {
				h.roster.setRecord(done.Conn, envelope)
			}
			if h.roster.isMember(done.Peer) {
				h.learnOwn(done.Peer)
			}
		}
	}
}

// learnOwn learns what a peer said of itself.
func (h *Host) learnOwn(id PeerID) {
	ips, envelope := h.roster.addresses(id), h.roster.record(id)
	if len(ips) > 0 && envelope != nil {
		h.learnSigned(ips[0], envelope)
	}
}

// encodeRecords writes records, each behind its length (2 bytes, little-endian).
func encodeRecords(records [][]byte) []byte {
	var list []byte
	for _, r := range records {
		list = append(binary.LittleEndian.AppendUint16(list, uint16(len(r))), r...)
	}
	return list
}

func decodeRecords(list []byte) (records [][]byte, err error) {
	for len(list) > 0 {
		if len(list) < 2 || len(records) == maxTold {
			return nil, errRecords
		}
		size := int(binary.LittleEndian.Uint16(list))
		if list = list[2:]; size == 0 || size > min(len(list), addrbook.MaxEnvelope) {
			return nil, errRecords
		}
		records, list = append(records, list[:size:size]), list[size:]
	}
	return records, nil
}
