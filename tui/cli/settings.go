package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/node"
)

// A kind is the type of a setting's value.
type kind uint8

const (
	kindText kind = iota
	kindSwitch
	kindCount  // a non-negative integer
	kindFactor // a decimal number
	kindList   // texts, with commas between them; a flag may be repeated
)

// A scope says which commands understand a setting.
type scope uint8

const (
	scopeAll    scope = iota // every command
	scopeStart               // starting a node
	scopeMine                // starting a node, and jio mine
	scopeCall                // commands that call a node
	scopeScreen              // the dashboard, of this node or of another
)

// A setting is one thing a user may set: by flag, by variable, in the
// configuration file under the flag's name, or not at all.
type setting struct {
	name     string
	kind     kind
	scope    scope
	standard func() (string, error) // the value when nobody sets it
	usage    string
}

// settings is the only list of settings there is.
var settings = []setting{
	{"network", kindText, scopeAll, always("devnet"), "the network: " + strings.Join(params.Names(), ", ")},
	{"bps", kindCount, scopeAll, always("1"), "blocks per second, a divisor of 1000; simnet only"},
	{"datadir", kindText, scopeAll, node.DefaultDataDir, "where data is kept; each network has a directory of its own below"},
	{"config", kindText, scopeAll, node.DefaultConfigFile, "the configuration file"},
	{"daemon", kindSwitch, scopeStart, always("false"), "run in the foreground without a screen, as a service does"},
	{"plain", kindSwitch, scopeStart, always("false"), "never draw a screen, only log lines"},
	{"theme", kindText, scopeScreen, always("auto"), "the dashboard's colours: auto, dark, light, dark-safe, light-safe or none; the safe ones are for colour-blind eyes"},
	{"glyphs", kindText, scopeScreen, always("auto"), "the dashboard's characters: auto, unicode or ascii"},
	{"no-wallet", kindSwitch, scopeStart, always("false"), "keep no wallets"},
	{"no-index", kindSwitch, scopeStart, always("false"), "keep no index of transactions and addresses"},
	{"mine", kindSwitch, scopeStart, always("false"), "mine from the start"},
	{"mine-unsynced", kindSwitch, scopeStart, always("false"), "mine before the node is synced; devnet and simnet only"},
	{"mine-on-battery", kindSwitch, scopeStart, always("false"), "mine also while the machine runs on its battery"},
	{"mine-to", kindText, scopeMine, always(""), "the address that mining pays; without one, a throwaway key is made"},
	{"threads", kindCount, scopeStart, defaultThreads, "mining threads, at most the number of processors"},
	{"engine", kindText, scopeStart, always(pow.Auto), "how this machine computes proof of work, to mine and to check headers, and nothing else: auto, which is the fastest it has, avx512, avx2 or go"},
	{"p2p-listen", kindText, scopeStart, always(""), "HOST:PORT for other nodes, TCP and QUIC, or off; the network's own port unless told otherwise, of this machine alone on devnet and simnet"},
	{"connect", kindList, scopeStart, always(""), "the only nodes to dial or to let in, and nothing is announced: HOST:PORT or multiaddresses"},
	{"add-peer", kindList, scopeStart, always(""), "nodes to stay connected to besides others"},
	{"discover", kindText, scopeStart, always("auto"), "announce this node and look for strangers: on, off, or auto, which is off on devnet and simnet"},
	{"allow", kindList, scopeStart, always(""), "the only addresses (CIDR) or peer ids to speak with"},
	{"deny", kindList, scopeStart, always(""), "addresses (CIDR) or peer ids never to speak with"},
	{"proxy", kindText, scopeStart, always(""), "HOST:PORT of a SOCKS5 proxy for every connection to other nodes"},
	{"no-p2p", kindSwitch, scopeStart, always("false"), "speak with no other node"},
	{"rpc-listen", kindText, scopeStart, always(""), "HOST:PORT that answers calls; this machine and the network's own port unless told otherwise"},
	{"rpc-cert", kindText, scopeStart, always(""), "the certificate of that address in PEM, needed beyond this machine"},
	{"rpc-key", kindText, scopeStart, always(""), "the key of the certificate in PEM"},
	{"no-rpc", kindSwitch, scopeStart, always("false"), "answer no calls: commands and programs cannot reach this node"},
	{"rpc", kindText, scopeCall, always(""), "HOST:PORT of the node to call; the one that runs on the data directory unless told otherwise"},
	{"rpc-token", kindText, scopeCall, always(""), "a file with the token to call it with; the cookie in the data directory unless told otherwise"},
	{"rpc-ca", kindText, scopeCall, always(""), "the certificate to trust in PEM, for a node on another machine"},
	{"log-level", kindText, scopeAll, always("info"), "debug, info, warn or error; also by subsystem, as in info,chain=debug"},
	{"log-format", kindText, scopeAll, always("text"), "text for people, json for machines"},
	{"ram-scale", kindFactor, scopeAll, always("1"), "multiplies the memory given to caches"},
}

func always(s string) func() (string, error) { return func() (string, error) { return s, nil } }

func defaultThreads() (string, error) { return strconv.Itoa(node.DefaultThreads()), nil }

// variable is the environment variable of a setting.
func (s *setting) variable() string {
	return "JIO_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// inFile reports whether a setting may stand in the configuration file.
func (s *setting) inFile() bool { return s.name != "config" }

func settingNamed(name string) (*setting, bool) {
	for i := range settings {
		if settings[i].name == name {
			return &settings[i], true
		}
	}
	return nil, false
}

// check says whether a text is a value of the kind.
func (k kind) check(text string) error {
	switch k {
	case kindSwitch:
		if _, err := strconv.ParseBool(text); err != nil {
			return fmt.Errorf("%q is not true or false", text)
		}
	case kindCount:
		if _, err := strconv.ParseUint(text, 10, 31); err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
	case kindFactor:
		if f, err := strconv.ParseFloat(text, 64); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("%q is not a number", text)
		}
	}
	return nil
}

// typed returns a checked text as the value that JSON should show.
func (k kind) typed(text string) any {
	switch k {
	case kindSwitch:
		v, _ := strconv.ParseBool(text)
		return v
	case kindCount:
		v, _ := strconv.ParseUint(text, 10, 31)
		return v
	case kindFactor:
		v, _ := strconv.ParseFloat(text, 64)
		return v
	case kindList:
		return listOf(text)
	}
	return text
}

// String is the word that help prints for a value of the kind.
func (k kind) String() string {
	switch k {
	case kindSwitch:
		return "bool"
	case kindCount:
		return "int"
	case kindFactor:
		return "float"
	case kindList:
		return "list"
	}
	return "string"
}

// A flagValue is a setting on a command line; it implements pflag.Value.
type flagValue struct {
	kind  kind
	text  string
	given bool
}

// Set implements pflag.Value.
func (v *flagValue) Set(text string) error {
	if err := v.kind.check(text); err != nil {
		return err
	}
	if v.kind == kindList && v.given {
		text = v.text + "," + text
	}
	v.text, v.given = text, true
	return nil
}

// listOf returns the items of a list.
func listOf(text string) []string {
	items := []string{}
	for _, item := range strings.Split(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// String implements pflag.Value.
func (v *flagValue) String() string { return v.text }

// Type implements pflag.Value.
func (v *flagValue) Type() string { return v.kind.String() }
