package node

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// A Layout is where the files of one network stand:
//
//	<datadir>/<network>/jio.lock     held by the one process that uses it
//	<datadir>/<network>/chain/       blocks and state
//	<datadir>/<network>/index/       transactions and addresses, made from the chain
//	<datadir>/<network>/mempool      unconfirmed transactions over a restart
//	<datadir>/<network>/wallets/     a directory for each wallet: its secrets and its history
//	<datadir>/<network>/peers/       addresses of other nodes, and what they did
//	<datadir>/<network>/peer.key     the key that names this node among its peers
//	<datadir>/<network>/mining.key   the throwaway key that mining pays
//	<datadir>/<network>/mining.to    the address that mining was told to pay instead
//	<datadir>/<network>/rpc.address  where the RPC server listens, while it does
//	<datadir>/<network>/.cookie      the password of that server for this user, new at each start
//	<datadir>/<network>/log/         the log, and crash files
type Layout struct{ Dir string }

// LayoutOf returns the layout of a network under a data directory.
func LayoutOf(dataDir, network string) Layout {
	return Layout{Dir: filepath.Join(dataDir, network)}
}

// Chain is the directory of the chain's database.
func (l Layout) Chain() string { return filepath.Join(l.Dir, "chain") }

// Index is the directory of the index's database.
func (l Layout) Index() string { return filepath.Join(l.Dir, "index") }

// Pool is the file of the saved mempool.
func (l Layout) Pool() string { return filepath.Join(l.Dir, "mempool") }

// Peers is the directory of the database of peers.
func (l Layout) Peers() string { return filepath.Join(l.Dir, "peers") }

// PeerKey is the file of the key that names this node among its peers.
func (l Layout) PeerKey() string { return filepath.Join(l.Dir, "peer.key") }

// MiningKey is the file of the throwaway key.
func (l Layout) MiningKey() string { return filepath.Join(l.Dir, "mining.key") }

// MiningTo is the file of the address that mining was told to pay.
func (l Layout) MiningTo() string { return filepath.Join(l.Dir, "mining.to") }

// Wallets is the directory of the wallets.
func (l Layout) Wallets() string { return filepath.Join(l.Dir, "wallets") }

// RPCAddress is the file that says where the RPC server listens.
func (l Layout) RPCAddress() string { return filepath.Join(l.Dir, "rpc.address") }

// Log is the directory of log and crash files.
func (l Layout) Log() string { return filepath.Join(l.Dir, "log") }

// Crashes is where crash files go: among the logs.
func (l Layout) Crashes() CrashDir { return CrashDir(l.Log()) }

// hasChain reports whether the chain's database has any file.
func (l Layout) hasChain() bool { return hasFiles(l.Chain()) }

func hasFiles(dir string) bool {
	files, err := os.ReadDir(dir)
	return err == nil && len(files) > 0
}

// create makes the directories that are missing, for their owner alone.
func (l Layout) create() error { return os.MkdirAll(l.Log(), 0o700) }

// DefaultDataDir is where data goes unless told otherwise: $XDG_DATA_HOME/jio,
// or ~/.local/share/jio.
func DefaultDataDir() (string, error) { return xdg("XDG_DATA_HOME", ".local", "share") }

// DefaultConfigFile is $XDG_CONFIG_HOME/jio/jio.toml, or ~/.config/jio/jio.toml.
func DefaultConfigFile() (string, error) {
	dir, err := xdg("XDG_CONFIG_HOME", ".config")
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "jio.toml"), nil
}

// xdg follows the XDG base directory specification, which tells to ignore a
// relative path in the variable.
func xdg(variable string, underHome ...string) (string, error) {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return filepath.Join(dir, "jio"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(append(append([]string{home}, underHome...), "jio")...), nil
}

// exists reports whether a file is there.
func exists(name string) (bool, error) {
	_, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
