package service

import (
	"context"

	"github.com/jio-dag/jio/node/api"
)

// Status returns the status published last. It is shared and read-only.
func (s *Service) Status() *api.Status { return s.status.Load() }

// Refresh publishes a new status and returns it. The node calls it a few times a
// second, so that its many readers need not look at the parts themselves.
func (s *Service) Refresh() *api.Status {
	status := s.present()
	s.status.Store(status)
	s.refreshed.Ring()
	return status
}

// present returns the status of this moment.
func (s *Service) present() *api.Status {
	now := s.Now()
	miner := s.Host.Miner()
	status := &api.Status{
		Network:         s.Params.Name,
		Version:         s.Host.Version,
		DataDir:         s.Host.DataDir,
		AddressPrefix:   s.Params.AddressPrefix,
		BlocksPerSecond: s.Params.BlocksPerSecond,
		K:               uint64(s.Params.K),
		Maturity:        s.Params.CoinbaseMaturity,
		Genesis:         s.Params.GenesisHash,
		Taken:           now.UnixMilli(),
		Uptime:          now.Sub(s.Host.Started).Milliseconds(),
		Dag:             s.dag(s.Chain.Snapshot()),
		Sync:            s.Peers.sync(),
		Peers:           s.Peers.network().Peers,
		Mempool:         s.usage(),
		Mining:          miner.Running,
		Miner:           miner,
		Wallets:         s.walletSummaries(),
		System:          s.Host.System(),
	}
	status.Synced = status.Sync.Stage == "done"
	return status
}

// getStatus answers with a status of this very moment, so that whoever asks
// after a change sees it.
func (s *Service) getStatus(context.Context, api.None) (api.Status, error) {
	return *s.present(), nil
}
