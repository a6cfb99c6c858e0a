package api

// A Peer is a node this one is connected to. What a peer says of itself is
// stripped of everything but printable characters.
type Peer struct {
	ID        string  `json:"id"`
	Address   string  `json:"address"`
	Outbound  bool    `json:"outbound"`
	Kind      string  `json:"kind"` // full, anchor, feeler, manual
	Agent     string  `json:"agent"`
	Version   uint32  `json:"version"` // of the protocol
	PingMS    float64 `json:"pingMs"`
	Score     int     `json:"score"`     // -100 to 100
	Connected int64   `json:"connected"` // since when, in milliseconds since 1970
	BytesIn   uint64  `json:"bytesIn"`
	BytesOut  uint64  `json:"bytesOut"`
	DAAScore  uint64  `json:"daaScore"` // of its sink, as last heard
	State     string  `json:"state"`    // relaying, headers, bodies, serving, stalled
}

// A Ban is a peer or an address that is not talked to.
type Ban struct {
	Target string `json:"target"` // a peer id, an address or a network
	Reason string `json:"reason"`
	Until  int64  `json:"until"` // milliseconds since 1970
}

// A Network is how this node is reached.
type Network struct {
	PeerID    string    `json:"peerId"`
	Listening []string  `json:"listening"` // multiaddresses
	Public    string    `json:"public"`    // yes, no, unknown
	Peers     PeerCount `json:"peers"`
	Known     int       `json:"known"` // addresses in the address book
	Bans      []Ban     `json:"bans"`
	BytesIn   uint64    `json:"bytesIn"`
	BytesOut  uint64    `json:"bytesOut"`
	Relay     Relay     `json:"relay"`
}

// A Relay counts where the transactions of announced blocks came from since the
// start, coinbases aside.
type Relay struct {
	Blocks  uint64 `json:"blocks"`
	Known   uint64 `json:"known"`   // were in the pool and had not to be sent
	Sent    uint64 `json:"sent"`    // came with the announcement
	Fetched uint64 `json:"fetched"` // had to be asked for
}

// Add adds the counts of another node.
func (r *Relay) Add(o Relay) {
	r.Blocks += o.Blocks
	r.Known += o.Known
	r.Sent += o.Sent
	r.Fetched += o.Fetched
}

// Spared is the share of transactions that had not to be sent, 1 where there
// were none.
func (r *Relay) Spared() float64 {
	all := r.Known + r.Sent + r.Fetched
	if all == 0 {
		return 1
	}
	return float64(r.Known) / float64(all)
}
