package types

// AddressSize is the length of an encoded address in bytes.
const AddressSize = 1 + HashSize

// An Address says who may spend a coin: a version, 0 for spend policies, and
// the hash of the policy with all its children hidden. Versions 1 (stake), 2
// (unbonding) and 3 (contract) are reserved.
type Address struct {
	Version uint8
	Hash    Hash
}

// EncodeTo appends the 33 bytes of the address.
func (a Address) EncodeTo(e *Encoder) {
	e.Uint8(a.Version)
	a.Hash.EncodeTo(e)
}

// DecodeFrom reads 33 bytes.
func (a *Address) DecodeFrom(d *Decoder) {
	a.Version = d.Uint8()
	a.Hash.DecodeFrom(d)
}
