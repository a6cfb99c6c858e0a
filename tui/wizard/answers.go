package wizard

import "bytes"

// The values of a Mode.
const (
	Create  = "create"
	Restore = "restore"
	Watch   = "watch"
	None    = "none"
)

// Answers are what the user decided, by step.
type Answers map[string][]byte

// The names of the steps whose answers a host uses.
const (
	Network    = "network"
	DataDir    = "datadir"
	Mode       = "mode"
	Name       = "name"
	Words      = "words" // made or typed
	WordCount  = "word count"
	Passphrase = "passphrase"
	Password   = "password"
	Birthday   = "birthday" // a date, "" for the beginning
	Watched    = "watched"  // keys and addresses, separated by spaces
	Mine       = "mine"     // "yes" or "no"
)

// Text returns an answer that is no secret.
func (a Answers) Text(step string) string { return string(a[step]) }

// Wipe overwrites every answer with zeros and forgets it.
func (a Answers) Wipe() {
	for name, value := range a {
		clear(value)
		delete(a, name)
	}
}

// set stores a copy of an answer in place of the one before, which it may be.
func (a Answers) set(step string, value []byte) {
	value = bytes.Clone(value)
	clear(a[step])
	a[step] = value
}
