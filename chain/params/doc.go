// Package params holds what tells one JIO network from another: block rate,
// limits, depths, time rules, proof-of-work schedule and genesis. A rate of
// blocks decides nearly all of it; the formulas are in depths.go.
//
// It judges no block and keeps no state: a constructor returns a fresh value
// each time, and two nodes agree when their values are equal. One field,
// Implementation, is a node's own affair. It holds no clock, lock, logger,
// goroutine or I/O.
package params
