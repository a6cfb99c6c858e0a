package types

import "fmt"

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
// kind are meaningful.
type Policy struct {
	Kind     PolicyKind
	Key      [32]byte // PolicyKey: the public key; PolicyHash: the SHA-256 image
	N        uint64   // PolicyAfter (u64), PolicyOlder (u32), PolicyThreshold (u8)
	Children []Policy // PolicyThreshold
	Address  Address  // PolicyOpaque
}

// minPolicySize is the smallest encoding: older, a tag and a u32.
const minPolicySize = 1 + 4

// maxDecodedDepth bounds the recursion of the decoder. It is far above the
// depth that the rules allow, so no valid policy is ever refused here.
const maxDecodedDepth = 64

// EncodeTo appends the tag and the fields of its kind.
func (p *Policy) EncodeTo(e *Encoder) {
	e.Uint8(uint8(p.Kind))
	switch p.Kind {
	case PolicyKey, PolicyHash:
		e.Write(p.Key[:])
	case PolicyAfter:
		e.Uint64(p.N)
	case PolicyOlder:
		e.Uint32(uint32(p.N))
	case PolicyThreshold:
		e.Uint8(uint8(p.N))
		e.Count(len(p.Children))
		for i := range p.Children {
			p.Children[i].EncodeTo(e)
		}
	case PolicyOpaque:
		p.Address.EncodeTo(e)
	default:
		panic(fmt.Sprintf("types: encoding a policy of unknown kind %d", p.Kind))
	}
}

// DecodeFrom reads a policy.
func (p *Policy) DecodeFrom(d *Decoder) { p.decode(d, 1) }

func (p *Policy) decode(d *Decoder, depth int) {
	p.Kind = PolicyKind(d.Uint8())
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
		p.Address.DecodeFrom(d)
	default:
		d.Fail(fmt.Errorf("policy of unknown kind %d", p.Kind))
	}
}

func (p *Policy) decodeChildren(d *Decoder, depth int) {
	if depth > maxDecodedDepth {
		d.Fail(fmt.Errorf("policy nested deeper than %d", maxDecodedDepth))
		return
	}
	for range d.Count(minPolicySize) {
		if d.Err() != nil {
			return
		}
		var child Policy
		child.decode(d, depth)
		p.Children = append(p.Children, child)
	}
}
