package rpc

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
)

// CookieUser is the name under which the cookie is presented.
const CookieUser = "__cookie__"

// secretSize is the length of what cookies and tokens hold, in random bytes.
const secretSize = 32

// newSecret returns fresh random bytes in hex.
func newSecret() string {
	var b [secretSize]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// writeCookie makes a new cookie and puts it into a file that its owner alone
// can read; whoever reads meanwhile sees the old one or the new one in full.
func writeCookie(name string) (cookie string, err error) {
	cookie = CookieUser + ":" + newSecret()
	f, err := os.CreateTemp(filepath.Dir(name), ".cookie-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(cookie)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return cookie, err
}

// removeCookie removes the file if it still holds the cookie: a node that was
// started since must keep its own.
func removeCookie(name, cookie string) error {
	held, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(held, []byte(cookie)) {
		return nil
	}
	return os.Remove(name)
}
