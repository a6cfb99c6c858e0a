package rpc

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/jio-dag/jio/node/api"
)

// A keyring knows the credentials that open the server: the cookie of this
// start, and the tokens of a directory as they come and go.
type keyring struct {
	cookie *credential
	dir    string
	rate   float64
	log    *slog.Logger

	mu     sync.Mutex
	tokens []*credential
	seen   time.Time // the directory's last change when it was read
	read   time.Time
}

// newKeyring reads the tokens, which must all be sound at a start.
func newKeyring(cookie, dir string, callRate float64, log *slog.Logger) (*keyring, error) {
	k := &keyring{
		cookie: newCredential("", api.Admin, sha256.Sum256([]byte(cookie)), callRate),
		dir:    dir,
		rate:   callRate,
		log:    log,
	}
	changed, err := lastChange(dir)
	if err != nil {
		return nil, err
	}
	return k, k.reload(changed)
}

// find returns the credential that an Authorization header presents, nil when
// that is none of ours.
func (k *keyring) find(header string) *credential {
	secret, token := presented(header)
	defer clear(secret)
	if token {
		return match(secret, k.current()...)
	}
	return match(secret, k.cookie)
}

// holds reports whether a credential found earlier was not revoked since.
func (k *keyring) holds(c *credential) bool {
	return c == k.cookie || slices.Contains(k.current(), c)
}

// unsettled is how long after a change of a directory another one may leave its
// time as it is: the clocks of file systems tick slowly.
const unsettled = 2 * time.Second

// current returns the tokens, read anew when the directory changed. When that
// fails, none is accepted.
func (k *keyring) current() []*credential {
	k.mu.Lock()
	defer k.mu.Unlock()
	changed, err := lastChange(k.dir)
	if err == nil && changed.Equal(k.seen) && k.read.Sub(changed) > unsettled {
		return k.tokens
	}
	if err == nil {
		err = k.reload(changed)
	}
	if err != nil {
		k.tokens = nil
		k.log.Error("no token is accepted", "err", err)
	}
	return k.tokens
}

// reload reads the directory. A token that was known stays the same credential.
func (k *keyring) reload(changed time.Time) error {
	k.seen, k.read = changed, time.Now()
	tokens, err := Tokens(k.dir)
	if err != nil {
		return err
	}
	known := k.tokens
	k.tokens = nil
	for _, t := range tokens {
		same := func(c *credential) bool { return c.hash == t.hash && c.scope == t.Scope && c.name == t.Name }
		if i := slices.IndexFunc(known, same); i >= 0 {
			k.tokens = append(k.tokens, known[i])
		} else {
			k.tokens = append(k.tokens, newCredential(t.Name, t.Scope, t.hash, k.rate))
		}
	}
	return nil
}

// lastChange is the zero time for a directory that is not there.
func lastChange(dir string) (time.Time, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	} else if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}
