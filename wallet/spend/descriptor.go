package spend

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// ParsePolicy reads a policy as Policy.String writes it:
//
//	pk(KEY)  hash(IMAGE)  after(N)  older(N)  thresh(N,[POLICY,…])  opaque(ADDRESS)
//
// with keys, images and addresses in lower-case hex and numbers in decimal, and
// these short forms:
//
//	multi(N,KEY,…)                      thresh(N,[pk(KEY),…])
//	hashlock(KEY,IMAGE)                 HashLock
//	timelock(KEY,LOCK)                  TimeLock; LOCK is after(N) or older(N)
//	htlc(IMAGE,RECEIVER,SENDER,LOCK)    HTLC
//
// There is no white space. The policy is checked with CheckPolicy. PolicyText is
// the reverse.
func ParsePolicy(s string) (types.Policy, error) {
	d := descriptor{text: s, rest: s}
	p := d.policy(1)
	if d.err == nil && d.rest != "" {
		d.fail("something follows the policy")
	}
	if d.err != nil {
		return types.Policy{}, d.err
	}
	return checked(p)
}

// A descriptor is the text of a policy being read. Its error is sticky.
type descriptor struct {
	text, rest string
	err        error
}

func (d *descriptor) fail(format string, values ...any) {
	if d.err == nil {
		at := len(d.text) - len(d.rest) + 1
		d.err = refused(ErrPolicy, "at character %d: %s", at, fmt.Sprintf(format, values...))
	}
}

// policy reads one policy. The depth is bounded here so that reading is.
func (d *descriptor) policy(depth int) (p types.Policy) {
	if depth > rules.MaxPolicyDepth {
		d.fail("deeper than %d levels", rules.MaxPolicyDepth)
		return p
	}
	word, _, found := strings.Cut(d.rest, "(")
	if !found || d.err != nil {
		d.fail("want a policy such as pk(…)")
		return p
	}
	start := *d
	d.rest = d.rest[len(word)+1:]
	switch word {
	case "pk":
		p = types.KeyPolicy(d.key())
	case "hash":
		p = types.HashPolicy(d.key())
	case "after":
		p = types.AfterPolicy(d.number(math.MaxUint64))
	case "older":
		p = types.OlderPolicy(uint32(d.number(math.MaxUint32)))
	case "thresh":
		p = d.threshold(depth)
	case "opaque":
		p = types.OpaquePolicy(d.address())
	default:
		p = d.short(word, &start)
	}
	d.expect(")")
	return p
}

// short reads the arguments of a short form.
func (d *descriptor) short(word string, start *descriptor) (p types.Policy) {
	var err error
	switch word {
	case "multi":
		n := d.number(math.MaxUint8)
		var keys [][32]byte
		for d.more(",") {
			keys = append(keys, d.key())
		}
		p, err = Multisig(int(n), keys...)
	case "hashlock":
		key := d.key()
		d.expect(",")
		p, err = HashLock(key, d.key())
	case "timelock":
		key := d.key()
		d.expect(",")
		p, err = TimeLock(key, d.policy(rules.MaxPolicyDepth))
	case "htlc":
		image := d.key()
		d.expect(",")
		receiver := d.key()
		d.expect(",")
		sender := d.key()
		d.expect(",")
		p, err = HTLC(image, receiver, sender, d.policy(rules.MaxPolicyDepth))
	default:
		*d = *start
		d.fail("%.20q is not a kind of policy", word)
	}
	if d.err == nil {
		d.err = err
	}
	return p
}

func (d *descriptor) threshold(depth int) types.Policy {
	p := types.Policy{Kind: types.PolicyThreshold, N: d.number(math.MaxUint8)}
	d.expect(",")
	d.expect("[")
	for first := true; first || d.more(","); first = false {
		p.Children = append(p.Children, d.policy(depth+1))
	}
	d.expect("]")
	return p
}

// more takes a separator if it comes next.
func (d *descriptor) more(separator string) bool {
	rest, found := strings.CutPrefix(d.rest, separator)
	if found && d.err == nil {
		d.rest = rest
		return true
	}
	return false
}

func (d *descriptor) expect(what string) {
	if !d.more(what) {
		d.fail("want %q", what)
	}
}

// number reads a decimal without leading zeros.
func (d *descriptor) number(most uint64) uint64 {
	digits := d.rest[:len(d.rest)-len(strings.TrimLeft(d.rest, "0123456789"))]
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n > most || strconv.FormatUint(n, 10) != digits {
		d.fail("want a number up to %d without leading zeros", most)
		return 0
	}
	d.rest = d.rest[len(digits):]
	return n
}

func (d *descriptor) key() (key [32]byte) {
	d.hex(key[:])
	return key
}

func (d *descriptor) address() (a types.Address) {
	var raw [types.AddressSize]byte
	d.hex(raw[:])
	if d.err == nil {
		d.err = types.Decode(raw[:], &a)
	}
	return a
}

// hex fills to with lower-case hex.
func (d *descriptor) hex(to []byte) {
	n := hex.EncodedLen(len(to))
	if len(d.rest) < n || strings.Trim(d.rest[:n], "0123456789abcdef") != "" {
		d.fail("want %d digits of lower-case hex", n)
		return
	}
	if _, err := hex.Decode(to, []byte(d.rest[:n])); err != nil {
		d.fail("%v", err)
		return
	}
	d.rest = d.rest[n:]
}
