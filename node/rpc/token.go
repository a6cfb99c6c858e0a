package rpc

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// A Token is a named right to call a node, up to a scope. Only the SHA-256 of
// its secret is kept.
type Token struct {
	Name    string
	Scope   api.Scope
	Created time.Time

	hash [sha256.Size]byte
}

// tokenFile is a token as its file holds it; the file is called by its name.
type tokenFile struct {
	Scope   string `json:"scope"`
	SHA256  string `json:"sha256"`
	Created int64  `json:"created"` // milliseconds since 1970
}

var tokenName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// AddToken makes a token in a directory and returns its secret, which is shown
// only this once. A running node knows it at once. It fails where the name is
// taken.
func AddToken(dir, name string, scope api.Scope) (secret string, err error) {
	if !tokenName.MatchString(name) {
		return "", fmt.Errorf("token name %.40q: want at most 32 of a-z, 0-9 and -", name)
	}
	secret = "jio-" + newSecret()
	hash := sha256.Sum256([]byte(secret))
	text, err := json.Marshal(tokenFile{scope.String(), hex.EncodeToString(hash[:]), time.Now().UnixMilli()})
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	if err := createWhole(filepath.Join(dir, name), text); errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("there is a token %s already; revoke it first", name)
	} else if err != nil {
		return "", err
	}
	return secret, nil
}

// createWhole makes a new file that nobody ever sees half written, readable by
// its owner alone.
func createWhole(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), name) // unlike a rename, this replaces nothing
}

// RevokeToken ends a token. A running node refuses it from the next call on.
func RevokeToken(dir, name string) error {
	if !tokenName.MatchString(name) {
		return fmt.Errorf("there is no token %.40q", name)
	}
	err := os.Remove(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no token %s", name)
	}
	return err
}

// Tokens lists the tokens of a directory by name. One that is not there holds
// none.
func Tokens(dir string) ([]Token, error) {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var tokens []Token
	for _, f := range files {
		if strings.HasPrefix(f.Name(), ".") {
			continue // on its way in
		}
		token, err := readToken(dir, f.Name())
		if errors.Is(err, fs.ErrNotExist) {
			continue // revoked since the directory was read
		} else if err != nil {
			return nil, err
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

func readToken(dir, name string) (Token, error) {
	path := filepath.Join(dir, name)
	text, err := os.ReadFile(path)
	if err != nil {
		return Token{}, err
	}
	var f tokenFile
	if err := api.Decode(text, &f); err != nil {
		return Token{}, fmt.Errorf("token file %s: %w", path, err)
	}
	scope, err := api.ParseScope(f.Scope)
	if err != nil {
		return Token{}, fmt.Errorf("token file %s: %w", path, err)
	}
	hash, err := types.ParseHash(f.SHA256)
	if err != nil {
		return Token{}, fmt.Errorf("token file %s: %w", path, err)
	}
	return Token{Name: name, Scope: scope, Created: time.UnixMilli(f.Created), hash: hash}, nil
}
