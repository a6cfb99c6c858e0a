package chaintest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A World is what a script acts on: a Builder, the chain under test, and the
// blocks and transactions it has named.
type World struct {
	t       *testing.T
	builder *Builder
	manager *chain.Manager
	held    map[string]types.Block
	txs     map[string]types.Transaction
	cursor  types.Hash
}

func newWorld(t *testing.T) *World {
	return &World{t: t, held: make(map[string]types.Block), txs: make(map[string]types.Transaction)}
}

// commands are what a script can say.
var commands = map[string]func(w *World, c *command) (string, error){
	"network": (*World).network,
	"block":   (*World).block,
	"chain":   (*World).chain,
	"deliver": (*World).deliver,
	"pay":     (*World).pay,
	"show":    (*World).show,
	"sink":    (*World).sink,
	"paid":    (*World).paid,
	"coins":   (*World).coins,
	"updates": (*World).updates,
	"virtual": (*World).virtual,
	"verify":  (*World).verify,
}

// run executes the commands of a paragraph and returns their answers.
func (w *World) run(lines string) string {
	var out strings.Builder
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		c, err := parseCommand(line)
		if err != nil {
			w.t.Fatalf("%q: %v", line, err)
		}
		do, ok := commands[c.name]
		if !ok {
			w.t.Fatalf("%q: no such command; there are %v", line, slices.Sorted(maps.Keys(commands)))
		}
		answer, err := do(w, &c)
		if err != nil {
			w.t.Fatalf("%q: %v", line, err)
		}
		out.WriteString(answer)
	}
	return out.String()
}

// network starts a simnet of changed parameters: `network k=1 maturity=3`.
func (w *World) network(c *command) (string, error) {
	p := params.SimNet()
	for key, value := range c.args {
		if err := setParam(p, key, value); err != nil {
			return "", err
		}
	}
	w.builder = NewBuilder(p)
	w.manager = Open(w.t, p)
	return "", nil
}

func setParam(p *params.Params, key, value string) error {
	name, from, _ := strings.Cut(value, "@")
	at, _ := strconv.ParseUint(from, 10, 64)
	switch key {
	case "engine":
		first := p.Engines[0]
		p.Engines = append(p.Engines, params.Engine{From: at, ID: name, Anchor: first.Anchor, Num: 1, Den: 1})
		return nil
	case "version":
		v, err := strconv.ParseUint(name, 10, 16)
		p.RuleSets = append(p.RuleSets, params.RuleSet{From: at, HeaderVersion: uint32(v), TransactionVersion: uint16(v)})
		return err
	}
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		return err
	}
	numbers := map[string]*uint64{
		"maturity": &p.CoinbaseMaturity, "mergedepth": &p.MergeDepth, "finality": &p.FinalityDepth,
		"pruning": &p.PruningDepth, "halflife": &p.HalfLife,
	}
	counts := map[string]*int{
		"k": &p.K, "mergelimit": &p.MergeSetLimit, "parents": &p.MaxParents, "span": &p.MedianTimeSpan,
	}
	switch {
	case numbers[key] != nil:
		*numbers[key] = n
	case counts[key] != nil:
		*counts[key] = int(n)
	default:
		return fmt.Errorf("no parameter %q", key)
	}
	return nil
}

// block makes a block: `block C on=(A,B) miner=alice txs=(t1) after=1h`. With
// corrupt=FIELD the block claims something wrong and is mined all the same; with
// held=yes it is not delivered yet.
func (w *World) block(c *command) (string, error) {
	made, err := w.make(c.words[0], c)
	if err != nil {
		return "", err
	}
	if c.args["held"] != "" {
		w.held[c.words[0]] = made
		return "", nil
	}
	return w.give(made), nil
}

// chain makes a row of blocks on one another, named with numbers: `chain A on=G
// n=10`. It shows the last.
func (w *World) chain(c *command) (answer string, err error) {
	n, err := strconv.Atoi(c.args["n"])
	if err != nil {
		return "", err
	}
	row := command{args: maps.Clone(c.args)}
	for i := 1; i <= n; i++ {
		name := fmt.Sprintf("%s%d", c.words[0], i)
		made, err := w.make(name, &row)
		if err != nil {
			return "", err
		}
		if answer = w.give(made); strings.Contains(answer, "refused") {
			break
		}
		row.args["on"] = name
		delete(row.args, "after")
	}
	return answer, nil
}

// make builds a block as a command says, corrupts it and adds it to the oracle.
func (w *World) make(name string, c *command) (types.Block, error) {
	content := Content{Extra: []byte(name)}
	if miner := c.args["miner"]; miner != "" {
		content.Miner = w.builder.Wallet(miner).Address
	}
	for _, tx := range c.list("txs") {
		content.Transactions = append(content.Transactions, w.txs[tx])
	}
	wait, err := duration(c.args["after"])
	if err != nil {
		return types.Block{}, err
	}
	parents := w.builder.Hashes(c.list("on")...)
	for _, p := range parents {
		content.Timestamp = max(content.Timestamp, w.builder.Oracle.Block(p).Header.Timestamp+w.builder.Params.Spacing+wait)
	}
	made := w.builder.Oracle.Make(parents, content)
	if err := corrupt(&made, c.args["corrupt"]); err != nil {
		return types.Block{}, err
	}
	Solve(w.builder.Params, &made)
	w.builder.Oracle.Add(made)
	w.builder.Name(name, made.Hash())
	return made, nil
}

func duration(s string) (milliseconds uint64, err error) {
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	return uint64(d.Milliseconds()), err
}

// corrupt makes a block say something wrong.
func corrupt(b *types.Block, field string) error {
	switch field {
	case "":
	case "commitment":
		b.Header.UTXOCommitment[0] ^= 1
	case "accepted":
		b.Header.AcceptedRoot[0] ^= 1
	case "pruning":
		b.Header.PruningPoint[0] ^= 1
	case "daa":
		b.Header.DAAScore++
	case "history":
		b.Header.HistoryRoot[0] ^= 1
	case "coinbase":
		b.Transactions[0].Outputs[0].Value = types.Jots(b.Transactions[0].Outputs[0].Value.Jots() + 1)
		b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
	case "merkle":
		b.Header.MerkleRoot[0] ^= 1
	default:
		return fmt.Errorf("nothing to corrupt by the name %q", field)
	}
	return nil
}

// deliver gives held blocks to the chain: `deliver A B`.
func (w *World) deliver(c *command) (string, error) {
	var out strings.Builder
	for _, name := range c.words {
		out.WriteString(w.give(w.held[name]))
	}
	return out.String(), nil
}

// give adds a block to the chain and says what came of it.
func (w *World) give(b types.Block) string {
	hash := b.Hash()
	if err := w.manager.AddBlock(b); err != nil {
		return fmt.Sprintf("%s: refused: %s\n", w.builder.Label(hash), w.reason(err))
	}
	return w.describe(hash)
}

// reason returns the kind of a rule error, or the error with names for hashes.
func (w *World) reason(err error) string {
	var kind rules.ErrorKind
	var unknown *chain.UnknownParentsError
	switch {
	case errors.As(err, &kind):
		return kind.Error()
	case errors.As(err, &unknown):
		return "unknown parents " + w.names(unknown.Parents)
	}
	return errors.Unwrap(err).Error()
}

// describe says where a block stands.
func (w *World) describe(h types.Hash) string {
	info, err := w.manager.Info(h)
	if err != nil {
		return fmt.Sprintf("%s: %v\n", w.builder.Label(h), err)
	}
	return fmt.Sprintf("%s: selected %s, blues %s, reds %s, score %d, daa %d, %v\n",
		w.builder.Label(h), w.builder.Label(info.Header.SelectedParent()), w.names(info.Blues), w.names(info.Reds),
		info.Header.BlueScore, info.Header.DAAScore, info.Status)
}

func (w *World) names(hashes []types.Hash) string {
	labels := make([]string, len(hashes))
	for i, h := range hashes {
		labels[i] = w.builder.Label(h)
	}
	return "(" + strings.Join(labels, " ") + ")"
}
