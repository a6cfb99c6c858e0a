package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node/api"
)

func (a *app) peersCommand() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "peers",
		Short: "List the peers of the node",
		Args:  wants(),
	}, func(s *session, _ []string) error {
		all, err := call(s, api.GetPeers, api.None{})
		if err != nil {
			return err
		}
		return s.show(all, func(w io.Writer) { writePeers(w, all.Peers) })
	})
}

func writePeers(w io.Writer, peers []api.Peer) {
	fmt.Fprintln(w, "PEER\tADDRESS\tDIRECTION\tKIND\tAGENT\tPING\tDAA\tSCORE\tSTATE\tSINCE")
	for i := range peers {
		p := &peers[i]
		direction := "in"
		if p.Outbound {
			direction = "out"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%.0f ms\t%d\t%d\t%s\t%s\n", p.ID, p.Address, direction, p.Kind, p.Agent, p.PingMS, p.DAAScore, p.Score, p.State, clock(p.Connected))
	}
}

func (a *app) connectCommand() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "connect PEER",
		Short: "Connect to a peer, HOST:PORT or a multiaddress, and keep it in mind",
		Args:  wants("PEER"),
	}, func(s *session, args []string) error {
		if _, err := call(s, api.AddPeer, api.PeerParams{Peer: args[0]}); err != nil {
			return err
		}
		return s.done("connected to %s", args[0])
	})
}

func (a *app) disconnectCommand() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "disconnect PEER",
		Short: "End the connection to a peer",
		Args:  wants("PEER"),
	}, func(s *session, args []string) error {
		if _, err := call(s, api.DropPeer, api.PeerParams{Peer: args[0]}); err != nil {
			return err
		}
		return s.done("dropped %s", args[0])
	})
}

func (a *app) banCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "ban PEER|ADDRESS|NETWORK",
		Short: "Ban a peer, an address or a network",
		Args:  wants("PEER|ADDRESS|NETWORK"),
	}
	command.Flags().Duration("for", 0, "how long, as 48h; a day without it")
	command.Flags().String("reason", "", "why")
	return a.online(command, func(s *session, args []string) error {
		d, _ := s.command.Flags().GetDuration("for")
		if _, err := call(s, api.BanPeer, api.BanParams{Peer: args[0], Reason: s.text("reason"), Seconds: int64(d / time.Second)}); err != nil {
			return err
		}
		return s.done("banned %s", args[0])
	})
}

func (a *app) unbanCommand() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "unban PEER|ADDRESS|NETWORK",
		Short: "Lift a ban",
		Args:  wants("PEER|ADDRESS|NETWORK"),
	}, func(s *session, args []string) error {
		if _, err := call(s, api.UnbanPeer, api.PeerParams{Peer: args[0]}); err != nil {
			return err
		}
		return s.done("%s may come back", args[0])
	})
}

func (a *app) bansCommand() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "bans",
		Short: "List the bans",
		Args:  wants(),
	}, func(s *session, _ []string) error {
		all, err := call(s, api.GetBans, api.None{})
		if err != nil {
			return err
		}
		return s.show(all, func(w io.Writer) {
			for _, b := range all.Bans {
				fmt.Fprintf(w, "%s\tuntil %s\t%s\n", b.Target, clock(b.Until), b.Reason)
			}
		})
	})
}
