package p2p

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"

	"pgregory.net/rapid"
)

func TestFrameRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind, payload := rapid.Byte().Draw(t, "kind"), rapid.SliceOf(rapid.Byte()).Draw(t, "payload")
		var wire bytes.Buffer
		if err := writeFrame(&wire, kind, payload); err != nil {
			t.Fatal(err)
		}
		wire.WriteString("more")
		gotKind, got, err := readFrame(&wire, len(payload))
		if err != nil || gotKind != kind || !bytes.Equal(got, payload) || wire.String() != "more" {
			t.Fatalf("read %d %x, %v, left %q", gotKind, got, err, wire.String())
		}
	})
}

func TestFrameBounds(t *testing.T) {
	for _, size := range []uint32{11, 1 << 16, 1<<31 - 1, 1 << 31, 1<<32 - 1} {
		header := append(binary.LittleEndian.AppendUint32(nil, size), kindRequest)
		if _, _, err := readFrame(bytes.NewReader(header), 10); !errors.Is(err, ErrTooLarge) {
			t.Errorf("a frame of %d bytes: %v", size, err)
		}
	}
}

// A frame costs what arrives of it, not what its header claims.
func TestFrameAllocatesWhatArrives(t *testing.T) {
	header := append(binary.LittleEndian.AppendUint32(nil, 1<<30), kindRequest, 1, 2, 3)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := readFrame(bytes.NewReader(header), 1<<30)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("half a frame: %v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 64<<10 {
		t.Errorf("half a frame allocates %d bytes", n)
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{3, 0, 0, 0, kindHello, 'a', 'b', 'c'})
	f.Add([]byte{255, 255, 255, 255, 0})
	f.Fuzz(func(t *testing.T, wire []byte) {
		kind, payload, err := readFrame(bytes.NewReader(wire), 64)
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := writeFrame(&again, kind, payload); err != nil || !bytes.HasPrefix(wire, again.Bytes()) || len(payload) > 64 {
			t.Fatalf("%x is written as %x, %v", wire, again.Bytes(), err)
		}
	})
}

func BenchmarkReadFrame(b *testing.B) {
	var wire bytes.Buffer
	if err := writeFrame(&wire, kindRequest, make([]byte, 1<<10)); err != nil {
		b.Fatal(err)
	}
	frame := wire.Bytes()
	b.ReportAllocs()
	b.SetBytes(int64(len(frame)))
	for b.Loop() {
		if _, _, err := readFrame(bytes.NewReader(frame), 1<<10); err != nil {
			b.Fatal(err)
		}
	}
}
