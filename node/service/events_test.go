package service_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

var errEnough = errors.New("enough")

// collect takes events of a topic until done says that they suffice.
func collect[E any](f *fixture, topic api.Topic[E], sub api.Subscription, done func(E) bool) []E {
	f.t.Helper()
	var events []E
	err := topic.Subscribe(f.t.Context(), f.to, sub, func(e E) error {
		events = append(events, e)
		if done(e) {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		f.t.Fatalf("%s ended: %v", topic.Name, err)
	}
	return events
}

// TestVirtualChangedResumes replays the chain from a cursor and lands at the
// sink.
func TestVirtualChangedResumes(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(60, 13)
	sink := f.sink().Hash
	var chainNow []types.Hash
	var zero types.Hash
	for _, e := range collect(f, api.TopicVirtualChanged, api.Subscription{Cursor: &zero}, func(e api.VirtualChanged) bool { return e.Cursor == sink }) {
		for _, a := range e.Added {
			chainNow = append(chainNow, a.Hash)
		}
	}
	if !slices.Equal(chainNow, hashes(f.chainUp())) {
		t.Errorf("%d chain blocks, want %d", len(chainNow), len(f.chainUp()))
	}
	unknown := types.Hash{1}
	err := api.TopicVirtualChanged.Subscribe(t.Context(), f.to, api.Subscription{Cursor: &unknown}, func(api.VirtualChanged) error { return nil })
	var refusal *api.Error
	if !errors.As(err, &refusal) || refusal.Code != api.CodeUnknownPoint {
		t.Errorf("an unknown cursor: %v", err)
	}
}

// TestUTXOsChangedAddUp folds the changes of an address from before genesis, and
// wants the oracle's coins.
func TestUTXOsChangedAddUp(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(60, 14)
	coins := f.addressesWithCoins()
	for a, want := range coins {
		have := make(map[api.Outpoint]bool)
		var zero types.Hash
		sub := api.Subscription{Cursor: &zero, Addresses: []string{f.text(a)}}
		sum := func(e api.UTXOsChanged) bool {
			for _, o := range e.Removed {
				delete(have, o)
			}
			for _, u := range e.Added {
				have[u.Outpoint] = true
			}
			return len(have) == len(want)
		}
		collect(f, api.TopicUTXOsChanged, sub, sum)
		for _, n := range want {
			if !have[api.Outpoint{TransactionID: n.Outpoint.TxID, Index: n.Outpoint.Index}] {
				t.Errorf("%s lacks %v", f.text(a), n.Outpoint)
			}
		}
	}
	if len(slices.Collect(maps.Keys(coins))) < 2 {
		t.Error("too few addresses")
	}
}

// TestLiveEvents grows a DAG while somebody listens to every topic that tells
// of it.
func TestLiveEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, smallNet())
		f.grow(20, 15)
		blocks := listen(f, api.TopicBlockAdded)
		templates := listen(f, api.TopicNewTemplate)
		pools := listen(f, api.TopicMempoolChanged)
		synctest.Wait()
		var want []types.Hash
		for _, name := range []string{"alice", "bob", "carol", "alice", "alice", "alice"} {
			b := f.mineTo(f.builder.Wallet(name))
			want = append(want, b.Hash())
			f.beside()
			synctest.Wait()
		}
		var got []types.Hash
		for _, e := range *blocks {
			if slices.Contains(got, e.Hash) {
				t.Errorf("%v is told of twice", e.Hash)
			}
			got = append(got, e.Hash)
		}
		if len(got) != 2*len(want) {
			t.Errorf("told of %d blocks, want %d", len(got), 2*len(want))
		}
		for _, h := range want {
			if !slices.Contains(got, h) {
				t.Errorf("never told of %v", h)
			}
		}
		if n := len(*templates); n <= len(want) {
			t.Errorf("told of %d templates for %d blocks", n, len(want))
		}
		f.pay(f.builder.Wallet("alice"), f.builder.Wallet("bob"), 500_000)
		f.service.Refresh()
		f.service.Refresh()
		synctest.Wait()
		if p := *pools; len(p) != 2 || p[0].Entries != 0 || p[1].Entries != 1 {
			t.Errorf("told of the pools %+v, want an empty one and one entry", p)
		}
	})
}

// listen gathers the events of a topic until the test ends.
func listen[E any](f *fixture, topic api.Topic[E]) *[]E {
	events := new([]E)
	go func() {
		err := topic.Subscribe(f.t.Context(), f.to, api.Subscription{}, func(e E) error {
			*events = append(*events, e)
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			f.t.Errorf("%s ended: %v", topic.Name, err)
		}
	}()
	return events
}

func TestTheFirstEventIsThePresent(t *testing.T) {
	f := newFixture(t, smallNet())
	f.grow(5, 16)
	template := collect(f, api.TopicNewTemplate, api.Subscription{}, func(api.NewTemplate) bool { return true })[0]
	if !slices.Equal(template.VirtualParents, f.chain.Snapshot().VirtualParents) {
		t.Errorf("the first template event is %+v", template)
	}
	sync := collect(f, api.TopicSyncProgress, api.Subscription{}, func(api.Sync) bool { return true })[0]
	if sync.Stage != "done" {
		t.Errorf("the first sync event is %+v", sync)
	}
}
