package local

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// Write draws the view as a table: a line for each node, and some about all.
func (v *View) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NODE\tSTATE\tBLUE\tDAA\tBLOCKS\tTIPS\tPEERS\tPOOL\tMINED\tCPU\tMEMORY\tSINK")
	for i := range v.Nodes {
		n := &v.Nodes[i]
		if !n.Up {
			fmt.Fprintf(table, "%d\tdown\t-\t-\t-\t-\t-\t-\t%s\t-\t-\t-\n", n.Index, n.mined())
			continue
		}
		fmt.Fprintf(table, "%d\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%.0f s\t%d MB\t%s\n", n.Index, v.state(n),
			n.BlueScore, n.DAAScore, n.Blocks, n.Tips, n.Peers, n.Mempool, n.mined(), n.CPU, n.Memory>>20, n.Sink.String()[:12])
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s\n", strings.Join(v.lines(), "\n"))
	return err
}

func (n *NodeView) mined() string {
	switch {
	case !n.Miner:
		return "-"
	case n.Refused > 0:
		return fmt.Sprintf("%d (%d refused)", n.Mined, n.Refused)
	}
	return fmt.Sprint(n.Mined)
}

func (v *View) state(n *NodeView) string {
	switch {
	case n.Withholds:
		return "withholds"
	case v.parted():
		return "side " + string(rune('A'+v.Sides[n.Index]%26))
	case !n.Synced:
		return "syncing"
	}
	return "up"
}

func (v *View) parted() bool {
	for _, side := range v.Sides {
		if side != v.Sides[0] {
			return true
		}
	}
	return false
}

// lines say what the nodes have in common.
func (v *View) lines() []string {
	agreement := "all nodes have one sink"
	if v.Sinks != 1 {
		agreement = fmt.Sprintf("%d different sinks", v.Sinks)
	}
	whole := "every link is open"
	if !v.Whole {
		whole = "some links are shut or not met again"
	}
	lines := []string{
		fmt.Sprintf("%v: %s, %s; %.2f blocks wide", time.Duration(v.Seconds)*time.Second, agreement, whole, v.Width),
		"propagation: " + v.Propagation.String(),
	}
	if l := v.Load; l != nil {
		lines = append(lines, fmt.Sprintf("load: %d sent, %d accepted (%.1f a second), %d refused, %d starved; %v",
			l.Sent, l.Accepted, l.PerSec, l.Refused, l.Starved, l.Latency))
	}
	if v.Trouble != "" {
		lines = append(lines, "trouble: "+v.Trouble)
	}
	return lines
}

// Line is the view in one line, for a log.
func (v *View) Line() string {
	up, most := 0, uint64(0)
	for i := range v.Nodes {
		if v.Nodes[i].Up {
			up++
		}
		most = max(most, v.Nodes[i].Blocks)
	}
	return fmt.Sprintf("%d of %d nodes up, %d blocks; %s", up, len(v.Nodes), most, strings.Join(v.lines(), "; "))
}

// Write says what a run came to.
func (s *Summary) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "network\t%d nodes, %d miners, %d blocks a second, latency %d ms, %.0f s\n", s.Nodes, s.Miners, s.BPS, s.LatencyMS, s.Seconds)
	fmt.Fprintf(table, "blocks\t%d mined, %d refused; %d in the DAG, %d of them red\n", s.Mined, s.Refused, s.Blocks, s.Reds)
	fmt.Fprintf(table, "width\t%.2f blocks for each of the selected chain\n", s.Width)
	if s.Converged {
		fmt.Fprintf(table, "convergence\tone sink %d ms after the miners stopped, %s\n", s.ConvergeMS, s.agreement())
	} else {
		fmt.Fprintf(table, "convergence\tNONE: %d sinks %d ms after the miners stopped\n", s.Sinks, s.ConvergeMS)
	}
	if len(s.Recoveries) > 0 {
		fmt.Fprintf(table, "recovery\tall that the others had %.1f s after links were opened\n", s.Recoveries)
	}
	fmt.Fprintf(table, "bans\t%d\n", s.Bans)
	fmt.Fprintf(table, "propagation\t%v\n", s.Propagation)
	fmt.Fprintf(table, "compact relay\t%.2f %% of the transactions had not to be sent (%d known, %d sent along, %d asked for, in %d blocks)\n",
		100*s.Relay.Spared(), s.Relay.Known, s.Relay.Sent, s.Relay.Fetched, s.Relay.Blocks)
	for _, b := range s.Withheld {
		fmt.Fprintf(table, "withheld\tnode %d: %d blocks, %d of them red\n", b.Node, b.Blocks, b.Reds)
	}
	if l := s.Load; l != nil {
		l.Write(table)
	}
	fmt.Fprintf(table, "processor\t%.1f s by node\n", s.CPU)
	if s.Trouble != "" {
		fmt.Fprintf(table, "trouble\t%s\n", s.Trouble)
	}
	return table.Flush()
}

// Verdict is what the run proved to be amiss, nil where all is well.
func (s *Summary) Verdict() error {
	switch {
	case !s.Converged:
		return fmt.Errorf("the nodes came to %d sinks instead of one", s.Sinks)
	case s.Commitments != 1:
		return fmt.Errorf("the nodes commit to %d different sets of coins", s.Commitments)
	case s.Bans > 0:
		return fmt.Errorf("the nodes banned %d times, and all of them are honest", s.Bans)
	}
	return nil
}

func (s *Summary) agreement() string {
	if s.Commitments == 1 {
		return "one commitment to the coins"
	}
	return fmt.Sprintf("%d DIFFERENT commitments to the coins", s.Commitments)
}
