package types

// SignatureSize is the length of an Ed25519 signature in bytes.
const SignatureSize = 64

// A Signature is an Ed25519 signature, judged under ZIP-215.
type Signature [SignatureSize]byte

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
	if n := d.Count(SignatureSize); n > 0 {
		u.Signatures = make([]Signature, n)
	}
	for i := range u.Signatures {
		d.Read(u.Signatures[i][:])
	}
	if n := d.Count(len(Preimage{})); n > 0 {
		u.Preimages = make([]Preimage, n)
	}
	for i := range u.Preimages {
		d.Read(u.Preimages[i][:])
	}
}
