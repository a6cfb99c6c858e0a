//go:build !amd64 || purego

package utxo

// sum returns the lane-wise sum of what entries expand to.
func (x expander) sum(entries []Entry) LtHash { return x.portableSum(entries) }
