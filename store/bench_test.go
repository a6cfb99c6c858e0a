package store

import (
	"encoding/binary"
	"iter"
	"testing"
)

// tenRecords is a batch of the size a block with few transactions makes.
func tenRecords(n uint64) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		key, value := make([]byte, 40), make([]byte, 100)
		for i := range uint64(10) {
			binary.BigEndian.PutUint64(key[1:], (n*10+i)*0x9E3779B97F4A7C15)
			binary.BigEndian.PutUint64(value, n)
			if !yield(key, value) {
				return
			}
		}
	}
}

func benchDB(b *testing.B) *DB {
	db, err := Open(b.TempDir(), Options{Schema: testSchema})
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func BenchmarkWrite(b *testing.B) {
	for name, s := range map[string]twin{"DB": benchDB(b), "Memory": NewMemory()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for n := uint64(0); b.Loop(); n++ {
				if err := s.Write(tenRecords(n)); err != nil {
					b.Fatal(err)
				}
			}
		})
		mustClose(b, s)
	}
}

func BenchmarkGet(b *testing.B) {
	for name, s := range map[string]twin{"DB": benchDB(b), "Memory": NewMemory()} {
		const batches = 2000
		for n := range uint64(batches) {
			if err := s.Write(tenRecords(n)); err != nil {
				b.Fatal(err)
			}
		}
		key := make([]byte, 40)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for n := uint64(0); b.Loop(); n++ {
				binary.BigEndian.PutUint64(key[1:], n%(batches*10)*0x9E3779B97F4A7C15)
				if v, err := s.Get(key); v == nil || err != nil {
					b.Fatal(v, err)
				}
			}
		})
		mustClose(b, s)
	}
}
