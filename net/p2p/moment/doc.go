// Package moment is how the records of peers write a moment: eight bytes,
// milliseconds since 1970, little-endian, 0 for the zero time.
//
// It holds no clock: whoever reads says which moment is the latest that makes
// sense.
package moment
