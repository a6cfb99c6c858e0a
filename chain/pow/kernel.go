package pow

// A kernel is one of the ways to compute kHeavyHash, which agree on every value.
// Its String is the name that users know it by.
type kernel uint8

const (
	portable kernel = iota // in Go
	avx2                   // four nonces at a time
	avx512                 // eight nonces at a time
)

// String returns "go", "avx2" or "avx512".
func (k kernel) String() string {
	switch k {
	case avx512:
		return "avx512"
	case avx2:
		return "avx2"
	}
	return "go"
}
