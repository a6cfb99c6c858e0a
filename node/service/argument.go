package service

import (
	"encoding/hex"
	"path/filepath"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// The limits of lists and ranges. A limit of 0 in a question means these.
const (
	mostBlocks       = 1000  // at least the merge set of one chain block on any network
	mostWithBodies   = 600   // blocks with their transactions, as above
	mostTransactions = 10000 // in such blocks, but for those of the last chain block
	mostHeaders      = 2000
	mostChainSteps   = 1000 // of the selected chain, with what they accepted
	mostWindow       = 500  // chain blocks of a picture
	mostUnmerged     = 2000 // blocks above the sink in a picture
	mostPoolEntries  = 5000
	mostAddresses    = 1000
	mostCoins        = 20000
	mostEvents       = 500
	mostHistory      = 1000
	mostLogLines     = 2000
	mostGenerated    = 100000
	mostPayments     = 1000
	mostMessageBytes = 64 << 10
	mostSearchBytes  = 256
)

// within returns how many to answer with: all that are allowed for 0, and an
// error for a number below 0 or above what is allowed.
func within(name string, asked, most int) (int, error) {
	switch {
	case asked < 0:
		return 0, invalid(name, "%d is below 0", asked)
	case asked > most:
		return 0, tooLarge(name, "%d is above %d, the most there are in one answer", asked, most)
	case asked == 0:
		return most, nil
	}
	return asked, nil
}

// address reads an address of this network. An address of another network is
// refused by name.
func (s *Service) address(name, text string) (types.Address, error) {
	if text == "" {
		return types.Address{}, invalid(name, "an address is needed")
	}
	a, err := types.ParseAddress(s.Params.AddressPrefix, text)
	if err != nil {
		return a, invalid(name, "%v", err)
	}
	return a, nil
}

// payee reads an address that coins can be sent to.
func (s *Service) payee(name, text string) (types.Address, error) {
	a, err := s.address(name, text)
	if err == nil && a.Version != 0 {
		return a, invalid(name, "addresses of version %d cannot be paid yet", a.Version)
	}
	return a, err
}

// addresses reads a list without duplicates.
func (s *Service) addresses(texts []string) ([]types.Address, error) {
	if len(texts) == 0 {
		return nil, invalid("addresses", "at least one is needed")
	}
	if len(texts) > mostAddresses {
		return nil, tooLarge("addresses", "%d are more than %d", len(texts), mostAddresses)
	}
	seen := make(map[types.Address]bool, len(texts))
	list := make([]types.Address, len(texts))
	for i, text := range texts {
		a, err := s.address(item("addresses", i), text)
		if err != nil {
			return nil, err
		}
		if seen[a] {
			return nil, invalid(item("addresses", i), "%s stands twice", text)
		}
		seen[a] = true
		list[i] = a
	}
	return list, nil
}

// text returns an address as users see it.
func (s *Service) text(a types.Address) string { return a.Text(s.Params.AddressPrefix) }

// decodeHex reads the hex of an object's canonical encoding.
func decodeHex(name, text string, into types.DecoderFrom) error {
	raw, err := unhex(name, text)
	if err != nil {
		return err
	}
	if err := types.Decode(raw, into); err != nil {
		return invalid(name, "%v", err)
	}
	return nil
}

func unhex(name, text string) ([]byte, error) {
	raw, err := hex.DecodeString(text)
	if err != nil {
		return nil, invalid(name, "it is not hexadecimal, or has an odd number of digits")
	}
	return raw, nil
}

// short refuses texts that pass a limit.
func short(name, text string, most int) error {
	if len(text) > most {
		return tooLarge(name, "%d bytes are more than %d", len(text), most)
	}
	return nil
}

// given refuses a hash that was left out: nothing has the hash 0.
func given(name string, h types.Hash) error {
	if h == (types.Hash{}) {
		return invalid(name, "want 64 hex digits")
	}
	return nil
}

// fullPath refuses a path whose meaning depends on where the node was started.
func fullPath(name, path string) error {
	if !filepath.IsAbs(path) {
		return invalid(name, "want a full path on the node's machine, from the root")
	}
	return nil
}

// birthday reads milliseconds since 1970; 0 is no time at all. One to come would
// find no coins and say nothing of it.
func (s *Service) birthday(ms int64) (time.Time, error) {
	const name = "birthday"
	switch t := time.UnixMilli(ms); {
	case ms < 0:
		return time.Time{}, invalid(name, "%d is before 1970", ms)
	case ms == 0:
		return time.Time{}, nil
	case t.After(s.Now()):
		return time.Time{}, invalid(name, "%s is still to come", t.Format(time.DateOnly))
	default:
		return t, nil
	}
}

// milliseconds is the reverse of moment.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// outpoints reads a list that names each coin once.
func outpoints(name string, list []api.Outpoint) ([]types.Outpoint, error) {
	if len(list) > mostCoins {
		return nil, tooLarge(name, "%d are more than %d", len(list), mostCoins)
	}
	seen := make(map[api.Outpoint]bool, len(list))
	points := make([]types.Outpoint, len(list))
	for i, o := range list {
		if seen[o] {
			return nil, invalid(item(name, i), "%v:%d stands twice", o.TransactionID, o.Index)
		}
		seen[o] = true
		points[i] = types.Outpoint{TxID: o.TransactionID, Index: o.Index}
	}
	return points, nil
}

// preimages reads secrets of hash locks.
func preimages(texts []string) ([]types.Preimage, error) {
	secrets := make([]types.Preimage, len(texts))
	for i, text := range texts {
		h, err := types.ParseHash(text)
		if err != nil {
			return nil, invalid(item("preimages", i), "want 64 hexadecimal digits")
		}
		secrets[i] = types.Preimage(h)
	}
	return secrets, nil
}
