package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
)

// network is one whose blocks cost some work, so that the rates look as elsewhere.
const network = "devnet"

// A process is a node that runs beside this program.
type process struct {
	dir    string
	cmd    *exec.Cmd
	client *client.Client
	pays   string // whom mining pays
}

// flags are a command of the node's program with what leads to the node.
func (p *process) flags(command ...string) []string {
	return append(command, "--network", network, "--datadir", p.dir)
}

// start starts a node and waits until it answers.
func start(ctx context.Context, program, dir string, flags ...string) (*process, error) {
	p := &process{dir: dir}
	p.cmd = exec.CommandContext(ctx, program, append(p.flags("--daemon"), flags...)...)
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(os.Interrupt) }
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	layout := node.LayoutOf(dir, network)
	for {
		if addr, cookie, err := layout.FindRPC(); err == nil && addr != "" {
			if p.client, err = client.New(client.Config{Addr: addr, Cookie: cookie}); err == nil {
				if _, err = api.GetInfo.Call(ctx, p.client, api.None{}); err == nil {
					return p, nil
				}
			}
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

func (p *process) stop() error {
	p.client.Close()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return p.cmd.Wait()
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// A pair is two nodes that know each other. The first has a wallet that mining
// pays.
type pair struct{ first, second *process }

func startPair(ctx context.Context, program, dir string) (p *pair, err error) {
	p = new(pair)
	common := []string{"--p2p-listen", "127.0.0.1:0", "--threads", "1", "--mine-unsynced"}
	if p.first, err = start(ctx, program, filepath.Join(dir, "first"), common...); err != nil {
		return nil, err
	}
	if err := p.first.payWallet(ctx); err != nil {
		return nil, errors.Join(err, p.first.stop())
	}
	reach, err := api.GetNetwork.Call(ctx, p.first.client, api.None{})
	if err != nil || len(reach.Listening) == 0 {
		return nil, errors.Join(err, p.first.stop())
	}
	at := reach.Listening[0]
	if !strings.Contains(at, "/p2p/") {
		at += "/p2p/" + reach.PeerID
	}
	if p.second, err = start(ctx, program, filepath.Join(dir, "second"), append(common, "--connect", at, "--no-wallet")...); err != nil {
		return nil, errors.Join(err, p.first.stop())
	}
	return p, nil
}

// payWallet makes a wallet and lets mining pay it.
func (p *process) payWallet(ctx context.Context) error {
	_, err := api.CreateWallet.Call(ctx, p.client, api.CreateParams{Wallet: "default", Password: api.Secret("of no use"), WordCount: 12, Birthday: time.Now().UnixMilli()})
	if err != nil {
		return err
	}
	address, err := api.NewAddress.Call(ctx, p.client, api.AddressParams{Wallet: "default", Label: "mining"})
	if err != nil {
		return err
	}
	p.pays = address.Address
	_, err = api.SetMiner.Call(ctx, p.client, api.MinerParams{PayTo: &p.pays})
	return err
}

func (p *pair) stop() error { return errors.Join(p.second.stop(), p.first.stop()) }

// mine lets the first node mine.
func (p *pair) mine(ctx context.Context) error {
	on := true
	_, err := api.SetMiner.Call(ctx, p.first.client, api.MinerParams{Mining: &on})
	return err
}

// rival finds blocks that know nothing of each other, nor of what is found
// meanwhile, as where many mine, until ctx ends.
func (p *pair) rival(ctx context.Context) error {
	for n := 0; ; n++ {
		if err := p.first.together(ctx, []int{2, 1, 3}[n%3]); err != nil {
			return err
		}
		if err := pause(ctx, 500*time.Millisecond); err != nil {
			return err
		}
	}
}

// together adds blocks that all stand on the same tips.
func (p *process) together(ctx context.Context, count int) error {
	templates := make([]api.BlockTemplate, count)
	var err error
	for i := range templates {
		extra := hex.EncodeToString(fmt.Append(nil, "miner ", i))
		if templates[i], err = api.GetBlockTemplate.Call(ctx, p.client, api.TemplateParams{PayTo: p.pays, Extra: extra}); err != nil {
			return err
		}
	}
	for i := range templates {
		block, err := solved(ctx, &templates[i])
		if err != nil {
			return err
		}
		if _, err := api.SubmitBlock.Call(ctx, p.client, api.RawBlock{Block: block}); err != nil {
			return err
		}
	}
	return nil
}

// solved returns a template's block with its nonce, in hex.
func solved(ctx context.Context, t *api.BlockTemplate) (string, error) {
	data, err := hex.DecodeString(t.Block)
	if err != nil {
		return "", err
	}
	var block types.Block
	if err := types.Decode(data, &block); err != nil {
		return "", err
	}
	target, _ := pow.DecodeCompact(t.Bits)
	engine, _ := pow.InForce(params.DevNet(), block.Header.DAAScore)
	job := engine.Prepare(t.PrePoW)
	const chunk = 1 << 18
	for start := uint64(0); ctx.Err() == nil; start += chunk {
		if nonce, found := job.Search(target, uint64(t.Timestamp), start, chunk); found {
			block.Header.Nonce = nonce
			return hex.EncodeToString(types.Encode(&block)), nil
		}
	}
	return "", ctx.Err()
}
