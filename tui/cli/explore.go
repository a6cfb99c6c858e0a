package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
)

func (a *app) blockCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "block HASH|SCORE",
		Short: "Show a block: by its hash, the beginning of it, or the blue score of a chain block",
		Args:  wants("HASH|SCORE"),
	}
	command.Flags().Bool("transactions", false, "with its transactions")
	return a.online(command, func(s *session, args []string) error {
		h, err := s.find("block", args[0])
		if err != nil {
			return err
		}
		b, err := call(s, api.GetBlock, api.BlockParams{Hash: h, Transactions: s.on("transactions")})
		if err != nil {
			return err
		}
		return s.show(b, func(w io.Writer) { writeBlock(w, &b) })
	})
}

// find turns what a user typed into the hash of a block or transaction.
func (s *session) find(kind, text string) (types.Hash, error) {
	if h, err := types.ParseHash(text); err == nil {
		return h, nil
	}
	found, err := call(s, api.Search, api.SearchParams{Text: text})
	if err != nil {
		return types.Hash{}, err
	}
	if found.Kind != kind {
		return types.Hash{}, api.Errorf(api.CodeNotFound, "there is no %s %q", kind, text)
	}
	return types.ParseHash(found.Name)
}

func writeBlock(w io.Writer, b *api.Block) {
	h := &b.Header
	fmt.Fprintf(w, "block\t%v\nstatus\t%s, %s\n", b.Hash, b.Status, b.Fate)
	fmt.Fprintf(w, "time\t%s\nblue score\t%d\nDAA score\t%d\nheight\t%d\n", clock(h.Timestamp), h.BlueScore, h.DAAScore, b.Height)
	fmt.Fprintf(w, "blue work\t%v\ndifficulty\t%s\n", h.BlueWork, counted(b.Difficulty, "H"))
	for i, p := range h.Parents {
		fmt.Fprintf(w, "%s\t%v\n", map[bool]string{true: "selected parent", false: "parent"}[i == 0], p)
	}
	for _, c := range b.Children {
		fmt.Fprintf(w, "child\t%v\n", c)
	}
	fmt.Fprintf(w, "merged by\t%s\n", orNone(b.MergedBy))
	for i, blue := range b.MergeSetBlues {
		if i > 0 {
			fmt.Fprintf(w, "merges blue\t%v\n", blue)
		}
	}
	for _, red := range b.MergeSetReds {
		fmt.Fprintf(w, "merges red\t%v\n", red)
	}
	if b.WhyRed != nil {
		fmt.Fprintf(w, "why red\t%s\n", b.WhyRed.Sentence)
		for _, blue := range b.WhyRed.Anticone {
			fmt.Fprintf(w, "beside it\t%v\n", blue)
		}
	}
	fmt.Fprintf(w, "miner\t%s\nextra\t%q\npaid\t%s\n", b.Miner, b.Extra, b.Paid)
	fmt.Fprintf(w, "transactions\t%d\n", b.TxCount)
	for i := range b.Transactions {
		tx := &b.Transactions[i]
		fmt.Fprintf(w, "\t%v  %s, %v JIO\n", tx.ID, txKind(tx), txValue(tx))
	}
}

func txKind(tx *api.Transaction) string {
	if tx.Coinbase {
		return "coinbase"
	}
	return fmt.Sprintf("%s to %s", plural(len(tx.Inputs), "input"), plural(len(tx.Outputs), "output"))
}

func txValue(tx *api.Transaction) (sum types.Amount) {
	for _, o := range tx.Outputs {
		sum, _ = sum.Add(o.Amount)
	}
	return sum
}

func (a *app) txCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "tx ID",
		Short: "Show a transaction: by its id or the beginning of it",
		Args:  wants("ID"),
	}
	command.Flags().Bool("raw", false, "with its encoding in hex")
	return a.online(command, func(s *session, args []string) error {
		id, err := s.find("transaction", args[0])
		if err != nil {
			return err
		}
		tx, err := call(s, api.GetTransaction, api.TransactionParams{ID: id, Raw: s.on("raw")})
		if err != nil {
			return err
		}
		return s.show(tx, func(w io.Writer) { writeTransaction(w, &tx) })
	})
}

func writeTransaction(w io.Writer, tx *api.Transaction) {
	fmt.Fprintf(w, "transaction\t%v\nstate\t%s\n", tx.ID, page.StateOf(tx))
	for _, b := range tx.Blocks {
		fmt.Fprintf(w, "in block\t%v\n", b)
	}
	if !tx.AcceptedBy.IsZero() {
		fmt.Fprintf(w, "accepted by\t%v, %s\n", tx.AcceptedBy, clock(tx.AcceptedAt))
	}
	for _, in := range tx.Inputs {
		fmt.Fprintf(w, "spends\t%v:%d  %s\n", in.Outpoint.TransactionID, in.Outpoint.Index, coinInWords(in))
	}
	for i, o := range tx.Outputs {
		fmt.Fprintf(w, "pays %d\t%v JIO to %s\n", i, o.Amount, o.Address)
	}
	if tx.Fee != nil {
		fmt.Fprintf(w, "fee\t%v JIO\n", *tx.Fee)
	}
	fmt.Fprintf(w, "size\t%d bytes, weight %d, mass %d\n", tx.Size, tx.Weight, tx.Mass)
	if tx.LockTime > 0 {
		fmt.Fprintf(w, "lock time\t%d\n", tx.LockTime)
	}
	if tx.Raw != "" {
		fmt.Fprintf(w, "raw\t%s\n", tx.Raw)
	}
}

func coinInWords(in api.Input) string {
	if in.Amount == nil {
		return "(not known here)"
	}
	return fmt.Sprintf("%v JIO of %s", in.Amount, in.Address)
}

func (a *app) tipsCommand() *cobra.Command {
	return a.online(&cobra.Command{
		Use:   "tips",
		Short: "List the blocks that none extends",
		Args:  wants(),
	}, func(s *session, _ []string) error {
		tips, err := call(s, api.GetTips, api.None{})
		if err != nil {
			return err
		}
		return s.show(tips, func(w io.Writer) {
			fmt.Fprintln(w, "TIP\tBLUE SCORE\tTIME\t")
			for _, t := range tips.Tips {
				fmt.Fprintf(w, "%v\t%d\t%s\t%s\n", t.Hash, t.BlueScore, clock(t.Timestamp), map[bool]string{true: "sink"}[t.Sink])
			}
		})
	})
}

func (a *app) dagCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "dag",
		Short: "List or draw the blocks of the DAG, each chain block after what it merged",
		Args:  wants(),
	}
	command.Flags().Uint64("from", 0, "the lowest blue score")
	command.Flags().Uint64("to", 0, "the highest blue score; the tips without it")
	command.Flags().Int("blocks", 20, "so many chain blocks, without --from")
	command.Flags().String("format", "list", "list, dot for Graphviz, or svg for a picture")
	return a.online(command, func(s *session, _ []string) error {
		from, _ := s.command.Flags().GetUint64("from")
		to, _ := s.command.Flags().GetUint64("to")
		blocks := s.number("blocks")
		if s.command.Flags().Changed("from") {
			blocks = 0 // as many as there may be
		}
		window, err := call(s, api.GetDag, api.DagParams{Until: to, Blocks: blocks})
		if err != nil {
			return err
		}
		window.Blocks = atLeast(window.Blocks, from)
		if window.Cut {
			fmt.Fprintln(s.stderr, "jio: more blocks are not merged than fit: some tips are left out")
		}
		layout := component.Lay(&window, component.LanesFor(&window))
		switch format, _ := s.command.Flags().GetString("format"); format {
		case "list":
		case "dot":
			return component.WriteDot(s.app.stdout, layout)
		case "svg":
			return component.WriteSVG(s.app.stdout, layout)
		default:
			return usage(fmt.Errorf("--format %q: want list, dot or svg", format))
		}
		return s.show(window, func(w io.Writer) { writeDag(w, layout) })
	})
}

// atLeast drops the blocks below a blue score.
func atLeast(blocks []api.DagBlock, from uint64) []api.DagBlock {
	kept := []api.DagBlock{}
	for _, b := range blocks {
		if b.BlueScore >= from {
			kept = append(kept, b)
		}
	}
	return kept
}

// writeDag lists the blocks of a window. Of what is not merged, that which is older
// than the first chain block is counted only, lest it should push the chain out of
// sight.
func writeDag(w io.Writer, layout *component.DagLayout) {
	fmt.Fprintln(w, "BLOCK\tFATE\tBLUE SCORE\tPARENTS\tTXS\tTIME\tMERGED BY\t")
	older := 0
	for i, b := range layout.Window.Blocks {
		if b.Fate == "pending" && layout.IsOlder(i) {
			older++
			continue
		}
		mark := ""
		switch {
		case b.Hash == layout.Window.Sink:
			mark = "sink"
		case b.Tip:
			mark = "tip"
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%s\t%s\t%s\n", abbreviated(b.Hash), b.Fate, b.BlueScore, len(b.Parents), b.TxCount, clock(b.Timestamp), abbreviated(b.MergedBy), mark)
	}
	if older > 0 {
		fmt.Fprintf(w, "+%d older, not merged: more --blocks show them\n", older)
	}
}

func (a *app) mempoolCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "mempool",
		Short: "List the unconfirmed transactions, the best payers first",
		Args:  wants(),
	}
	command.Flags().Int("limit", 50, "at most so many")
	return a.online(command, func(s *session, _ []string) error {
		pool, err := call(s, api.GetMempool, api.MempoolParams{Limit: s.number("limit")})
		if err != nil {
			return err
		}
		return s.show(pool, func(w io.Writer) { writeMempool(w, &pool) })
	})
}

func writeMempool(w io.Writer, pool *api.Mempool) {
	fmt.Fprintf(w, "%s, %s of %s, %s\n", plural(pool.Entries, "transaction"), counted(float64(pool.Bytes), "B"),
		counted(float64(pool.MaxBytes), "B"), plural(pool.Orphans, "orphan"))
	if len(pool.Listed) == 0 {
		return
	}
	fmt.Fprintln(w, "TRANSACTION\tFEE\tJOTS A UNIT\tWEIGHT\tSINCE")
	for _, e := range pool.Listed {
		fmt.Fprintf(w, "%v\t%v\t%.3f\t%d\t%s\n", e.ID, e.Fee, e.FeeRate, e.Weight, clock(e.Added))
	}
}
