package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
)

// mineResult is what jio mine --blocks --json prints.
type mineResult struct {
	Made      uint64     `json:"made"`
	Sink      types.Hash `json:"sink"`
	BlueScore uint64     `json:"blueScore"`
	MineTo    string     `json:"mineTo"`
}

func (a *app) mineCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "mine [on|off|status] [--blocks N] [--threads N]",
		Short: "Switch mining of the node that runs, or make N blocks now (devnet, simnet)",
		Long: "With on, off or status, or --threads, this steers the miner of the node that runs.\n" +
			"With --blocks it makes blocks now, with timestamps at the block rate, on devnet and simnet:\n" +
			"through the node that runs, or on the data directory where none does.",
		ValidArgs: []string{"on", "off", "status"},
	}
	addFlags(command.Flags(), scopeMine)
	command.Flags().Uint64("blocks", 0, "how many blocks to make")
	command.Flags().Int("threads", 0, "mining threads of the node that runs")
	a.online(command, steerMiner)
	steer := command.RunE
	command.RunE = func(command *cobra.Command, args []string) error {
		if err := cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs)(command, args); err != nil {
			return usage(err)
		}
		blocks, _ := command.Flags().GetUint64("blocks")
		switch {
		case blocks > 0 && len(args) > 0:
			return usage(errors.New("make blocks with --blocks, or switch mining, not both at once"))
		case blocks > 0:
			return a.makeBlocks(command, blocks)
		case len(args) == 0 && !command.Flags().Changed("threads"):
			return usage(errors.New("say what to do: jio mine on, off or status, or jio mine --blocks N to make N blocks now"))
		}
		return steer(command, args)
	}
	return command
}

// steerMiner switches the miner of the node that runs, and says how it is then.
func steerMiner(s *session, args []string) error {
	var change api.MinerParams
	if len(args) == 1 && args[0] != "status" {
		on := args[0] == "on"
		change.Mining = &on
	}
	if s.command.Flags().Changed("threads") {
		threads := s.number("threads")
		change.Threads = &threads
	}
	if s.command.Flags().Changed("mine-to") {
		to := s.command.Flags().Lookup("mine-to").Value.String()
		change.PayTo = &to
	}
	m, err := call(s, api.SetMiner, change)
	if change == (api.MinerParams{}) {
		m, err = call(s, api.GetMiner, api.None{})
	}
	if err != nil {
		return err
	}
	return s.show(m, func(w io.Writer) { writeMiner(w, &m) })
}

func writeMiner(w io.Writer, m *api.Miner) {
	fmt.Fprintf(w, "mining\t%s\n", minerInWords(m))
	fmt.Fprintf(w, "engine\t%s\nthreads\t%d of %d\n", m.Engine, m.Threads, m.MaxThreads)
	fmt.Fprintf(w, "hash rate\t%s in 10 s, %s in 60 s, %s in 15 min", counted(m.Rate10s, "H/s"), counted(m.Rate60s, "H/s"), counted(m.Rate15m, "H/s"))
	if m.RateMax > 0 { // not before the first ten seconds are over
		fmt.Fprintf(w, ", %s at most", counted(m.RateMax, "H/s"))
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "blocks\t%d found: %d chain, %d blue, %d red, %d stale, %d pending\n", m.Found, m.Chain, m.Blue, m.Red, m.Stale, m.Pending)
	if m.BlockTime > 0 {
		fmt.Fprintf(w, "next block\tin %.1f s on average\n", m.BlockTime)
	}
	if m.Throwaway {
		fmt.Fprintf(w, "pays\t%s, the throwaway key in mining.key\n", m.PayTo)
	}
}

// makeBlocks makes blocks through the node that runs, else on the data
// directory.
func (a *app) makeBlocks(command *cobra.Command, blocks uint64) error {
	s, err := a.reach(command)
	if err == nil {
		defer s.Close()
		err = s.generate(blocks)
	}
	if err == nil || !unreachable(err) || command.Flags().Changed("rpc") {
		return err
	}
	cfg, err := a.offlineConfig(command)
	if err != nil {
		return err
	}
	if err := node.CanGenerate(cfg.Params); err != nil {
		return usage(err)
	}
	return a.withNode(command.Context(), cfg, func(ctx context.Context, n *node.Node) error {
		return a.generate(ctx, command, n, blocks)
	})
}

// oneCall is how many blocks one call asks for at most.
const oneCall = 20

// nextCall is how many blocks to ask for after a call for so many took so long:
// blocks of a hard devnet take seconds each, and a node ends a call that takes a
// minute.
func nextCall(blocks uint64, took time.Duration) uint64 {
	switch {
	case took > 5*time.Second:
		return max(blocks/2, 1)
	case took < time.Second:
		return min(2*blocks, oneCall)
	}
	return blocks
}

// generate makes blocks call by call.
func (s *session) generate(blocks uint64) error {
	settings, err := s.resolve(s.command)
	if err != nil {
		return err
	}
	progress, to := s.ticker(), settings.text("mine-to")
	var made uint64
	for ask := uint64(1); made < blocks; {
		begun := time.Now()
		some, err := call(s, api.Generate, api.GenerateParams{Blocks: min(ask, blocks-made), PayTo: to})
		if err != nil {
			return withCount(err, made, blocks)
		}
		made, ask = made+some.Blocks, nextCall(ask, time.Since(begun))
		progress.say("%d of %d blocks", made, blocks)
	}
	st, err := call(s, api.GetStatus, api.None{})
	if err != nil {
		return err
	}
	if to == "" {
		to = st.Miner.PayTo
	}
	return s.printMade(s.command, mineResult{made, st.Sink, st.SinkBlueScore, to})
}

// withCount adds how far a command came.
func withCount(err error, made, blocks uint64) error {
	if made == 0 {
		return err
	}
	return fmt.Errorf("made %d of %d blocks: %w", made, blocks, err)
}

func (a *app) generate(ctx context.Context, command *cobra.Command, n *node.Node, blocks uint64) error {
	progress := a.ticker()
	made, err := n.Generate(ctx, blocks, nil, func(made uint64) { progress.say("%d of %d blocks", made, blocks) })
	if err != nil {
		return fmt.Errorf("made %d of %d blocks: %w", made, blocks, err)
	}
	s := n.Chain().Snapshot()
	return a.printMade(command, mineResult{made, s.Sink, s.SinkBlueScore, n.MineTo()})
}

func (a *app) printMade(command *cobra.Command, r mineResult) error {
	if wantsJSON(command) {
		return a.printJSON(a.stdout, r)
	}
	_, err := fmt.Fprintf(a.stdout, "made %d blocks\nsink       %v\nblue score %d\npaid to    %s\n", r.Made, r.Sink, r.BlueScore, r.MineTo)
	return err
}
