package wire

import "github.com/jio-dag/jio/chain/types"

// A bound says how many elements a list may have, and the least bytes of one.
type bound struct {
	what string
	most int
	size int
}

func encodeList[T any](e *types.Encoder, list []T, encode func(*T, *types.Encoder)) {
	e.Count(len(list))
	for i := range list {
		encode(&list[i], e)
	}
}

// decodeList reads a counted list within a bound; it is nil when empty.
func decodeList[T any](d *types.Decoder, b bound, decode func(*T, *types.Decoder)) []T {
	n := d.Count(b.size)
	within(d, b.what, n, b.most)
	if n == 0 || d.Err() != nil {
		return nil
	}
	list := make([]T, n)
	for i := range list {
		if decode(&list[i], d); d.Err() != nil {
			return nil
		}
	}
	return list
}
