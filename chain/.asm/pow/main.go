// Command pow writes the assembly of package pow for amd64: the search of
// kHeavyHash in eight lanes of AVX-512 and in four of AVX2, the test whether a
// matrix is invertible modulo 251, and a matrix times one vector. "go generate"
// in the package runs it; it is in a module of its own so that only those who
// change the assembly need the assembler it is written with.
package main

import (
	"github.com/mmcloughlin/avo/build"
)

func main() {
	build.ConstraintExpr("!purego")
	searchAVX512()
	searchAVX2()
	wide.invertible()
	narrow.invertible()
	timesAVX2()
	build.Generate()
}

// searchSignature is the same for both widths.
const searchSignature = "func(first *[25]uint64, packed *[16][64]uint32, nonce, blocks, bound uint64) (left, hits uint64)"
