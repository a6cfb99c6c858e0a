package service

import (
	"context"
	"time"

	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/node/api"
)

// Peers is what the service asks of the network. A function that is nil stands
// for a node without that part: lists are empty, changes are unavailable, and
// the node counts as synced when Alone says so.
type Peers struct {
	Alone bool // a network for oneself: without peers nothing is missing

	List    func() []api.Peer
	Network func() api.Network
	Sync    func() api.Sync
	Bans    func() []api.Ban
	Add     func(ctx context.Context, target string) error
	Drop    func(peer string) error
	Ban     func(target, reason string, d time.Duration) error
	Unban   func(target string) error
}

// dayOfBan is how long a ban lasts unless told otherwise, longestBan how long
// at most.
const (
	dayOfBan   = 24 * time.Hour
	longestBan = 10 * 365 * 24 * time.Hour
)

func (p *Peers) list() []api.Peer {
	if p.List == nil {
		return []api.Peer{}
	}
	return p.List()
}

func (p *Peers) network() api.Network {
	if p.Network == nil {
		return api.Network{Listening: []string{}, Public: "no", Bans: []api.Ban{}}
	}
	return p.Network()
}

// sync without a network knows only whether there is anybody to ask.
func (p *Peers) sync() api.Sync {
	switch {
	case p.Sync != nil:
		return p.Sync()
	case p.Alone:
		return api.Sync{Stage: syncer.StageDone.String(), Step: syncer.Stages, Steps: syncer.Stages, From: []string{}}
	}
	return api.Sync{Stage: syncer.StagePeers.String(), Step: 1, Steps: syncer.Stages, ETA: -1, From: []string{}, Message: "waiting for peers"}
}

func (s *Service) getPeers(context.Context, api.None) (api.Peers, error) {
	return api.Peers{Peers: s.Peers.list()}, nil
}

func (s *Service) getNetwork(context.Context, api.None) (api.Network, error) {
	return s.Peers.network(), nil
}

func (s *Service) syncProgress(context.Context, api.None) (api.Sync, error) {
	return s.Peers.sync(), nil
}

func (s *Service) getBans(context.Context, api.None) (api.Bans, error) {
	if s.Peers.Bans == nil {
		return api.Bans{Bans: []api.Ban{}}, nil
	}
	return api.Bans{Bans: s.Peers.Bans()}, nil
}

func (s *Service) addPeer(ctx context.Context, p api.PeerParams) (none api.None, err error) {
	if s.Peers.Add == nil {
		return none, errNoNetwork
	}
	if err := needPeer(p.Peer); err != nil {
		return none, err
	}
	return none, s.Peers.Add(ctx, p.Peer)
}

func (s *Service) dropPeer(_ context.Context, p api.PeerParams) (none api.None, err error) {
	if s.Peers.Drop == nil {
		return none, errNoNetwork
	}
	if err := needPeer(p.Peer); err != nil {
		return none, err
	}
	return none, s.Peers.Drop(p.Peer)
}

func (s *Service) banPeer(_ context.Context, p api.BanParams) (none api.None, err error) {
	if s.Peers.Ban == nil {
		return none, errNoNetwork
	}
	if err := needPeer(p.Peer); err != nil {
		return none, err
	}
	if p.Seconds < 0 || p.Seconds > int64(longestBan/time.Second) {
		return none, invalid("seconds", "%d is not a time from 0 to %d", p.Seconds, int64(longestBan/time.Second))
	}
	d := time.Duration(p.Seconds) * time.Second
	if d == 0 {
		d = dayOfBan
	}
	return none, s.Peers.Ban(p.Peer, p.Reason, d)
}

func (s *Service) unbanPeer(_ context.Context, p api.PeerParams) (none api.None, err error) {
	if s.Peers.Unban == nil {
		return none, errNoNetwork
	}
	if err := needPeer(p.Peer); err != nil {
		return none, err
	}
	return none, s.Peers.Unban(p.Peer)
}

var errNoNetwork = api.Errorf(api.CodeUnavailable, "this node runs without the peer-to-peer network")

func needPeer(peer string) error {
	if peer == "" {
		return invalid("peer", "name one")
	}
	return nil
}
