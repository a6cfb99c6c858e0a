package types

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"
)

// PolicyKind is the tag byte of a spend policy.
type PolicyKind uint8

// The kinds of policy. The model is go.sia.tech/core's spend policies.
const (
	PolicyKey       PolicyKind = 1 // pk: a signature by an Ed25519 key
	PolicyHash      PolicyKind = 2 // hash: the 32-byte SHA-256 preimage of an image
	PolicyAfter     PolicyKind = 3 // after: the transaction's lock_time is of n's class and ≥ n
	PolicyOlder     PolicyKind = 4 // older: the input's sequence demands ≥ n blocks
	PolicyThreshold PolicyKind = 5 // thresh: n of the children hold
	PolicyOpaque    PolicyKind = 6 // opaque: a branch that is not shown
)

// A Policy is a tree that says what a spend must show. Only the fields of its
// kind are meaningful; the constructors below set exactly those.
type Policy struct {
	Kind     PolicyKind
	Key      [32]byte // PolicyKey: the public key; PolicyHash: the SHA-256 image
	N        uint64   // PolicyAfter (u64), PolicyOlder (u32), PolicyThreshold (u8)
	Children []Policy // PolicyThreshold
	Hidden   Address  // PolicyOpaque: the address of the branch not shown
}

// KeyPolicy returns pk(key): a signature by an Ed25519 public key.
func KeyPolicy(key [32]byte) Policy { return Policy{Kind: PolicyKey, Key: key} }

// HashPolicy returns hash(image): the 32-byte secret whose SHA-256 is image.
func HashPolicy(image [32]byte) Policy { return Policy{Kind: PolicyHash, Key: image} }

// AfterPolicy returns after(n): the transaction's lock time is of n's class (a
// blue score or milliseconds) and at least n.
func AfterPolicy(n uint64) Policy { return Policy{Kind: PolicyAfter, N: n} }

// OlderPolicy returns older(n): the input's sequence demands at least n blocks
// of blue score.
func OlderPolicy(n uint32) Policy { return Policy{Kind: PolicyOlder, N: uint64(n)} }

// ThresholdPolicy returns thresh(n, children): n of the children hold. It keeps
// the slice it is given.
func ThresholdPolicy(n uint8, children ...Policy) Policy {
	return Policy{Kind: PolicyThreshold, N: uint64(n), Children: children}
}

// OpaquePolicy returns opaque(a): a branch of which only the address is shown.
func OpaquePolicy(a Address) Policy { return Policy{Kind: PolicyOpaque, Hidden: a} }

// Address returns the address of the policy. Each child counts only through
// its own address, so hiding any branch behind opaque leaves it unchanged.
func (p Policy) Address() Address {
	if p.Kind == PolicyOpaque {
		return p.Hidden
	}
	e := getEncoder()
	defer putEncoder(e)
	p.encodeNode(e)
	for i := range p.branches() {
		hidden := OpaquePolicy(p.Children[i].Address())
		hidden.encodeNode(e)
	}
	return Address{Hash: AddressDomain.Sum(e.buf)}
}

// String returns the policy as it is written, with keys, images and hidden
// addresses in hex, such as thresh(1,[older(10),opaque(00…)]).
func (p Policy) String() string {
	switch p.Kind {
	case PolicyKey:
		return "pk(" + hex.EncodeToString(p.Key[:]) + ")"
	case PolicyHash:
		return "hash(" + hex.EncodeToString(p.Key[:]) + ")"
	case PolicyAfter:
		return fmt.Sprintf("after(%d)", p.N)
	case PolicyOlder:
		return fmt.Sprintf("older(%d)", p.N)
	case PolicyThreshold:
		children := make([]string, len(p.Children))
		for i, child := range p.Children {
			children[i] = child.String()
		}
		return fmt.Sprintf("thresh(%d,[%s])", p.N, strings.Join(children, ","))
	case PolicyOpaque:
		return "opaque(" + p.Hidden.String() + ")"
	}
	return fmt.Sprintf("unknown(%d)", uint8(p.Kind))
}

// branches returns the children that count: only a threshold has any.
func (p *Policy) branches() []Policy {
	if p.Kind != PolicyThreshold {
		return nil
	}
	return p.Children
}

// minPolicySize is the smallest encoding: older, a tag and a u32.
const minPolicySize = 1 + 4

// Bounds on what the decoder builds, since a decoded policy takes many times
// the memory of its encoding. They are far above the 4 levels and 64 nodes that
// the rules allow, so no valid policy is ever refused here.
const (
	maxDecodedDepth    = 64
	maxDecodedChildren = 256 // of one threshold
)

// EncodeTo appends the tag and the fields of its kind. It panics on an unknown
// kind and on an N that the kind cannot carry; a decoded policy has neither.
func (p *Policy) EncodeTo(e *Encoder) {
	p.encodeNode(e)
	for i := range p.branches() {
		p.Children[i].EncodeTo(e)
	}
}

// encodeNode appends everything but the children themselves.
func (p *Policy) encodeNode(e *Encoder) {
	e.Uint8(uint8(p.Kind))
	switch p.Kind {
	case PolicyKey, PolicyHash:
		e.Write(p.Key[:])
	case PolicyAfter:
		e.Uint64(p.N)
	case PolicyOlder:
		e.Uint32(uint32(p.atMost(math.MaxUint32)))
	case PolicyThreshold:
		e.Uint8(uint8(p.atMost(math.MaxUint8)))
		e.Count(len(p.Children))
	case PolicyOpaque:
		p.Hidden.EncodeTo(e)
	default:
		panic(fmt.Sprintf("types: encoding a policy of unknown kind %d", p.Kind))
	}
}

// atMost returns N. A silent cut would turn a long lock into a short one.
func (p *Policy) atMost(limit uint64) uint64 {
	if p.N > limit {
		panic(fmt.Sprintf("types: encoding a policy of kind %d with n = %d, above %d", p.Kind, p.N, limit))
	}
	return p.N
}

// DecodeFrom reads a policy.
func (p *Policy) DecodeFrom(d *Decoder) { p.decode(d, 1) }

func (p *Policy) decode(d *Decoder, depth int) {
	*p = Policy{Kind: PolicyKind(d.Uint8())}
	switch p.Kind {
	case PolicyKey, PolicyHash:
		d.Read(p.Key[:])
	case PolicyAfter:
		p.N = d.Uint64()
	case PolicyOlder:
		p.N = uint64(d.Uint32())
	case PolicyThreshold:
		p.N = uint64(d.Uint8())
		p.decodeChildren(d, depth+1)
	case PolicyOpaque:
		p.Hidden.DecodeFrom(d)
	default:
		d.Fail(fmt.Errorf("policy of unknown kind %d", p.Kind))
	}
}

// decodeChildren grows the list as children arrive: counts nest, so memory set
// aside for each level's count would add up to far more than the input.
func (p *Policy) decodeChildren(d *Decoder, depth int) {
	n := d.Count(minPolicySize)
	if depth > maxDecodedDepth || n > maxDecodedChildren {
		d.Fail(fmt.Errorf("policy with %d children at depth %d: at most %d and %d", n, depth, maxDecodedChildren, maxDecodedDepth))
		return
	}
	for range n {
		var child Policy
		child.decode(d, depth)
		if d.Err() != nil {
			return
		}
		p.Children = append(p.Children, child)
	}
}
