package client

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/jio-dag/jio/node/api"
)

// Why a call brings no answer of the node's methods; errors.Is finds them. After
// ErrCut the call may have been carried out.
var (
	ErrCut        = errors.New("the call was cut off")
	ErrNoNode     = errors.New("no node answers")
	ErrCookie     = errors.New("the cookie cannot be read")
	ErrCredential = errors.New("the node does not accept this credential")
)

// keys holds the credential: a token, or the cookie as last read from its file.
type keys struct {
	file, token string

	mu     sync.Mutex
	cookie string
}

// header returns what goes into the Authorization header.
func (k *keys) header() (string, error) {
	if k.token != "" {
		return "Bearer " + k.token, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cookie == "" {
		text, err := os.ReadFile(k.file)
		if err != nil {
			return "", unreadable(k.file, err)
		}
		k.cookie = strings.TrimSpace(string(text))
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(k.cookie)), nil
}

// unreadable says which file was tried and what came of it. A node that runs has
// a cookie, so none means no node.
func unreadable(file string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: there is no %s, the cookie of a node that runs on that directory and network (%w)", ErrNoNode, file, ErrCookie)
	}
	return fmt.Errorf("%w: %w", ErrCookie, err)
}

// renew forgets the cookie that was refused and reports whether it is worth
// trying again.
func (k *keys) renew(refused string) bool {
	if k.token != "" {
		return false
	}
	k.mu.Lock()
	k.cookie = ""
	k.mu.Unlock()
	fresh, err := k.header()
	return err == nil && fresh != refused
}

// turnedAway is the error for a request that the node did not take as a call.
func turnedAway(status int, text []byte) error {
	why := strings.TrimSpace(string(text[:min(len(text), 200)]))
	switch status {
	case http.StatusUnauthorized:
		return ErrCredential
	case http.StatusTooManyRequests:
		return api.Errorf(api.CodeBusy, "the node is busy: %s", why)
	case http.StatusRequestEntityTooLarge:
		return api.Errorf(api.CodeTooLarge, "the node refuses this much at once: %s", why)
	}
	return fmt.Errorf("the node turned the request away: %d %s: %s", status, http.StatusText(status), why)
}
