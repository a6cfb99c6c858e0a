// Package pow says how much work a header claims and whether it was done:
// targets in compact form, work per block, and the proof-of-work functions,
// which networks choose by DAA score. The function of version 1 is kHeavyHash,
// bit for bit, so that miners made for it work here. On amd64 there are kernels
// for it in assembly, chosen by what the processor has; the build tag purego
// leaves them out, and GODEBUG=cpu.avx512f=off or cpu.avx2=off makes a program take
// the machine for one without. What Go computes is the definition, and all kernels agree
// with it on every value and every search.
//
// # What a header costs
//
// On a Sapphire Rapids at 2.6 GHz the check of a header takes some 5.5 µs in AVX-512:
// of 100 parts, 53 are the rank test, 18 the hash of the header, 18 the two
// permutations, 5 the drawing of the matrix and 2 the product. To draw the matrices
// of eight headers side by side would save 4 of the 100 and make every caller bring
// eight; and nothing can be kept from one header to the next, since the pre-PoW hash,
// which seeds the matrix, commits to all but timestamp and nonce: only headers that
// solve the same template twice share it. Two attempts at the rank test gained
// nothing: to scale the next pivot row ahead of the rows that do not need it, and to
// clear four rows in a turn so that the end of the loop is foreseen.
//
// A search prepares its template once, in Prepare. What timestamp and template make
// of the first round is computed once for every call of Search, which takes 30 ns
// of a quarter of a millisecond.
//
// All of it is integer arithmetic on values, the rank of a matrix included. The
// package starts no goroutine and holds no clock, lock, logger or I/O; a Job is
// made once and then only read. It never asks whether a network allows a target
// or expects another: that is the business of chain/rules.
package pow
