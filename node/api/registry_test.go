package api_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

func codeOf(err error) api.Code {
	if refusal := new(api.Error); errors.As(err, &refusal) {
		return refusal.Code
	}
	return 0
}

func unlocker(t *testing.T) (reg *api.Registry, secret *api.Secret) {
	t.Helper()
	reg, secret = api.NewRegistry(), new(api.Secret)
	api.Handle(reg, api.UnlockWallet, func(_ context.Context, p api.UnlockParams) (api.WalletSummary, error) {
		if string(p.Password) != "correct horse" {
			return api.WalletSummary{}, api.Errorf(api.CodeLocked, "wrong password")
		}
		*secret = p.Password
		return api.WalletSummary{Name: p.Wallet, Unlocked: true}, nil
	})
	return reg, secret
}

func TestLocalHandsValuesOver(t *testing.T) {
	reg, secret := unlocker(t)
	password := api.Secret("correct horse")
	got, err := api.UnlockWallet.Call(t.Context(), reg.Local(), api.UnlockParams{Wallet: "main", Password: password})
	if err != nil || got.Name != "main" || !got.Unlocked {
		t.Fatalf("unlocked %+v, %v", got, err)
	}
	if &(*secret)[0] != &password[0] {
		t.Error("the password was copied on its way")
	}
	if _, err := api.UnlockWallet.Call(t.Context(), reg.Local(), api.UnlockParams{}); codeOf(err) != api.CodeLocked {
		t.Errorf("wrong password: %v", err)
	}
	var wrong api.Info
	if err := reg.Local().Call(t.Context(), "unlockWallet", &api.None{}, &wrong); err == nil {
		t.Error("values of other types were taken")
	}
}

func TestEndpointDecodesAndWipes(t *testing.T) {
	reg, secret := unlocker(t)
	e, err := reg.Endpoint("unlockWallet")
	if err != nil || e.Scope != api.Wallet {
		t.Fatalf("endpoint %+v, %v", e, err)
	}
	result, err := e.Call(t.Context(), []byte(`{"wallet":"main","password":"correct horse"}`))
	if err != nil || result.(*api.WalletSummary).Name != "main" {
		t.Fatalf("result %+v, %v", result, err)
	}
	for i, b := range *secret {
		if b != 0 {
			t.Fatalf("byte %d of the password outlived the call", i)
		}
	}
	if _, err := e.Call(t.Context(), []byte(`{"walet":"main"}`)); codeOf(err) != api.CodeInvalidParams {
		t.Errorf("unknown field: %v", err)
	}
}

func TestUnknownAndMissingParts(t *testing.T) {
	reg, _ := unlocker(t)
	for _, c := range []struct {
		method string
		want   api.Code
	}{{"getBlock", api.CodeUnavailable}, {"getblock", api.CodeMethodNotFound}, {"", api.CodeMethodNotFound}} {
		if _, err := reg.Endpoint(c.method); codeOf(err) != c.want {
			t.Errorf("method %q: %v, want code %d", c.method, err, c.want)
		}
	}
	if _, err := reg.Source("blockAdded"); codeOf(err) != api.CodeUnavailable {
		t.Errorf("a topic without a stream: %v", err)
	}
	if _, err := reg.Source("blockRemoved"); codeOf(err) != api.CodeInvalidParams {
		t.Errorf("an unknown topic: %v", err)
	}
}

func TestTwoHandlersPanic(t *testing.T) {
	reg, _ := unlocker(t)
	defer func() {
		if recover() == nil {
			t.Error("a second handler was taken")
		}
	}()
	api.Handle(reg, api.UnlockWallet, func(context.Context, api.UnlockParams) (api.WalletSummary, error) {
		return api.WalletSummary{}, nil
	})
}

func TestLocalSubscription(t *testing.T) {
	reg := api.NewRegistry()
	enough := errors.New("enough")
	api.Stream(reg, api.TopicMempoolChanged, func(_ context.Context, sub api.Subscription, send func(api.Pool) error) error {
		if sub.Topic != "mempoolChanged" {
			t.Errorf("subscription to %q", sub.Topic)
		}
		for n := 0; ; n++ {
			if err := send(api.Pool{Entries: n}); err != nil {
				return err
			}
		}
	})
	var got []int
	err := api.TopicMempoolChanged.Subscribe(t.Context(), reg.Local(), api.Subscription{}, func(p api.Pool) error {
		if got = append(got, p.Entries); len(got) == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || len(got) != 3 || got[2] != 2 {
		t.Errorf("got %v, %v", got, err)
	}
	var wrong api.Peer
	if err := reg.Local().Subscribe(t.Context(), api.Subscription{Topic: "mempoolChanged"}, &wrong, func() error { return nil }); err == nil {
		t.Error("a pointer to another type was filled in")
	}
}

// Each topic takes some of the parameters, and refuses the others by name: over
// the whole table of topics and parameters.
func TestTopicsRefuseWhatTheyDoNotTake(t *testing.T) {
	sources := api.NewRegistry()
	stream(sources, api.TopicBlockAdded)
	stream(sources, api.TopicVirtualChanged)
	stream(sources, api.TopicUTXOsChanged)
	stream(sources, api.TopicNewTemplate)
	stream(sources, api.TopicSyncProgress)
	stream(sources, api.TopicWalletChanged)
	stream(sources, api.TopicMempoolChanged)
	given := map[string]api.Subscription{
		"cursor":    {Cursor: new(types.Hash)},
		"addresses": {Addresses: []string{}},
		"wallet":    {Wallet: "main"},
	}
	takes := map[string]string{"virtualChanged": "cursor", "utxosChanged": "cursor addresses", "walletChanged": "wallet"}
	if fields := reflect.TypeFor[api.Subscription]().NumField(); fields != 1+len(given) {
		t.Fatalf("a subscription has %d fields", fields)
	}
	for _, topic := range api.Topics() {
		for name, sub := range given {
			sub.Topic = topic.Name
			if topic.Name == "utxosChanged" && name != "addresses" {
				sub.Addresses = []string{"a"}
			}
			want := name
			if slices.Contains(strings.Fields(takes[topic.Name]), name) {
				want = ""
			}
			if refusal := checked(t, sources, sub); refusal.Field != want {
				t.Errorf("%s with %s: %+v", topic.Name, name, refusal)
			}
		}
	}
	if refusal := checked(t, sources, api.Subscription{Topic: "utxosChanged"}); refusal.Field != "addresses" {
		t.Errorf("utxosChanged of no addresses: %+v", refusal)
	}
	if err := sources.Local().Subscribe(t.Context(), api.Subscription{Topic: "blockAdded", Wallet: "main"}, new(api.BlockAdded), nil); codeOf(err) != api.CodeInvalidParams {
		t.Errorf("in the same process: %v", err)
	}
}

func stream[E any](reg *api.Registry, topic api.Topic[E]) {
	api.Stream(reg, topic, func(context.Context, api.Subscription, func(E) error) error { return nil })
}

// checked returns how a source refuses a subscription; the zero Error when it
// takes it.
func checked(t *testing.T, reg *api.Registry, sub api.Subscription) (refusal *api.Error) {
	t.Helper()
	source, err := reg.Source(sub.Topic)
	if err != nil {
		t.Fatal(err)
	}
	if err := source.Check(sub); err != nil && (!errors.As(err, &refusal) || refusal.Code != api.CodeInvalidParams) {
		t.Fatal(err)
	}
	if refusal == nil {
		refusal = new(api.Error)
	}
	return refusal
}
