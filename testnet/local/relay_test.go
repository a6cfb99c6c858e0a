package local

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// Every byte arrives exactly one delay after it was written, in order, however
// the writes are spaced.
func TestDeliverDelaysEveryByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const delay = 100 * time.Millisecond
		from, near := net.Pipe()
		far, to := net.Pipe()
		done := make(chan error, 1)
		go func() {
			done <- deliver(far, near, delay)
			far.Close()
		}()
		rng := rand.New(rand.NewPCG(1, 1))
		written := make(chan time.Time, 1000)
		go func() {
			for i := range 200 {
				time.Sleep(time.Duration(rng.IntN(30)) * time.Millisecond)
				written <- time.Now()
				if _, err := from.Write([]byte{byte(i)}); err != nil {
					t.Error(err)
				}
			}
			from.Close()
		}()
		one := make([]byte, 1)
		for i := range 200 {
			if _, err := io.ReadFull(to, one); err != nil || one[0] != byte(i) {
				t.Fatalf("byte %d is %d, %v", i, one[0], err)
			}
			if took := time.Since(<-written); took != delay {
				t.Fatalf("byte %d took %v, want %v", i, took, delay)
			}
		}
		if _, err := to.Read(one); !errors.Is(err, io.EOF) {
			t.Errorf("after the end: %v", err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A large stream arrives whole, and a reader that goes away ends the delivery
// instead of leaving it behind.
func TestDeliverWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		data := make([]byte, 3*pieceSize*underWay)
		for i := range data {
			data[i] = byte(i * i >> 8)
		}
		var got bytes.Buffer
		if err := deliver(&got, bytes.NewReader(data), time.Second); err != nil || !bytes.Equal(got.Bytes(), data) {
			t.Errorf("%d bytes of %d, %v", got.Len(), len(data), err)
		}
		far, to := net.Pipe()
		to.Close()
		if err := deliver(far, bytes.NewReader(data), time.Second); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("to nobody: %v", err)
		}
	})
}

// echo answers every connection with what it says.
func echo(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	return l.Addr().String()
}

func TestRelayShutsAndOpens(t *testing.T) {
	r, err := newRelay(0, 1, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() { <-ended })
	go func() {
		r.run(t.Context())
		close(ended)
	}()
	speak := func() (net.Conn, error) {
		c, err := net.Dial("tcp", r.address())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		_, _ = c.Write([]byte("hello")) // an error shows in the answer
		_, err = io.ReadFull(c, make([]byte, 5))
		return c, err
	}
	if _, err := speak(); err == nil {
		t.Error("a relay that leads nowhere answers")
	}
	r.lead(echo(t))
	c, err := speak()
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	r.set(true)
	if _, err := io.ReadFull(c, make([]byte, 1)); err == nil {
		t.Error("a connection outlives its relay's shutting")
	}
	if _, err := speak(); err == nil {
		t.Error("a relay that is shut answers")
	}
	r.set(false)
	if _, err := speak(); err != nil {
		t.Errorf("open again: %v", err)
	}
}
