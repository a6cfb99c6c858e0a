package types

// A Preimage is the 32-byte secret behind a hash policy.
type Preimage [32]byte

// An Unlock is what an input shows to spend a coin: the policy its address
// hides, and the signatures and preimages that policy asks for, depth first,
// left to right.
type Unlock struct {
	Policy     Policy
	Signatures []Signature
	Preimages  []Preimage
}

// minUnlockSize is the smallest encoding: the smallest policy and two counts.
const minUnlockSize = minPolicySize + 4 + 4

// EncodeTo appends policy, signatures and preimages.
func (u *Unlock) EncodeTo(e *Encoder) {
	u.Policy.EncodeTo(e)
	e.Count(len(u.Signatures))
	for i := range u.Signatures {
		e.Write(u.Signatures[i][:])
	}
	e.Count(len(u.Preimages))
	for i := range u.Preimages {
		e.Write(u.Preimages[i][:])
	}
}

// DecodeFrom reads an unlock.
func (u *Unlock) DecodeFrom(d *Decoder) {
	u.Policy.DecodeFrom(d)
	u.Signatures = decodeList(d, SignatureSize, func(s *Signature) { d.Read(s[:]) })
	u.Preimages = decodeList(d, len(Preimage{}), func(p *Preimage) { d.Read(p[:]) })
}
