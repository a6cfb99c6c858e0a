// Package figures holds how measurements are kept: a histogram of durations that
// takes the same memory after a week as after a second.
package figures
