package rpc

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"golang.org/x/time/rate"

	"github.com/jio-dag/jio/node/api"
)

// A credential is what a client proved to hold.
type credential struct {
	name  string // of the token, "" for the cookie
	scope api.Scope
	hash  [sha256.Size]byte
	calls *rate.Limiter
}

func newCredential(name string, scope api.Scope, hash [sha256.Size]byte, callRate float64) *credential {
	return &credential{name, scope, hash, rate.NewLimiter(rate.Limit(callRate), max(1, int(callRate)))}
}

// presented takes an Authorization header apart: the cookie goes by the scheme
// Basic, tokens by Bearer. Anything else presents nothing.
func presented(header string) (secret []byte, token bool) {
	scheme, given, _ := strings.Cut(header, " ")
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		return []byte(given), true
	case strings.EqualFold(scheme, "Basic"):
		if plain, err := base64.StdEncoding.DecodeString(given); err == nil {
			return plain, false
		}
	}
	return nil, false
}

// match returns the credential whose secret is given, nil when there is none.
// It compares hashes, all of them and in constant time, so that how long it
// takes tells nothing of the secrets.
func match(given []byte, among ...*credential) (found *credential) {
	hash := sha256.Sum256(given)
	for _, c := range among {
		if subtle.ConstantTimeCompare(hash[:], c.hash[:]) == 1 {
			found = c
		}
	}
	return found
}
