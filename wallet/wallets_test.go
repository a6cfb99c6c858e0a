package wallet_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/chain/wake"
	"github.com/jio-dag/jio/store"
	"github.com/jio-dag/jio/wallet"
	"github.com/jio-dag/jio/wallet/hd"
	"github.com/jio-dag/jio/wallet/keystore"
)

var password = []byte("correct horse")

// A place is a set of wallets on a node, in real files but for the databases.
type place struct {
	*node
	*wallet.Wallets
	now time.Time
	dbs databases
	dir string
	log bytes.Buffer
}

func newPlace(t *testing.T) *place {
	h := &place{node: newNode(t, testParams(), 1), now: epoch, dbs: make(databases), dir: filepath.Join(t.TempDir(), "wallets")}
	h.Wallets = wallet.NewWallets(h.settings())
	return h
}

func (h *place) settings() wallet.Config {
	cfg := h.config(h.dbs, &h.now)
	cfg.Dir, cfg.Log = h.dir, slog.New(slog.NewJSONHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	cfg.Gap, cfg.Stock, cfg.Discovery = 3, 4, 6
	cfg.Open = func(dir string) (wallet.Database, error) { // which also leaves a trace on the disk
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		return h.dbs.open(dir)
	}
	return cfg
}

func (h *place) must(w *wallet.Wallet, err error) *wallet.Wallet {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	return w
}

// create makes a wallet and returns its words.
func (h *place) create(name string, c wallet.Creation) (*wallet.Wallet, []byte) {
	h.t.Helper()
	c.Password = password
	w, words, err := h.Create(name, c)
	if err != nil {
		h.t.Fatal(err)
	}
	defer words.Wipe()
	return w, words.Sentence()
}

// fund mines until a wallet has something to spend.
func (h *place) fund(w *wallet.Wallet) {
	h.t.Helper()
	for range 8 {
		h.mine(receive(w))
		follow(h.t, w)
	}
	h.holdAgainst(w)
}

// TestLifeOfAWallet creates, locks, changes the password, backs up, and restores
// from the words and from the file: the same coins and the same history.
func TestLifeOfAWallet(t *testing.T) {
	h := newPlace(t)
	w, sentence := h.create("main", wallet.Creation{Passphrase: []byte("caf\u00e9")})
	h.fund(w)
	if _, _, err := h.Create("main", wallet.Creation{Password: password}); !errors.Is(err, wallet.ErrWalletExists) {
		t.Errorf("the same name again: %v", err)
	}
	if s := w.Summary(); !s.Unlocked || s.WatchOnly || !s.BackedUp.IsZero() || s.Scan != nil {
		t.Errorf("%+v", s)
	}
	backup := filepath.Join(t.TempDir(), "backup")
	if err := w.Backup(backup); err != nil || !w.Summary().BackedUp.Equal(epoch) {
		t.Errorf("backup: %v, noted %v", err, w.Summary().BackedUp)
	}
	w.Lock()
	if err := w.Unlock([]byte("wrong"), 0); !errors.Is(err, keystore.ErrPassword) || w.Summary().Unlocked {
		t.Errorf("a wrong password: %v", err)
	}
	if err := w.ChangePassword(password, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if err := w.Unlock(password, 0); !errors.Is(err, keystore.ErrPassword) {
		t.Errorf("the old password: %v", err)
	}
	if err := w.Unlock([]byte("new"), time.Hour); err != nil || !w.Summary().LocksAt.Equal(epoch.Add(time.Hour)) {
		t.Errorf("the new password: %v, until %v", err, w.Summary().LocksAt)
	}
	words, passphrase, err := w.Words([]byte("new"))
	if err != nil || !passphrase || !bytes.Equal(words.Sentence(), sentence) {
		t.Errorf("words: passphrase %v, %v", passphrase, err)
	}
	fromWords, _ := h.create("words", wallet.Creation{Sentence: sentence, Passphrase: []byte("cafe\u0301")})
	fromFile := h.must(h.RestoreBackup("file", backup, password))
	if !fromFile.Summary().BackedUp.Equal(epoch) {
		t.Errorf("what comes from a backup was backed up at %v", fromFile.Summary().BackedUp)
	}
	for _, again := range []*wallet.Wallet{fromWords, fromFile} {
		h.Beat(t.Context())
		h.holdAgainst(again)
		if again.Summary().Balance != w.Summary().Balance || len(accepted(t, again)) != len(accepted(t, w)) {
			t.Errorf("%s: %+v, want %+v", again.Name(), again.Summary().Balance, w.Summary().Balance)
		}
	}
	h.listed("file", "main", "words")
}

func (h *place) listed(names ...string) {
	h.t.Helper()
	list, err := h.List()
	if err != nil {
		h.t.Fatal(err)
	}
	var found []string
	for _, l := range list {
		found = append(found, l.Name)
	}
	if fmt.Sprint(found) != fmt.Sprint(names) {
		h.t.Errorf("listed are %v, want %v", found, names)
	}
}

func TestNames(t *testing.T) {
	h := newPlace(t)
	for _, name := range []string{"", ".", "..", "a/b", "A", "-a", "a b", "a\x00", strings.Repeat("a", 33), "ä", "a\n"} {
		if _, err := h.Watch(name); !errors.Is(err, wallet.ErrName) {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := h.Open(name); !errors.Is(err, wallet.ErrNoWallet) {
			t.Errorf("opening %q: %v", name, err)
		}
	}
	if err := os.MkdirAll(filepath.Join(h.dir, "b-1_x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Open("b-1_x"); !errors.Is(err, wallet.ErrNoWallet) {
		t.Errorf("opening an empty directory: %v", err)
	}
	h.listed()
	h.must(h.Watch("b-1_x"))
	told := 0
	cancel := h.OnChange(func() {
		if _, err := h.Wallet("b-1_x"); err != nil { // which takes a lock that must be free
			t.Error(err)
		}
		told++
	})
	h.must(h.Watch("a"))
	cancel()
	if told == 0 {
		t.Error("nobody was told of a new wallet")
	}
	h.listed("a", "b-1_x")
	if _, err := h.Wallet(""); !errors.Is(err, wallet.ErrNoWallet) {
		t.Errorf("one of two by no name: %v", err)
	}
	if err := h.CloseWallet("a"); err != nil {
		t.Fatal(err)
	}
	if w, err := h.Wallet(""); err != nil || w.Name() != "b-1_x" {
		t.Errorf("the only one: %v", err)
	}
	again := h.must(h.Open("a"))
	if same := h.must(h.Open("a")); same != again {
		t.Error("opened twice")
	}
	if err := errors.Join(h.Close(), h.Close()); err != nil {
		t.Error(err)
	}
	if err := again.SetContact(wallet.Contact{Name: "x"}); !errors.Is(err, wallet.ErrClosed) {
		t.Errorf("a closed wallet: %v", err)
	}
}

// TestDatabaseLost removes the database: the file of secrets brings the coins
// back when it is unlocked.
func TestDatabaseLost(t *testing.T) {
	h := newPlace(t)
	w, _ := h.create("main", wallet.Creation{})
	h.fund(w)
	had := w.Summary().Balance
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	clear(h.dbs)
	again := h.must(h.Open("main"))
	h.Beat(t.Context()) // follows all the same, and comes to an end
	if s := again.Summary(); !s.NeedsUnlock || !s.Balance.Total().IsZero() {
		t.Errorf("%+v", s)
	}
	if err := again.Unlock(password, 0); err != nil {
		t.Fatal(err)
	}
	h.Beat(t.Context())
	h.holdAgainst(again)
	if again.Summary().Balance != had {
		t.Errorf("%+v, want %+v", again.Summary().Balance, had)
	}
}

// TestForeignFiles refuses a file of other secrets and a database of another
// network.
func TestForeignFiles(t *testing.T) {
	h := newPlace(t)
	if err := h.must(wallet.OpenUnlocked(h.settings(), "one", wordsOf(t, 1), 0)).Shut(); err != nil {
		t.Fatal(err)
	}
	if err := keystore.At(filepath.Join(h.dir, "one", "keys"), bytesOf(1)).Create(password, wordsOf(t, 2)); err != nil {
		t.Fatal(err)
	}
	w := h.must(h.Open("one"))
	if err := w.Unlock(password, 0); err == nil || w.Summary().Unlocked {
		t.Errorf("secrets of another wallet: %v", err)
	}
	cfg := h.settings()
	other := *h.params
	other.GenesisHash[0] ^= 1
	cfg.Params = &other
	if _, err := wallet.NewWallets(cfg).Open("one"); err == nil || !strings.Contains(err.Error(), "another network") {
		t.Errorf("another network: %v", err)
	}
}

func TestAutoLock(t *testing.T) {
	h := newPlace(t)
	w := h.must(wallet.OpenUnlocked(h.settings(), "main", wordsOf(t, 1), 0))
	locked := func(want bool) {
		t.Helper()
		if err := w.Tick(); err != nil {
			t.Fatal(err)
		}
		if s := w.Summary(); s.Unlocked == want {
			t.Errorf("at %v: unlocked %v until %v", h.now.Sub(epoch), s.Unlocked, s.LocksAt)
		}
	}
	h.now = epoch.Add(keystore.DefaultAutoLock - 1)
	locked(false)
	if _, err := w.SignMessage(receive(w), "still here"); err != nil {
		t.Fatal(err)
	}
	h.now = h.now.Add(keystore.DefaultAutoLock - 1) // what the owner did moved the deadline
	locked(false)
	follow(t, w)
	h.now = h.now.Add(1) // what the wallet does by itself does not
	locked(true)
	if _, err := w.SignMessage(receive(w), "gone"); !errors.Is(err, keystore.ErrLocked) {
		t.Errorf("after the deadline: %v", err)
	}
}

// TestImportedSeed imports the key of a throwaway file, spends its coins and
// brings it back from a backup.
func TestImportedSeed(t *testing.T) {
	h := newPlace(t)
	throwaway, err := hd.NewMnemonic(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	seed, err := throwaway.Seed(nil)
	if err != nil {
		t.Fatal(err)
	}
	master, err := hd.Master(seed)
	if err != nil {
		t.Fatal(err)
	}
	key, err := master.Derive(fmt.Sprintf("m/44'/%d'/0'/0'/0'", h.params.CoinType))
	if err != nil {
		t.Fatal(err)
	}
	policy := types.KeyPolicy(key.PublicKey())
	for range 8 {
		h.mine(policy.Address())
	}
	w, _ := h.create("main", wallet.Creation{})
	address, err := w.ImportWords(password, throwaway, "thrown away", time.Time{})
	if err != nil || address != policy.Address() {
		t.Fatalf("%v, %v", address, err)
	}
	h.Beat(t.Context())
	h.holdAgainst(w)
	if b := w.Summary().Balance; b.Available.IsZero() {
		t.Fatalf("%+v", b)
	}
	p, err := w.Plan(wallet.Request{Payments: []wallet.Payment{{Address: receive(w)}}, Max: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Send(p); err != nil {
		t.Error(err)
	}
	backup := filepath.Join(t.TempDir(), "backup")
	if err := w.Backup(backup); err != nil {
		t.Fatal(err)
	}
	again := h.must(h.RestoreBackup("again", backup, password))
	h.Beat(t.Context())
	info, err := again.Address(address)
	if err != nil || info.Label != "thrown away" || !info.Used || info.Role != wallet.RoleImported {
		t.Errorf("%+v, %v", info, err)
	}
}

// TestSecretsStayInside looks for the words, the seed behind them and the
// password in all that the wallet shows, stores and logs.
func TestSecretsStayInside(t *testing.T) {
	h := newPlace(t)
	secret := []byte("a canary in the mine")
	w, words, err := h.Create("main", wallet.Creation{Password: secret, Passphrase: []byte("another canary")})
	if err != nil {
		t.Fatal(err)
	}
	h.fund(w)
	seed, err := words.Seed([]byte("another canary"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Plan(wallet.Request{Payments: []wallet.Payment{{Address: receive(w)}}, Max: true})
	if err != nil {
		t.Fatal(err)
	}
	ids, err := w.Send(p)
	if err != nil {
		t.Fatal(err)
	}
	entry, _ := w.Entry(ids[0])
	shown := new(bytes.Buffer)
	for _, v := range []any{w, h.Wallets, w.Summary(), p, entry, words, struct{ w *wallet.Wallet }{w}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
			fmt.Fprintf(shown, verb+"\n", v)
		}
		text, _ := json.Marshal(v)
		shown.Write(text)
		slog.New(slog.NewTextHandler(shown, nil)).Info("canary", "value", v)
	}
	shown.Write(h.log.Bytes())
	for _, db := range h.dbs {
		dump(t, shown, db)
	}
	for _, needle := range append([][]byte{secret, []byte("another canary"), words.Sentence()}, forms(words.Entropy(), seed)...) {
		if bytes.Contains(shown.Bytes(), needle) {
			t.Errorf("%.60q shows", needle)
		}
	}
}

func dump(t *testing.T, to *bytes.Buffer, db *store.Memory) {
	err := db.Scan(nil, func(key, value []byte) error {
		to.Write(key)
		to.Write(value)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// forms returns the ways in which secret bytes may be printed.
func forms(secrets ...[]byte) (all [][]byte) {
	for _, s := range secrets {
		s = s[:12]
		decimal := strings.Trim(fmt.Sprint(s), "[]")
		all = append(all, s, []byte(hex.EncodeToString(s)), []byte(decimal), []byte(strings.ReplaceAll(decimal, " ", ", ")))
	}
	return all
}

// TestManyReaders reads and writes from several goroutines while blocks come in;
// it is for the race detector.
func TestManyReaders(t *testing.T) {
	w := rich(t, "3", "4", "5")
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for _, read := range []func() error{
		func() error { _, _, err := w.wallet.History(wallet.Query{Match: "x"}); return err },
		func() error { _, err := w.wallet.Coins(); return err },
		func() error { _, err := w.wallet.Addresses(); return err },
		func() error { _, err := w.wallet.Plan(w.toOther("1")); return err },
		func() error { return w.wallet.SetAddressLabel(w.wallet.Summary().Accounts[0].Address, "x") },
		func() error { return w.wallet.Tick() },
	} {
		readers.Go(func() {
			for {
				if err := read(); err != nil {
					t.Error(err)
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for range 10 {
		w.mine(w.other.Address)
		follow(t, w.wallet)
	}
	close(stop)
	readers.Wait()
	w.holdAgainst(w.wallet)
}

// TestRunFollows leaves the wallets to Run, on real time and goroutines.
func TestRunFollows(t *testing.T) {
	h := newPlace(t)
	cfg := h.settings()
	cfg.OnChange = h.chain.OnChange
	h.Wallets = wallet.NewWallets(cfg)
	w := h.must(h.Watch("main"))
	miner := types.KeyPolicy(types.PublicKey([32]byte{1}))
	if _, err := w.WatchKey(miner.Key, "", time.Time{}); err != nil {
		t.Fatal(err)
	}
	changes, cancel := wake.Catch(h.OnChange)
	defer cancel()
	ctx, stop := contextWithStop(t)
	done := make(chan error)
	go func() { done <- h.Run(ctx) }()
	for range 5 {
		h.mine(miner.Address())
	}
	for w.Summary().AsOf.Block != h.chain.Snapshot().Sink {
		<-changes
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	h.holdAgainst(w)
}
