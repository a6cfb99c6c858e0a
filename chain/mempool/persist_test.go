package mempool_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/mempool"
)

// reopen gives the bank a new, empty pool.
func (b *bank) reopen() {
	b.pool = mempool.New(mempool.Config{Params: b.params, Chain: b.chain, Now: func() time.Time { return b.now }, Rand: rand.New(rand.NewPCG(1, 2))})
}

// saved returns a bank whose pool has a chain of three and a single transaction,
// and what Save wrote of it.
func saved(t testing.TB) (*bank, []byte) {
	t.Helper()
	b := newBank(t, 12, nil)
	first := b.pay(b.take(), ample)
	second := b.pay(change(&first), ample)
	third := b.pay(change(&second), ample)
	b.submit(first, second, third, b.pay(b.take(), ample))
	var file bytes.Buffer
	if err := b.pool.Save(&file); err != nil {
		t.Fatal(err)
	}
	return b, file.Bytes()
}

// TestRestart saves and loads, parents first, and lets time count on.
func TestRestart(t *testing.T) {
	b, file := saved(t)
	b.now = b.now.Add(24 * time.Hour)
	b.reopen()
	if _, err := b.pool.Load(t.Context(), bytes.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	b.count(4)
	var again bytes.Buffer
	if err := b.pool.Save(&again); err != nil || again.Len() != len(file) {
		t.Fatalf("%d bytes, then %d; %v", len(file), again.Len(), err)
	}
	b.now = b.now.Add(time.Millisecond)
	b.pool.Expire()
	b.count(0)
}

func (b *bank) count(want int) {
	b.t.Helper()
	if n := b.pool.Usage().Entries; n != want {
		b.t.Fatalf("%d entries, want %d", n, want)
	}
}

// TestLoadMany saves more than is judged together.
func TestLoadMany(t *testing.T) {
	b := newBank(t, 12, nil)
	tx := b.pay(b.take(), ample)
	for range 600 {
		b.submit(tx)
		tx = b.pay(change(&tx), ample)
	}
	b.count(600)
	var file bytes.Buffer
	if err := b.pool.Save(&file); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.pool.Load(ended, bytes.NewReader(file.Bytes())); err == nil {
		t.Error("an ended context is no error")
	}
	if _, err := b.pool.Load(t.Context(), bytes.NewReader(file.Bytes())); err != nil {
		t.Fatal(err)
	}
	b.count(600)
}

// TestDamagedFile flips and cuts every part of a saved pool: nothing of it is
// taken.
func TestDamagedFile(t *testing.T) {
	b, file := saved(t)
	b.reopen()
	refused := func(what string, at int, damaged []byte) {
		if _, err := b.pool.Load(t.Context(), bytes.NewReader(damaged)); err == nil {
			t.Fatalf("%s %d: taken", what, at)
		}
		b.count(0)
	}
	for i := range file {
		refused("cut at", i, file[:i])
		flipped := bytes.Clone(file)
		flipped[i] ^= 0x80
		refused("flipped at", i, flipped)
	}
	refused("with more at", len(file), append(bytes.Clone(file), 0))
}

// FuzzLoad reads any records under a sound checksum without a panic; an error
// adds nothing.
func FuzzLoad(f *testing.F) {
	b, file := saved(f)
	f.Add(file[:len(file)-4])
	f.Add([]byte("jio mempool 1\n\x00\x00\x00\x00"))
	f.Add([]byte("jio mempool 1\n\xff\xff\xff\x7f"))
	table := crc32.MakeTable(crc32.Castagnoli)
	f.Fuzz(func(t *testing.T, data []byte) {
		b.reopen()
		file := binary.LittleEndian.AppendUint32(bytes.Clone(data), crc32.Checksum(data, table))
		if _, err := b.pool.Load(t.Context(), bytes.NewReader(file)); err == nil {
			return
		}
		if n := b.pool.Usage().Entries; n > 0 {
			t.Fatalf("an error, and %d entries", n)
		}
	})
}

// TestLoadCounts tells what became of saved transactions: two are in the pool, one
// lost its coin to another, and the two that spend from it wait.
func TestLoadCounts(t *testing.T) {
	b := newBank(t, 12, nil)
	coin := b.take()
	first := b.pay(coin, ample)
	second := b.pay(change(&first), ample)
	known := b.pay(b.take(), ample)
	b.submit(first, second, b.pay(change(&second), ample), b.pay(b.take(), ample), known)
	var file bytes.Buffer
	if err := b.pool.Save(&file); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	b.submit(b.pay(coin, 2*ample), known)
	found, err := b.pool.Load(t.Context(), bytes.NewReader(file.Bytes()))
	if err != nil || found.Taken != 2 || found.Waiting != 2 || len(found.LeftOut) != 1 || found.LeftOut[mempool.ErrConflict.Error()] != 1 {
		t.Errorf("%+v, %v", found, err)
	}
}
