package node

import (
	"context"
	"errors"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/service"
	"github.com/jio-dag/jio/wallet/hd"
)

// openService makes what answers the methods of the interface, to the RPC server
// and to the dashboard alike.
func (n *Node) openService() error {
	n.service = service.New(service.Config{
		Params:  n.cfg.Params,
		Chain:   n.chain,
		Pool:    n.pool,
		Index:   n.index,
		Wallets: n.wallets,
		Now:     time.Now,
		Host:    n.host(),
		Peers:   n.peers(),
	})
	n.registry = api.NewRegistry()
	n.service.Register(n.registry)
	return nil
}

func (n *Node) host() service.Host {
	return service.Host{
		Version:  Version,
		Commit:   Commit(),
		DataDir:  n.layout.Dir,
		Started:  n.started,
		AddBlock: n.addBlock,
		Submit:   n.Submit,
		Miner:    n.minerStatus,
		SetMiner: n.SetMiner,
		Generate: n.generateFor,
		Logs:     n.logs.Recent,
		System:   n.system,
		Stop:     n.Stop,

		MiningWords: func() (*hd.Mnemonic, error) { return readMiningKey(n.layout.MiningKey()) },
	}
}

// generateFor is Generate for a caller of the interface, who is told why it
// stopped.
func (n *Node) generateFor(ctx context.Context, count uint64, payTo *types.Address) (uint64, error) {
	if err := CanGenerate(n.cfg.Params); err != nil {
		return 0, api.Errorf(api.CodeUnavailable, "%v", err)
	}
	made, err := n.Generate(ctx, count, payTo, nil)
	if errors.Is(err, ErrClockOvertaken) {
		return made, &api.Error{Code: api.CodeRejected, Message: err.Error(), Reason: "clock"}
	}
	return made, err
}

// Snapshot returns the latest status. It is immutable and shared, and asking
// never blocks.
func (n *Node) Snapshot() *api.Status { return n.service.Status() }
