package api

import (
	"context"
	"encoding/json"
)

// A Topic is a kind of event that a node tells its subscribers of, with the
// type of the event. Of the parameters beside the topic it takes those that it
// names.
type Topic[E any] struct {
	Name    string // in camelCase
	Scope   Scope
	Summary string   // a sentence for the description of the interface
	Needs   []string // parameters that must be given
	Takes   []string // parameters that may be
}

// A Subscriber delivers events. Each is put where event points, a pointer to
// the topic's type, before each is called; what was there before is not kept.
// It returns when ctx ends, when each fails, with that error, or when the
// events do.
type Subscriber interface {
	Subscribe(ctx context.Context, sub Subscription, event any, each func() error) error
}

// Subscribe calls each with the events of the topic, one after the other, until
// ctx ends or each fails. sub.Topic need not be filled in.
func (t Topic[E]) Subscribe(ctx context.Context, from Subscriber, sub Subscription, each func(E) error) error {
	sub.Topic = t.Name
	var event E
	return from.Subscribe(ctx, sub, &event, func() error { return each(event) })
}

// The topics that can be subscribed to.
var (
	TopicBlockAdded     = Topic[BlockAdded]{"blockAdded", Read, "Tells of each new block.", nil, nil}
	TopicVirtualChanged = Topic[VirtualChanged]{"virtualChanged", Read, "Tells how the selected chain goes on; resumes after a cursor.", nil, []string{"cursor"}}
	TopicUTXOsChanged   = Topic[UTXOsChanged]{"utxosChanged", Read, "Tells which coins of the addresses asked for come and go; resumes after a cursor.", []string{"addresses"}, []string{"cursor"}}
	TopicNewTemplate    = Topic[NewTemplate]{"newTemplate", Read, "Tells that a better block to mine exists.", nil, nil}
	TopicSyncProgress   = Topic[Sync]{"syncProgress", Read, "Tells how far the node is in getting what its peers have.", nil, nil}
	TopicWalletChanged  = Topic[WalletChanged]{"walletChanged", Wallet, "Tells that a wallet has something new to show.", nil, []string{"wallet"}}
	TopicMempoolChanged = Topic[Pool]{"mempoolChanged", Read, "Tells how full the pool of unconfirmed transactions is.", nil, nil}
)

// The methods of a WebSocket connection itself.
var (
	Subscribe   = Method[Subscription, Subscribed]{"subscribe", Read, "Begins a subscription; its events follow as notifications of the method event, its end as one of the method ended. WebSocket only."}
	Unsubscribe = Method[Subscribed, None]{"unsubscribe", Read, "Ends a subscription. WebSocket only."}
)

// Subscribed names a subscription of a connection.
type Subscribed struct {
	Subscription uint64 `json:"subscription"`
}

// The notifications that a node sends to a WebSocket connection.
const (
	NoticeEvent = "event" // Event
	NoticeEnded = "ended" // Ended
)

// An Event is an event of a subscription on its way.
type Event struct {
	Subscription uint64          `json:"subscription"`
	Topic        string          `json:"topic"`
	Event        json.RawMessage `json:"event"` // of the topic's type
}

// An Ended tells why a subscription sends nothing further, such as that its
// subscriber did not keep up.
type Ended struct {
	Subscription uint64 `json:"subscription"`
	Topic        string `json:"topic"`
	Error        *Error `json:"error,omitempty"` // nil when there is nothing more to tell
}
