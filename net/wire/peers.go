package wire

import "github.com/jio-dag/jio/chain/types"

const (
	// MaxPeers is the most records of an answer.
	MaxPeers = 64
	// MaxPeerRecord is the most bytes of a signed address record.
	MaxPeerRecord = 2 << 10
)

// A PeersRequest asks for addresses of other nodes.
type PeersRequest struct{}

// Kind implements Message.
func (*PeersRequest) Kind() Kind { return KindPeersRequest }

// EncodeTo implements types.EncoderTo.
func (*PeersRequest) EncodeTo(*types.Encoder) {}

// DecodeFrom implements types.DecoderFrom.
func (*PeersRequest) DecodeFrom(*types.Decoder) {}

// A PeerRecord is an address signed by the peer that has it. What is in it is
// the transport's business.
type PeerRecord []byte

// Peers answers a PeersRequest.
type Peers struct{ Records []PeerRecord }

// Kind implements Message.
func (*Peers) Kind() Kind { return KindPeers }

// EncodeTo implements types.EncoderTo.
func (m *Peers) EncodeTo(e *types.Encoder) {
	encodeList(e, m.Records, func(r *PeerRecord, e *types.Encoder) { e.ByteString(*r) })
}

// DecodeFrom implements types.DecoderFrom.
func (m *Peers) DecodeFrom(d *types.Decoder) {
	m.Records = decodeList(d, bound{"peer records", MaxPeers, 4}, func(r *PeerRecord, d *types.Decoder) {
		*r = d.ByteString()
		within(d, "bytes of peer record", len(*r), MaxPeerRecord)
	})
}
