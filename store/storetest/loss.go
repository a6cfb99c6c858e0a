package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// A Tail is what becomes of the bytes of a file that were not synced.
type Tail uint8

// The tails.
const (
	Dropped Tail = iota // nothing of them is there
	Cut                 // a part of them is
	Zeroed              // all of them are, as zeros
	Garbage             // from somewhere on they are anything
	Pages               // some pages are there, some are zeros: they went out of order
	tails
)

// String returns the tail in a word.
func (t Tail) String() string {
	return [...]string{"dropped", "cut", "zeroed", "garbage", "pages"}[t]
}

// Entries is what becomes of the changes to the directory that were not synced:
// files made, replaced and removed.
type Entries uint8

// The fates of entries.
const (
	Undone    Entries = iota // the directory is as it was synced
	Done                     // the directory is as programs saw it
	Scattered                // each change may be there or not
	fates
)

// String returns the fate in a word.
func (e Entries) String() string { return [...]string{"undone", "done", "scattered"}[e] }

// A Loss is one way for the power to go.
type Loss struct {
	Tail    Tail
	Entries Entries
}

// String returns the loss in a few words.
func (l Loss) String() string { return fmt.Sprintf("tails %v, entries %v", l.Tail, l.Entries) }

// Losses returns every way for the power to go.
func Losses() []Loss {
	var all []Loss
	for t := range tails {
		for e := range fates {
			all = append(all, Loss{t, e})
		}
	}
	return all
}

// page is what reaches a disk as one.
const page = 512

// After returns the disk as it is found when the power is back; d itself stays
// as it is.
func (d *Disk) After(l Loss, rng *rand.Rand) *Disk {
	left := d.Clone()
	left.now = l.directory(left, rng)
	for _, name := range left.now.names() {
		f := left.now[name]
		f.data = append(slices.Clone(f.data[:f.synced]), l.tail(f.data[f.synced:], rng)...)
		f.synced = len(f.data)
	}
	left.synced = left.now.clone()
	return left
}

func (l Loss) directory(d *Disk, rng *rand.Rand) directory {
	switch l.Entries {
	case Undone:
		return d.synced
	case Done:
		return d.now
	}
	mixed := make(directory)
	both := append(d.now.names(), d.synced.names()...)
	slices.Sort(both)
	for _, name := range slices.Compact(both) {
		f := d.now[name]
		if rng.IntN(2) == 0 {
			f = d.synced[name]
		}
		if f != nil {
			mixed[name] = f
		}
	}
	return mixed
}

func (l Loss) tail(data []byte, rng *rand.Rand) []byte {
	from := rng.IntN(len(data) + 1)
	tail := slices.Clone(data)
	switch l.Tail {
	case Dropped:
		return nil
	case Cut:
		return tail[:from]
	case Zeroed:
		clear(tail)
	case Garbage:
		for i := from; i < len(tail); i++ {
			tail[i] = byte(rng.Uint32())
		}
	case Pages:
		for part := range slices.Chunk(tail, page) {
			if rng.IntN(2) == 0 {
				clear(part)
			}
		}
	}
	return tail
}
