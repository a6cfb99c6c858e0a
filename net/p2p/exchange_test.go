package p2p

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/record"
	ma "github.com/multiformats/go-multiaddr"

	"github.com/jio-dag/jio/net/p2p/addrbook"
	"github.com/jio-dag/jio/net/p2p/reputation"
)

// sealed returns the record that a key signs about an id.
func sealed(t testing.TB, key crypto.PrivKey, about PeerID, addrs ...string) []byte {
	t.Helper()
	r := &peer.PeerRecord{PeerID: about, Seq: 7}
	for _, a := range addrs {
		r.Addrs = append(r.Addrs, ma.StringCast(a))
	}
	envelope, err := record.Seal(r, key)
	if err != nil {
		t.Fatal(err)
	}
	wire, err := envelope.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return wire
}

func newKey(t testing.TB) (crypto.PrivKey, PeerID) {
	t.Helper()
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return key, id
}

func TestOpenRecord(t *testing.T) {
	key, id := newKey(t)
	_, other := newKey(t)
	wire := sealed(t, key, id, "/ip4/8.8.8.8/tcp/1", "/ip4/8.8.8.8/udp/1/quic-v1", "/dns4/example.org/tcp/1",
		"/ip4/8.8.8.8/tcp/1", "/ip4/8.8.8.8/tcp/1/ws", "/ip6/2a00::1/tcp/2", "/ip4/9.9.9.9/tcp/3/p2p/"+other.String()+"/p2p-circuit")
	r, err := openRecord(wire)
	if err != nil || r.ID != id || r.Seq != 7 || len(r.Addrs) != 3 || !bytes.Equal(r.Envelope, wire) {
		t.Errorf("read %+v, %v", r, err)
	}
	for i := range wire {
		wire[i] ^= 1
		if r, err := openRecord(wire); err == nil && (r.ID != id || r.Seq != 7 || len(r.Addrs) != 3) {
			t.Fatalf("a changed byte %d yields %+v", i, r)
		}
		wire[i] ^= 1
	}
	if r, err := openRecord(sealed(t, key, other, "/ip4/8.8.8.8/tcp/1")); err == nil {
		t.Errorf("a record about another peer yields %+v", r)
	}
}

func TestRecordsOfPeersAreLearnt(t *testing.T) {
	key, id := newKey(t)
	good := sealed(t, key, id, "/ip4/8.8.8.8/tcp/1")
	a := startNode(t, func(c *Config) { c.Limits.Outbound = 0 })
	b := startNode(t, nil)
	b.told.list, b.told.until = encodeRecords([][]byte{good, []byte("junk"), make([]byte, addrbook.MaxEnvelope)}), b.cfg.Now().Add(toldFor)
	dial(t, a, b)
	eventually(t, "the record to be learnt", func() bool {
		_, ok := a.archive.pick(true, func(e *addrbook.Entry) bool { return e.ID == id })
		return ok
	})
	if got := score(a, b.ID()); got != 0 {
		t.Errorf("telling what others said costs %d", got)
	}
}

func TestMalformedRecordsCost(t *testing.T) {
	a, b := startNode(t, nil), startNode(t, nil)
	b.told.list, b.told.until = []byte{9, 0, 1}, b.cfg.Now().Add(toldFor)
	dial(t, a, b)
	eventually(t, "the score", func() bool { return score(a, b.ID()) == reputation.WrongSync.Points() })
}

func TestDecodeRecords(t *testing.T) {
	full := make([][]byte, maxTold)
	for i := range full {
		full[i] = bytes.Repeat([]byte{byte(i)}, addrbook.MaxEnvelope)
	}
	wire := encodeRecords(full)
	if len(wire) > maxListed {
		t.Errorf("a full list has %d bytes, its bound is %d", len(wire), maxListed)
	}
	if got, err := decodeRecords(wire); err != nil || len(got) != maxTold || !bytes.Equal(got[9], full[9]) {
		t.Errorf("%d records, %v", len(got), err)
	}
	for name, wire := range map[string][]byte{
		"one too many": encodeRecords(append(full, full[0])),
		"too long":     encodeRecords([][]byte{make([]byte, addrbook.MaxEnvelope+1)}),
		"empty record": {0, 0},
		"cut":          {3, 0, 1, 2},
		"half length":  {3},
	} {
		if got, err := decodeRecords(wire); !errors.Is(err, errRecords) {
			t.Errorf("%s: %d records, %v", name, len(got), err)
		}
	}
}

func FuzzDecodeRecords(f *testing.F) {
	key, id := newKey(f)
	f.Add(encodeRecords([][]byte{sealed(f, key, id, "/ip4/8.8.8.8/tcp/1"), []byte("junk")}))
	f.Fuzz(func(t *testing.T, wire []byte) {
		records, err := decodeRecords(wire)
		if err != nil {
			return
		}
		if again := encodeRecords(records); !bytes.Equal(again, wire) {
			t.Fatalf("%x is written as %x", wire, again)
		}
		for _, r := range records {
			if r, err := openRecord(r); err == nil && !isEd25519(r.ID) {
				t.Fatalf("the record of %s is taken", r.ID)
			}
		}
	})
}
