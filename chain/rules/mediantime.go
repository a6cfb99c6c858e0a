package rules

import "slices"

// MedianTime returns a block's past median time: the upper median of the
// timestamps that the walk down its past collects (at most
// Params.MedianTimeSpan), but never less than its selected parent's. The
// function reorders timestamps.
func MedianTime(parentMedian uint64, timestamps []uint64) uint64 {
	if len(timestamps) == 0 {
		return parentMedian
	}
	slices.Sort(timestamps)
	return max(parentMedian, timestamps[len(timestamps)/2])
}
