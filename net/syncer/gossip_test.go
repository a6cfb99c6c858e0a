package syncer_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain"
	"github.com/jio-dag/jio/chain/chaintest"
	"github.com/jio-dag/jio/chain/mempool"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/utxo"
	"github.com/jio-dag/jio/net/syncer"
	"github.com/jio-dag/jio/net/wire"
)

// solve finds a nonce after a test changed a header.
func solve(p *params.Params, b *types.Block) { chaintest.Solve(p, b) }

// synced returns a rig and a peer of it, both at the state of a few blocks that
// pay the wallet "miner".
func synced(t testing.TB, p *params.Params) (*rig, *node) {
	t.Helper()
	source := newNode(t, p)
	source.mine(20, "")
	r := newRig(t, p)
	r.join("a", honest(source), source)
	r.follows(source, 10*time.Second)
	return r, source
}

// payments returns n signed payments from mature coins.
func (n *node) payments(count int) (txs []types.Transaction) {
	n.t.Helper()
	w := chaintest.NewWallet("miner")
	updates, err := n.chain.UpdatesSince(types.Hash{}, 1<<20)
	if err != nil {
		n.t.Fatal(err)
	}
	for _, u := range updates {
		for _, e := range u.Acceptance.Diff.Created {
			if len(txs) < count && e.Coin.Address == w.Address && e.Coin.BlueScore+n.params.CoinbaseMaturity < n.chain.Snapshot().BlueScore {
				txs = append(txs, n.pay(w, e))
			}
		}
	}
	if len(txs) < count {
		n.t.Fatalf("%d mature coins, want %d", len(txs), count)
	}
	return txs
}

func (n *node) pay(w *chaintest.Wallet, coin utxo.Entry) types.Transaction {
	value := types.Jots(coin.Coin.Value.Jots() - 100_000)
	return w.Pay(n.params, []types.Output{{Value: value, Address: w.Address}}, coin)
}

func youngNet() *params.Params {
	p := params.SimNet()
	p.CoinbaseMaturity = 3
	return p
}

// Whatever part of a block's transactions the pool has, the block is rebuilt with
// one question for exactly the others, and only then forwarded.
func TestCompactBlocks(t *testing.T) {
	p := youngNet()
	for known := range 8 {
		r, source := synced(t, p)
		txs := source.payments(3)
		b := source.make("", txs...)
		var want []uint32
		for i := range b.Transactions[1:] {
			if known>>i&1 == 0 {
				want = append(want, uint32(i+1))
			} else if err := submit(r.node, b.Transactions[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		source.take(b)
		before := len(r.remotes["a"].asked)
		token := r.gossip("a", b, nil)
		if _, settled := r.verdicts[token]; settled != (len(want) == 0) {
			t.Errorf("known %03b: forwarded at once: %v", known, settled)
		}
		r.wait(time.Second)
		r.wantVerdict(token, syncer.Accept)
		asked := r.remotes["a"].asked[before:]
		if len(want) == 0 && len(asked) > 0 {
			t.Errorf("a block whose body was known was asked for: %v", asked[0])
		}
		if len(want) > 0 && !slices.Equal(asked[0].(*wire.CompactRequest).Positions, want) {
			t.Errorf("known %03b: asked for %v, want %v", known, asked[0], want)
		}
	}
}

func submit(n *node, tx types.Transaction) error {
	reasons, err := n.pool.Submit([]types.Transaction{tx})
	return errors.Join(err, reasons[0])
}

// A peer that announces and then does not answer, or lies, is passed over: the
// block comes from somebody else, and lies are not forwarded.
func TestCompactBlocksFromBadPeers(t *testing.T) {
	p := youngNet()
	for _, c := range []struct {
		name    string
		bad     func(source *node) *remote
		verdict syncer.Verdict
	}{
		{"silent", func(*node) *remote { return silent() }, syncer.Accept},
		{"another transaction", func(n *node) *remote {
			return spoiled(honest(n), func(m wire.Message) wire.Message {
				if answer, ok := m.(*wire.CompactAnswer); ok {
					answer.Transactions[0].LockTime++
				}
				return m
			})
		}, syncer.Accept},
		{"nothing", func(*node) *remote {
			return &remote{serve: func(wire.Message) (wire.Message, error) { return &wire.CompactAnswer{}, nil }}
		}, syncer.Accept},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, source := synced(t, p)
			r.join("bad", c.bad(source), r.node)
			b := source.make("", source.payments(2)...)
			source.take(b)
			token := r.gossip("bad", b, nil)
			r.wait(10 * time.Second)
			r.wantVerdict(token, c.verdict)
			if !r.sameSink(source) {
				t.Error("the block never came")
			}
			r.wantPoints("a", 0)
		})
	}
}

// An announcement that names other transactions than the block has is not
// forwarded, and the block comes in all the same.
func TestUnfaithfulAnnouncement(t *testing.T) {
	p := youngNet()
	r, source := synced(t, p)
	b := source.make("", source.payments(2)...)
	source.take(b)
	announcement := wire.NewCompactBlock(&b, nil)
	announcement.ShortIDs[1][0] ^= 1
	token := r.announce("a", announcement)
	r.wait(5 * time.Second)
	r.wantVerdict(token, syncer.Reject)
	if !r.sameSink(source) {
		t.Error("the block never came")
	}
}

// A body that does not match its header says nothing of the header: the block
// comes in when somebody sends the right one.
func TestMutatedBodyDoesNotPoison(t *testing.T) {
	p := youngNet()
	r, source := synced(t, p)
	r.join("bad", silent(), r.node)
	b := source.make("", source.payments(1)...)
	source.take(b)
	mutated := b
	mutated.Transactions = append(slices.Clone(b.Transactions), b.Transactions[1])
	token := r.gossip("bad", mutated, func(int) bool { return true })
	r.wantVerdict(token, syncer.Reject)
	r.wantPoints("bad", syncer.PointsInvalidBlock)
	token = r.gossip("a", b, func(int) bool { return true })
	r.wantVerdict(token, syncer.Accept)
}

// corruptions of a block that is otherwise right, and what becomes of each.
var corruptions = []struct {
	name    string
	corrupt func(b *types.Block)
	unsound bool // the merkle root is left as it was
	verdict syncer.Verdict
	points  int
}{
	{"none", func(*types.Block) {}, false, syncer.Accept, 0},
	{"unknown version", func(b *types.Block) { b.Header.Version = 2 }, false, syncer.Ignore, 0},
	{"version 0", func(b *types.Block) { b.Header.Version = 0 }, false, syncer.Reject, syncer.PointsInvalidBlock},
	{"no parents", func(b *types.Block) { b.Header.Parents = nil }, false, syncer.Reject, syncer.PointsInvalidBlock},
	{"unknown parent", func(b *types.Block) { b.Header.Parents[0] = types.Hash{1} }, false, syncer.Ignore, 0},
	{"blue score", func(b *types.Block) { b.Header.BlueScore++ }, false, syncer.Reject, syncer.PointsInvalidBlock},
	{"blue work", func(b *types.Block) { b.Header.BlueWork[0]++ }, false, syncer.Reject, syncer.PointsInvalidBlock},
	{"daa score", func(b *types.Block) { b.Header.DAAScore++ }, false, syncer.Reject, syncer.PointsInvalidBlock},
	{"history root", func(b *types.Block) { b.Header.HistoryRoot[0]++ }, false, syncer.Reject, syncer.PointsInvalidBlock},
	{"old timestamp", func(b *types.Block) { b.Header.Timestamp = 1 }, false, syncer.Reject, syncer.PointsInvalidBlock},
	{"future timestamp", func(b *types.Block) { b.Header.Timestamp += 10 * 60_000 }, false, syncer.Ignore, 0},
	{"merkle root", func(b *types.Block) { b.Header.MerkleRoot[0]++ }, true, syncer.Reject, syncer.PointsInvalidBlock},
	{"no coinbase", func(b *types.Block) { b.Transactions[0].SubnetworkID = types.NativeSubnetwork }, false, syncer.Reject, syncer.PointsInvalidBlock},
	{"coinbase subsidy", func(b *types.Block) { b.Transactions[0].Payload[8]++ }, false, syncer.Ignore, 0},
	{"accepted root", func(b *types.Block) { b.Header.AcceptedRoot[0]++ }, false, syncer.Accept, 0},
	{"coin commitment", func(b *types.Block) { b.Header.UTXOCommitment[0]++ }, false, syncer.Accept, 0},
	{"little work", func(b *types.Block) { b.Header.BlueWork = types.Uint256{} }, false, syncer.Ignore, 0},
}

func TestBlockVerdicts(t *testing.T) {
	p := youngNet()
	for _, c := range corruptions {
		r, source := synced(t, p)
		b := source.make("")
		c.corrupt(&b)
		if !c.unsound {
			b.Header.MerkleRoot = types.MerkleRootOf(b.Transactions)
		}
		solve(p, &b)
		screened, err := syncer.ScreenBlock(r.chain, wire.Encode(wire.NewCompactBlock(&b, nil)))
		if err != nil {
			if syncer.Judge(err) != c.verdict || syncer.Points(err) != c.points {
				t.Errorf("%s: screened as %v with %d points: %v", c.name, syncer.Judge(err), syncer.Points(err), err)
			}
			continue
		}
		r.step(syncer.BlockGossip{Peer: "a", Token: 1, Block: screened})
		r.wait(100 * time.Millisecond)
		if got := r.verdicts[1]; got != c.verdict || min(r.points["a"], 0) != c.points {
			t.Errorf("%s: %v with %d points, want %v with %d", c.name, got, r.points["a"], c.verdict, c.points)
		}
	}
}

// Bytes that are no block, and a block without work, cost their sender before
// any database is read.
func TestScreening(t *testing.T) {
	p := params.MainNet()
	b, c := p.Genesis, newNode(t, p).chain
	b.Header.Parents = []types.Hash{{1}}
	if _, err := syncer.ScreenBlock(c, wire.Encode(wire.NewCompactBlock(&b, nil))); !errors.Is(err, rules.ErrProofOfWork) ||
		syncer.Judge(err) != syncer.Reject || syncer.Points(err) != syncer.PointsInvalidWork {
		t.Errorf("a block without work: %v", err)
	}
	for _, screen := range []func([]byte) error{
		func(data []byte) error { _, err := syncer.ScreenBlock(c, data); return err },
		func(data []byte) error { _, err := syncer.ScreenTransaction(data); return err },
	} {
		if err := screen([]byte("garbage")); syncer.Judge(err) != syncer.Reject || syncer.Points(err) != syncer.PointsInvalidWork {
			t.Errorf("garbage: %v", err)
		}
		if err := screen(make([]byte, 2<<20)); syncer.Points(err) != syncer.PointsUnrequested {
			t.Errorf("too large: %v", err)
		}
	}
}

// Every rule has a verdict, and only rejections cost points.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		err  error
		want syncer.Verdict
	}{
		{nil, syncer.Accept},
		{chain.ErrKnown, syncer.Ignore},
		{chain.ErrKnownInvalid, syncer.Reject},
		{chain.ErrPruned, syncer.Ignore},
		{chain.ErrFailed, syncer.Ignore},
		{&chain.UnknownParentsError{}, syncer.Ignore},
		{mempool.ErrConflict, syncer.Ignore},
		{mempool.ErrFee, syncer.Ignore},
		{rules.RuleError{Kind: rules.ErrSignature}, syncer.Reject},
		{rules.RuleError{Kind: rules.ErrMissingCoin}, syncer.Ignore},
		{rules.RuleError{Kind: rules.ErrTransactionVersion}, syncer.Ignore},
		{rules.RuleError{Kind: rules.ErrBadMerkleRoot}, syncer.Reject},
	} {
		for _, err := range []error{c.err, wrapped(c.err)} {
			if got := syncer.Judge(err); got != c.want {
				t.Errorf("%v: %v, want %v", err, got, c.want)
			}
			if points := syncer.Points(err); (points < 0) != (c.want == syncer.Reject) {
				t.Errorf("%v: %d points", err, points)
			}
		}
	}
}

func wrapped(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("block: %w", err)
}

// Blocks that arrive before their parents wait for them, and parents that do not
// come are asked for, however many are missing.
func TestOrphans(t *testing.T) {
	p := youngNet()
	for _, lost := range []int{0, 1, 5} {
		r, source := synced(t, p)
		blocks := source.mine(lost+1, "")
		token := r.gossip("a", blocks[lost], nil)
		r.wantVerdict(token, map[bool]syncer.Verdict{true: syncer.Accept, false: syncer.Ignore}[lost == 0])
		r.wait(4 * time.Second)
		if !r.sameSink(source) {
			t.Errorf("%d lost blocks: the sink is %d of %d", lost, r.chain.Snapshot().SinkBlueScore, source.chain.Snapshot().SinkBlueScore)
		}
		r.wantPoints("a", 0)
	}
}

// Blocks out of order come in without a question as soon as the first does.
func TestReorderedBlocks(t *testing.T) {
	p := youngNet()
	r, source := synced(t, p)
	before := len(r.remotes["a"].asked)
	blocks := source.mine(6, "")
	for _, i := range []int{3, 5, 1, 4, 2, 0} {
		r.gossip("a", blocks[i], nil)
	}
	if !r.sameSink(source) || len(r.remotes["a"].asked) > before {
		t.Errorf("sink %d of %d after %d questions", r.chain.Snapshot().SinkBlueScore, source.chain.Snapshot().SinkBlueScore, len(r.remotes["a"].asked)-before)
	}
}

// A flood of orphans from one peer does not push out another's.
func TestOrphanFlood(t *testing.T) {
	p := youngNet()
	r, source := synced(t, p)
	r.join("bad", silent(), r.node)
	blocks := source.mine(2, "")
	r.gossip("a", blocks[1], nil)
	for i := range 1500 {
		b := source.make("")
		b.Header.Parents = []types.Hash{{1, byte(i), byte(i >> 8)}}
		solve(p, &b)
		r.gossip("bad", b, nil)
	}
	if n := r.core.Status().Orphans; n > 130 {
		t.Errorf("%d orphans are kept", n)
	}
	r.wait(5 * time.Second)
	if !r.has(blocks[1].Hash()) {
		t.Error("the honest orphan was lost")
	}
}

func (n *node) has(h types.Hash) bool {
	status, err := n.chain.Status(h)
	return err == nil && status.HasBody()
}

// A block ahead of the clock waits for its time.
func TestEarlyBlock(t *testing.T) {
	p := youngNet()
	r, source := synced(t, p)
	b := source.make("")
	b.Header.Timestamp = uint64(r.now.UnixMilli()) + p.FutureAllowance + 5000
	solve(p, &b)
	r.wantVerdict(r.gossip("a", b, nil), syncer.Ignore)
	late := b
	late.Header.Timestamp += 2 * 60 * 60 * 1000
	solve(p, &late)
	r.wantVerdict(r.gossip("a", late, nil), syncer.Ignore)
	if n := r.core.Status().Early; n != 1 {
		t.Errorf("%d blocks wait for their time, want 1", n)
	}
	r.wait(4 * time.Second)
	if r.has(b.Hash()) {
		t.Error("the block came in before its time")
	}
	r.wait(2 * time.Second)
	if !r.has(b.Hash()) {
		t.Error("the block did not come in at its time")
	}
	r.wantPoints("a", 0)
}

// Our own blocks and payments are told to everybody.
func TestPublishes(t *testing.T) {
	p := youngNet()
	r, source := synced(t, p)
	txs := source.payments(2)
	if err := submit(r.node, txs[0]); err != nil {
		t.Fatal(err)
	}
	r.step(syncer.TransactionAdmitted{Transaction: txs[0]})
	r.wait(5 * time.Second)
	if err := submit(r.node, txs[1]); err != nil {
		t.Fatal(err)
	}
	b := r.make("own", txs...)
	r.step(syncer.BlockFound{Block: b})
	if len(r.published) != 2 {
		t.Fatalf("%d messages were published, want 2", len(r.published))
	}
	if tx := r.published[0].(*wire.Transaction); tx.Transaction.ID() != txs[0].ID() {
		t.Error("another transaction was published")
	}
	announcement := r.published[1].(*wire.CompactBlock)
	if announcement.Header.Hash() != b.Hash() || len(announcement.ShortIDs) != 1 || len(announcement.Prefilled) != 2 {
		t.Errorf("%d short ids and %d transactions, want 1 and 2: the coinbase and what others cannot have yet",
			len(announcement.ShortIDs), len(announcement.Prefilled))
	}
	if r.chain.Snapshot().Sink != b.Hash() {
		t.Error("our block is not the sink")
	}
}

// Transactions are forwarded when the pool takes them; the makers of unknown
// coins are asked for.
func TestTransactions(t *testing.T) {
	p := youngNet()
	r, source := synced(t, p)
	tx := source.payments(1)[0]
	w := chaintest.NewWallet("miner")
	child := source.pay(w, utxo.Entry{Outpoint: types.Outpoint{TxID: tx.ID()}, Coin: types.Coin{Output: tx.Outputs[0]}})
	for _, x := range []types.Transaction{tx, child} {
		if err := submit(source, x); err != nil {
			t.Fatal(err)
		}
	}
	forged := tx
	forged.Inputs = slices.Clone(tx.Inputs)
	forged.Inputs[0].Unlock.Signatures = []types.Signature{{1}}
	for _, c := range []struct {
		name string
		tx   types.Transaction
		want syncer.Verdict
	}{
		{"forged", forged, syncer.Reject},
		{"child first", child, syncer.Ignore},
	} {
		if got := r.offer("a", c.tx); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	r.wantPoints("a", syncer.PointsInvalidWork)
	r.wait(time.Second)
	if r.pool.Entry(tx.ID()) == nil || r.pool.Entry(child.ID()) == nil {
		t.Error("the maker of the coin was not fetched")
	}
	if got := r.offer("a", tx); got != syncer.Ignore {
		t.Errorf("known: %v", got)
	}
}

// offer gossips a transaction and returns the verdict.
func (r *rig) offer(from syncer.PeerID, tx types.Transaction) syncer.Verdict {
	r.t.Helper()
	screened, err := syncer.ScreenTransaction(wire.Encode(&wire.Transaction{Transaction: tx}))
	if err != nil {
		r.t.Fatal(err)
	}
	r.token++
	r.step(syncer.TransactionGossip{Peer: from, Token: r.token, Transaction: screened})
	return r.verdicts[r.token]
}
