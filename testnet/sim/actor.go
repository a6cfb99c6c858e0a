package sim

import (
	"github.com/jio-dag/jio/net/wire"
)

// An actor is what makes a node Byzantine. Beneath it is a whole node, so that it
// knows the DAG; each function that is set replaces or adds to what the node does.
type actor struct {
	name  string
	hello func(n *node, h *wire.Hello)                                    // what it says of itself
	mine  func(n *node)                                                   // what it does with a block's worth of work
	act   func(n *node)                                                   // every second
	hear  func(n *node, l *link, k wire.Kind, data []byte) (swallow bool) // before it handles gossip
	serve func(n *node, l *link, request wire.Message) ([]byte, error)    // in place of its answers
}

// actors are all that there are.
var actors = []actor{
	{name: "selfish", mine: selfish, serve: secretive},
	{name: "withholder", mine: withhold, serve: secretive},
	{name: "splitter", mine: split},
	{name: "liar", mine: (*node).mine, hello: boast},
	{name: "no work", mine: (*node).mine, act: forgeWork},
	{name: "bad header", mine: badHeader},
	{name: "bad body", mine: badBody},
	{name: "bad coinbase", mine: badCoinbase},
	{name: "bad state", mine: badState},
	{name: "counterfeiter", mine: counterfeit},
	{name: "mutator", mine: mutate, serve: mutateBodies},
	{name: "unfaithful", mine: unfaithful},
	{name: "header flood", mine: (*node).mine, hello: boast, serve: floodHeaders},
	{name: "orphan flood", mine: orphan},
	{name: "stale", mine: stale},
	{name: "slow", mine: (*node).mine, serve: beSilent},
	{name: "no bodies", mine: withhold, hello: boast, serve: headersOnly},
	{name: "unrequested", mine: (*node).mine, act: answerUnasked},
	{name: "garbage", mine: (*node).mine, act: gossipGarbage, serve: answerGarbage},
	{name: "double spender", mine: (*node).mine, act: doubleSpend},
	{name: "time warper", mine: warpTime},
	{name: "replayer", mine: (*node).mine, hear: replay},
	{name: "asker", mine: (*node).mine, act: askTooMuch},
}
