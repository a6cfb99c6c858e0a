package index_test

import (
	"fmt"
	"testing"

	"github.com/jio-dag/jio/chain/index"
	"github.com/jio-dag/jio/store"
)

// TestCheck changes one record of each kind in one way at a time.
func TestCheck(t *testing.T) {
	m, _ := grown(t)
	sound := store.NewMemory()
	x := open(t, m, sound)
	follow(t, x)
	must(t, x.Check(t.Context(), nil))
	ways := map[string]func(key, value []byte) (k, v []byte){
		"gone":    func(key, _ []byte) ([]byte, []byte) { return key, nil },
		"twice":   func(key, value []byte) ([]byte, []byte) { return twisted(key, len(key)-1), value },
		"cut":     func(key, value []byte) ([]byte, []byte) { return key, value[:len(value)-1] },
		"longer":  func(key, value []byte) ([]byte, []byte) { return key, append(twisted(value, -1), 7) },
		"changed": func(key, value []byte) ([]byte, []byte) { return key, twisted(value, 0) },
	}
	for _, kind := range "caetu" {
		for name, way := range ways {
			if kind == 't' && (name == "cut" || name == "changed") {
				continue // its records are empty
			}
			t.Run(fmt.Sprintf("%c %s", kind, name), func(t *testing.T) {
				s := sound.Clone()
				key, value := first(t, s, byte(kind))
				k, v := way(key, value)
				must(t, s.Write(one(k, v)))
				mustBe(t, open(t, m, s).Check(t.Context(), nil), index.ErrDamaged)
			})
		}
	}
}

// first returns the first record of a kind.
func first(t *testing.T, s *store.Memory, kind byte) (key, value []byte) {
	t.Helper()
	must(t, s.Scan([]byte{kind}, func(k, v []byte) error {
		if key == nil {
			key, value = append([]byte{}, k...), append([]byte{}, v...)
		}
		return nil
	}))
	return key, value
}

// twisted returns a copy with one bit flipped; none for a negative place.
func twisted(b []byte, at int) []byte {
	b = append([]byte{}, b...)
	if at >= 0 {
		b[at] ^= 1
	}
	return b
}
