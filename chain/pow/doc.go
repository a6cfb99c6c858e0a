// Package pow says how much work a header claims and whether it was done:
// targets in compact form, work per block, and the proof-of-work functions,
// which networks choose by DAA score. The function of version 1 is kHeavyHash,
// bit for bit, so that miners made for it work here. On amd64 there are kernels
// for it in assembly, chosen by what the processor has; the build tag purego
// leaves them out, and GODEBUG=cpu.avx512f=off or cpu.avx2=off makes a program take
// the machine for one without. What Go computes is the definition, and all kernels agree
// with it on every value and every search.
//
// All of it is integer arithmetic on values, the rank of a matrix included. The
// package starts no goroutine and holds no clock, lock, logger or I/O; a Job is
// made once and then only read. It never asks whether a network allows a target
// or expects another: that is the business of chain/rules.
package pow
