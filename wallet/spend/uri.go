package spend

import (
	"cmp"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// ErrURI is returned for a text that is not a payment URI.
var ErrURI = errors.New("this is not a payment link of JIO")

// uriScheme starts every payment URI, whatever the network: the address names it.
const uriScheme = "jio:"

// maxURIText bounds label and message, in bytes.
const maxURIText = 256

// A URI is a request for payment: jio:ADDRESS?amount=1.5&label=Coffee&message=Table%204.
type URI struct {
	Address types.Address
	Amount  types.Amount // zero: left to the payer
	Label   string       // of the receiver
	Message string       // what it is for
}

// Text returns the canonical text of a URI under a network's address prefix, or
// ErrURI when label or message is too long or holds what does not print.
func (u URI) Text(p *params.Params) (string, error) {
	text := uriScheme + u.Address.Text(p.AddressPrefix)
	separator := "?"
	add := func(key, value string) {
		text += separator + key + "=" + escape(value)
		separator = "&"
	}
	if !u.Amount.IsZero() {
		add("amount", strings.TrimSuffix(strings.TrimRight(u.Amount.String(), "0"), "."))
	}
	if u.Label != "" {
		add("label", u.Label)
	}
	if u.Message != "" {
		add("message", u.Message)
	}
	if err := cmp.Or(plainText("label", u.Label), plainText("message", u.Message)); err != nil {
		return "", err
	}
	return text, nil
}

// ParseURI reads a payment URI: the scheme in any case, as in QR codes; an
// address of the network; each of amount, label and message at most once, in
// percent-encoded UTF-8, and nothing else, since what this program does not
// understand might change who is paid. Its errors are meant for the user.
func ParseURI(p *params.Params, s string) (URI, error) {
	if len(s) < len(uriScheme) || !strings.EqualFold(s[:len(uriScheme)], uriScheme) {
		return URI{}, refused(ErrURI, "it does not start with %q", uriScheme)
	}
	address, query, hasQuery := strings.Cut(s[len(uriScheme):], "?")
	var u URI
	var err error
	if u.Address, err = types.ParseAddress(p.AddressPrefix, address); err != nil {
		return URI{}, refused(ErrURI, "%v", err)
	}
	if u.Address.Version != 0 {
		return URI{}, refused(ErrURI, "addresses of version %d are reserved", u.Address.Version)
	}
	if !hasQuery {
		return u, nil
	}
	seen := make(map[string]bool)
	for part := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(part, "=")
		if seen[key] {
			return URI{}, refused(ErrURI, "%.20q stands in it twice", key)
		}
		seen[key] = true
		if err := u.set(key, value); err != nil {
			return URI{}, err
		}
	}
	return u, nil
}

// set reads one part of the query.
func (u *URI) set(key, value string) error {
	text, err := unescape(value)
	if err != nil {
		return err
	}
	switch key {
	case "amount":
		u.Amount, err = types.ParseAmount(text)
		if err != nil {
			return refused(ErrURI, "%v", err)
		}
		if u.Amount.IsZero() {
			return refused(ErrURI, "the amount is zero")
		}
		return nil
	case "label":
		u.Label = text
	case "message":
		u.Message = text
	default:
		return refused(ErrURI, "%.20q is not known to this program", key)
	}
	if text == "" {
		return refused(ErrURI, "the %s is empty", key)
	}
	return plainText(key, text)
}

// plainText refuses what could deceive a reader: control characters, and format
// characters such as those that turn the direction of writing.
func plainText(key, text string) error {
	if len(text) > maxURIText {
		return refused(ErrURI, "the %s is longer than %d bytes", key, maxURIText)
	}
	if !utf8.ValidString(text) {
		return refused(ErrURI, "the %s is not UTF-8", key)
	}
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return refused(ErrURI, "the %s holds the character %U, which does not print", key, r)
		}
	}
	return nil
}

// The characters that stand for themselves (RFC 3986, unreserved).
const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

const hexDigits = "0123456789ABCDEF"

func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; strings.IndexByte(unreserved, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString(string([]byte{'%', hexDigits[c>>4], hexDigits[c&15]}))
		}
	}
	return b.String()
}

func unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			high, low := strings.IndexByte(hexDigits, upper(s[i+1])), strings.IndexByte(hexDigits, upper(s[i+2]))
			if high >= 0 && low >= 0 {
				b.WriteByte(byte(high<<4 | low))
				i += 2
				continue
			}
		}
		if strings.IndexByte(unreserved, c) < 0 {
			return "", refused(ErrURI, "the character %q must be percent-encoded", c)
		}
		b.WriteByte(c)
	}
	return b.String(), nil
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'f' {
		return c - 'a' + 'A'
	}
	return c
}
