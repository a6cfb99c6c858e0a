package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node/api"
)

// shownStatus is what jio status --json prints: a status in which peers is a
// number, and the connections are told apart beside it.
type shownStatus struct {
	api.Status
	Peers       int           `json:"peers"`
	Connections api.PeerCount `json:"connections"`
}

func (a *app) statusCommand() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "status",
		Short: "Say how the node is doing",
		Args:  wants(),
	}, func(s *session, _ []string) error {
		st, err := call(s, api.GetStatus, api.None{})
		if err != nil {
			return err
		}
		shown := shownStatus{st, st.Peers.Inbound + st.Peers.Outbound, st.Peers}
		return s.show(shown, func(w io.Writer) { writeStatus(w, &st) })
	})
}

func writeStatus(w io.Writer, st *api.Status) {
	fmt.Fprintf(w, "network\t%s, %s\n", st.Network, syncInWords(st))
	fmt.Fprintf(w, "blue score\t%d\nDAA score\t%d\n", st.BlueScore, st.DAAScore)
	fmt.Fprintf(w, "sink\t%v, %s\n", st.Sink, ago(st.Taken, st.SinkTimestamp))
	fmt.Fprintf(w, "tips\t%d\n", len(st.Tips))
	fmt.Fprintf(w, "blocks\t%d, %.2f a second (%d intended)\n", st.Blocks, st.BlockRate, st.BlocksPerSecond)
	fmt.Fprintf(w, "difficulty\t%s a block, network %s\n", counted(st.Difficulty, "H"), counted(st.NetworkRate, "H/s"))
	fmt.Fprintf(w, "supply\t%v JIO in %s\n", st.Supply, plural(int(st.Coins), "coin"))
	fmt.Fprintf(w, "mempool\t%s, %s\n", plural(st.Mempool.Entries, "transaction"), counted(float64(st.Mempool.Bytes), "B"))
	fmt.Fprintf(w, "peers\t%d out, %d in\n", st.Peers.Outbound, st.Peers.Inbound)
	fmt.Fprintf(w, "mining\t%s\nengine\t%s\n", minerInWords(&st.Miner), st.Miner.Engine)
	for i := range st.Wallets {
		fmt.Fprintf(w, "wallet %s\t%s\n", st.Wallets[i].Name, walletInWords(&st.Wallets[i]))
	}
	fmt.Fprintf(w, "data\t%s, %s, %s free\n", st.DataDir, counted(float64(st.System.DiskBytes), "B"), counted(float64(st.System.DiskFree), "B"))
	fmt.Fprintf(w, "node\tjio %s, up %s, %s of memory\n", st.Version, lasting(time.Duration(st.Uptime)*time.Millisecond), counted(float64(st.System.MemoryBytes), "B"))
}

func syncInWords(st *api.Status) string {
	if st.Synced {
		return "synced"
	}
	text := fmt.Sprintf("not synced: %s (%d of %d)", st.Sync.Stage, st.Sync.Step, st.Sync.Steps)
	if st.Sync.Total > 0 {
		text += fmt.Sprintf(", %d of %d", st.Sync.Done, st.Sync.Total)
	}
	if st.Sync.ETA >= 0 {
		text += ", " + lasting(time.Duration(st.Sync.ETA)*time.Millisecond) + " left"
	}
	if st.Sync.Message != "" {
		text += ", " + st.Sync.Message
	}
	return text
}

func minerInWords(m *api.Miner) string {
	switch {
	case !m.Wanted:
		return "off"
	case m.Paused != "":
		return "paused: " + m.Paused
	}
	return fmt.Sprintf("on, %s, %s, %d found (%d chain, %d blue, %d red), pays %s",
		plural(m.Threads, "thread"), counted(m.Rate10s, "H/s"), m.Found, m.Chain, m.Blue, m.Red, m.PayTo)
}

// walletInWords calls a balance "at least" while the wallet does not know all.
func walletInWords(w *api.WalletSummary) string {
	switch {
	case w.Failure != "":
		return "stopped: " + w.Failure
	case !w.Open:
		return "closed"
	case !w.Synced:
		return fmt.Sprintf("at least %s (synced to %s)", inWords(w.Balance), clock(w.SyncedAt))
	}
	return inWords(w.Balance)
}

func (a *app) stopCommand() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "stop",
		Short: "Stop the node",
		Args:  wants(),
	}, func(s *session, _ []string) error {
		if _, err := call(s, api.Stop, api.None{}); err != nil {
			return err
		}
		return s.done("the node is stopping")
	})
}
