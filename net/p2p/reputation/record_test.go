package reputation

import (
	"bytes"
	"maps"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"pgregory.net/rapid"

	"github.com/jio-dag/jio/net/p2p/moment"
)

// A ledger rebuilt from all it ever asked to write is the ledger itself.
func TestChangesRebuildTheLedger(t *testing.T) {
	ids := make([]peer.ID, 4)
	for i := range ids {
		ids[i] = peer.ID("\x00\x24\x08\x01\x12\x20" + string(bytes.Repeat([]byte{byte(i)}, 32)))
	}
	rapid.Check(t, func(t *rapid.T) {
		l, now, disk := New(), epoch, map[string][]byte{}
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			now = now.Add(time.Duration(rapid.IntRange(0, 3600).Draw(t, "pause")) * time.Second)
			id := rapid.SampledFrom(ids).Draw(t, "id")
			switch rapid.IntRange(0, 4).Draw(t, "op") {
			case 0:
				l.Ban(now, Target{Peer: id}, time.Hour, "why")
			case 1:
				l.Ban(now, NetTarget(drawIP(t)), time.Hour, "")
			case 2:
				l.Unban(Target{Peer: id})
			case 3:
				l.Sweep(now)
			default:
				l.Record(now, id, Deed(rapid.IntRange(0, len(deeds)-1).Draw(t, "deed")))
			}
			if rapid.Bool().Draw(t, "flush") {
				apply(disk, l)
			}
		}
		apply(disk, l)
		again := New()
		for key, value := range disk {
			if err := again.Load(now, []byte(key), value); err != nil {
				t.Fatalf("%s: %v", key, err)
			}
		}
		if !maps.Equal(l.scores, again.scores) || !maps.Equal(l.bans, again.bans) {
			t.Fatalf("%v\n%v\nreads back as\n%v\n%v", l.scores, l.bans, again.scores, again.bans)
		}
	})
}

func apply(disk map[string][]byte, l *Ledger) {
	for key, value := range l.Changes() {
		if value == nil {
			delete(disk, string(key))
		} else {
			disk[string(key)] = value
		}
	}
}

func TestLoadClampsTheFuture(t *testing.T) {
	l := New()
	l.Record(epoch.Add(1000*time.Hour), somePeerID(), BadBlock)
	disk := map[string][]byte{}
	apply(disk, l)
	again := New()
	for key, value := range disk {
		if err := again.Load(epoch, []byte(key), value); err != nil {
			t.Fatal(err)
		}
	}
	if got := again.Score(epoch.Add(10*time.Minute), somePeerID()); got != -49 {
		t.Errorf("a score from the future is %d after one step, want -49", got)
	}
}

func somePeerID() peer.ID {
	id, err := peer.Decode(somePeer)
	if err != nil {
		panic(err)
	}
	return id
}

func FuzzLoad(f *testing.F) {
	l := New()
	l.Record(epoch, somePeerID(), BadBlock)
	l.Ban(epoch, Target{Peer: somePeerID()}, BanTime, "why")
	l.Ban(epoch, NetTarget(drawnIP), BanTime, "")
	for key, value := range l.Changes() {
		f.Add(key, value)
	}
	f.Add([]byte(scorePrefix), []byte{recordVersion})
	f.Fuzz(func(t *testing.T, key, value []byte) {
		l := New()
		if l.Load(moment.Last(), key, value) != nil {
			return
		}
		for id := range l.scores {
			l.dirty[scoreKey(id)] = true
		}
		for target := range l.bans {
			l.dirty[banKey(target)] = true
		}
		for k, v := range l.Changes() {
			if !bytes.Equal(k, key) || !bytes.Equal(v, value) {
				t.Fatalf("%q %x is written as %q %x", key, value, k, v)
			}
		}
	})
}
