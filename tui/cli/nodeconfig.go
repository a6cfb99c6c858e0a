package cli

import (
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/tui/style"
)

// nodeConfig turns settings into the configuration of a node. Every error is
// the user's to mend and names the setting and where its value came from.
func (r resolution) nodeConfig(console io.Writer) (cfg node.Config, err error) {
	if r.text("datadir") == "" {
		return cfg, r.blame("datadir", errors.New("an empty name is no directory"))
	}
	dir, err := filepath.Abs(r.text("datadir"))
	if err != nil {
		return cfg, r.blame("datadir", err)
	}
	cfg = node.Config{
		DataDir:       dir,
		Console:       console,
		RAMScale:      r.factor("ram-scale"),
		NoWallets:     r.on("no-wallet"),
		NoIndex:       r.on("no-index"),
		Mine:          r.on("mine"),
		MineUnsynced:  r.on("mine-unsynced"),
		MineOnBattery: r.on("mine-on-battery"),
		Threads:       r.count("threads"),
	}
	if cfg.Params, err = r.params(); err != nil {
		return cfg, err
	}
	if err := r.blame("engine", pow.Choose(cfg.Params, r.text("engine"))); err != nil {
		return cfg, err
	}
	r.answers(&cfg)
	if cfg.P2P, err = r.peers(cfg.Params); err != nil {
		return cfg, err
	}
	if cfg.MineTo, err = r.payout(cfg.Params); err != nil {
		return cfg, err
	}
	if cfg.Levels, err = node.ParseLevels(r.text("log-level")); err != nil {
		return cfg, r.blame("log-level", err)
	}
	if cfg.JSONLogs, err = r.jsonLogs(); err != nil {
		return cfg, err
	}
	if err := r.looks(); err != nil {
		return cfg, err
	}
	if cfg.Threads == 0 {
		return cfg, r.blame("threads", errors.New("0 mining threads: leave --mine out to not mine"))
	}
	if cfg.RAMScale == 0 {
		return cfg, r.blame("ram-scale", fmt.Errorf("want %v to %v", node.RAMScaleMin, node.RAMScaleMax))
	}
	return cfg, cfg.Validate()
}

// answers settles where the node listens for calls.
func (r resolution) answers(cfg *node.Config) {
	if r.on("no-rpc") {
		return
	}
	cfg.RPCListen, cfg.RPCCert, cfg.RPCKey = r.text("rpc-listen"), r.text("rpc-cert"), r.text("rpc-key")
	if cfg.RPCListen == "" {
		cfg.RPCListen = net.JoinHostPort("127.0.0.1", strconv.Itoa(int(cfg.Params.RPCPort)))
		cfg.RPCAnyPort = true
	}
}

func (r resolution) params() (*params.Params, error) {
	name := r.text("network")
	bps := r.named("bps")
	if name == "simnet" {
		p, err := params.SimNetAt(uint64(r.count("bps")))
		return p, r.blame("bps", err)
	}
	p, err := params.ByName(name)
	if err != nil {
		return nil, r.blame("network", err)
	}
	if bps.isSet {
		return nil, r.blame("bps", fmt.Errorf("the block rate can be chosen on simnet only; %s has %d a second", name, p.BlocksPerSecond))
	}
	return p, nil
}

func (r resolution) payout(p *params.Params) (*types.Address, error) {
	text := r.text("mine-to")
	if text == "" {
		return nil, nil
	}
	address, err := types.ParseAddress(p.AddressPrefix, text)
	if err != nil {
		return nil, r.blame("mine-to", err)
	}
	if address.Version != 0 {
		return nil, r.blame("mine-to", fmt.Errorf("addresses of version %d cannot be paid yet", address.Version))
	}
	return &address, nil
}

// looks checks the names of a theme and of a set of glyphs.
func (r resolution) looks() error {
	if name := r.text("theme"); name != "auto" && style.ThemeByName(name) == nil {
		return r.blame("theme", fmt.Errorf("there is no theme %q: want auto, dark, light, dark-safe, light-safe or none", name))
	}
	switch name := r.text("glyphs"); name {
	case "auto", style.Unicode.Name, style.ASCII.Name:
		return nil
	default:
		return r.blame("glyphs", fmt.Errorf("there are no glyphs %q: want auto, unicode or ascii", name))
	}
}

func (r resolution) jsonLogs() (bool, error) {
	switch format := r.text("log-format"); format {
	case "text":
		return false, nil
	case "json":
		return true, nil
	default:
		return false, r.blame("log-format", fmt.Errorf("log format %q: want text or json", format))
	}
}

// blame adds to an error which setting it is about and who set it.
func (r resolution) blame(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("--%s (%s): %w", name, r.named(name).origin, err)
}
