package load

import (
	"context"
	"fmt"
	"time"

	"github.com/jio-dag/jio/node/api"
)

// tend spreads coins while there are too few, and forgets payments that are
// overdue.
func (l *Load) tend(ctx context.Context) error {
	blueScore, err := l.look(ctx)
	if err != nil {
		return err
	}
	if l.cpu == 0 {
		if l.cpu, err = l.cpuSeconds(ctx); err != nil {
			return err
		}
	}
	now := time.Now()
	l.purse.reclaim(now)
	l.forget(now)
	for missing := max(20, int(reserve*l.cfg.Rate)) - l.coins(); missing > 0; {
		c := l.purse.takeLarge(now, blueScore)
		if c == nil {
			return l.fund(ctx, blueScore)
		}
		tx, err := l.mint.spread(c)
		if err == nil {
			err = l.send(ctx, l.cfg.Nodes[0], &tx, len(tx.Outputs))
		}
		if err != nil {
			l.settleUp([]*coin{c}, err)
			return nil
		}
		missing -= len(tx.Outputs)
		if l.keepers != nil {
			l.keepers.promise(max(1, len(tx.Outputs)-1)) // the rest is change
		}
	}
	return nil
}

// coins counts those that payments are made from, and what is on its way.
func (l *Load) coins() int {
	if l.keepers != nil {
		promised, _ := l.keepers.count()
		return promised
	}
	return l.purse.small()
}

// forget gives up what was not accepted in time.
func (l *Load) forget(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, s := range l.waiting {
		if now.Sub(s.at) > patience {
			delete(l.waiting, id)
			if s.pieces == 0 {
				l.report.Lost++
			}
		}
	}
	for id, a := range l.early {
		if now.Sub(a.at) > patience {
			delete(l.early, id)
		}
	}
}

// fundBlocks is how many blocks one call asks for, fundCalls how many calls are
// made before something else has its turn.
const (
	fundBlocks = 20
	fundCalls  = 5
)

// fund lets the first node make some blocks, until a wallet has a mature coin.
func (l *Load) fund(ctx context.Context, blueScore uint64) error {
	if !l.cfg.Fund || l.coins() > 0 {
		return nil // there are coins, or there will be
	}
	for range fundCalls {
		request := api.GenerateParams{Blocks: fundBlocks, PayTo: l.cfg.Key.Address().Text(l.cfg.Params.AddressPrefix)}
		if at, ok := l.purse.ripest(); ok {
			request.Blocks = min(fundBlocks, at-min(at, blueScore))
		}
		if request.Blocks == 0 {
			return nil
		}
		made, err := api.Generate.Call(ctx, l.cfg.Nodes[0], request)
		if err != nil {
			return fmt.Errorf("the wallets are empty, and the node makes no blocks for them: %w; pay %s", err, request.PayTo)
		}
		blueScore += made.Blocks
	}
	return nil
}

// Fund lets a node make blocks that pay the first wallet, before anything else goes on
// there, until what a rate needs is mature.
func Fund(ctx context.Context, cfg Config) error {
	coins := 10 + uint64(cfg.Rate*reserve)/mostPieces
	to := cfg.Key.Address().Text(cfg.Params.AddressPrefix)
	for missing := coins + cfg.Params.CoinbaseMaturity; missing > 0; {
		made, err := api.Generate.Call(ctx, cfg.Nodes[0], api.GenerateParams{Blocks: min(fundBlocks, missing), PayTo: to})
		if err != nil {
			return err
		}
		missing -= min(missing, made.Blocks)
	}
	return nil
}
