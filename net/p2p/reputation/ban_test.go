package reputation

import (
	"net/netip"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"pgregory.net/rapid"
)

const somePeer = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"

var drawnIP = netip.MustParseAddr("203.0.113.7")

func TestParseTarget(t *testing.T) {
	for text, want := range map[string]string{
		"10.1.2.3":         "10.1.2.3",
		"10.1.2.3/24":      "10.1.2.0/24",
		"2001:db8:1:2::9":  "2001:db8:1:2::/64",
		"::ffff:10.1.2.3":  "10.1.2.3",
		"2001:db8::/32":    "2001:db8::/32",
		"2001:db8::1/128":  "2001:db8::1/128",
		somePeer:           somePeer,
		"":                 "",
		"10.1.2":           "",
		"example.org":      "",
		"10.1.2.3/33":      "",
		"fe80::1%eth0":     "fe80::/64",
		"12D3KooWnonsense": "",
	} {
		target, err := ParseTarget(text)
		if (err != nil) != (want == "") || err == nil && target.String() != want {
			t.Errorf("ParseTarget(%q) = %v, %v; want %q", text, target, err, want)
		}
	}
}

// The text of every target reads back as the target itself.
func TestTargetTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ip := drawIP(t)
		prefix := netip.PrefixFrom(ip, rapid.IntRange(0, ip.BitLen()).Draw(t, "bits")).Masked()
		for _, want := range []Target{{Net: prefix}, NetTarget(ip)} {
			if got, err := ParseTarget(want.String()); err != nil || got != want {
				t.Fatalf("%v reads back as %v, %v", want, got, err)
			}
		}
	})
}

func drawIP(t *rapid.T) netip.Addr {
	// Few different bits, so that ranges do meet addresses.
	b := []byte{10, 0, 0, 0}
	if rapid.Bool().Draw(t, "v6") {
		b = make([]byte, 16)
		b[0] = 0x20
	}
	for i := range b {
		b[i] |= byte(rapid.IntRange(0, 1).Draw(t, "byte")) << (i % 8)
	}
	ip, _ := netip.AddrFromSlice(b)
	return ip
}

func TestBansAgreeWithTheNaiveTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, now := New(), epoch
		for range rapid.IntRange(1, 30).Draw(t, "n") {
			now = now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "pause")) * time.Second)
			target := drawTarget(t)
			if rapid.IntRange(0, 3).Draw(t, "op") == 0 {
				l.Unban(target)
			} else {
				l.Ban(now, target, time.Duration(rapid.IntRange(1, 300).Draw(t, "ban"))*time.Second, "r")
			}
			id, ip := peer.ID(rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "id")), drawIP(t)
			want := false
			for _, b := range l.Bans(now) {
				want = want || b.Matches(id, ip)
			}
			if got := l.Banned(now, id, ip); got != want {
				t.Fatalf("Banned(%q, %v) = %v with %v", string(id), ip, got, l.Bans(now))
			}
		}
	})
}

func drawTarget(t *rapid.T) Target {
	if rapid.Bool().Draw(t, "peer") {
		return Target{Peer: peer.ID(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id"))}
	}
	ip := drawIP(t)
	return Target{Net: netip.PrefixFrom(ip, rapid.IntRange(0, ip.BitLen()).Draw(t, "bits")).Masked()}
}

func TestBan(t *testing.T) {
	l, a := New(), Target{Peer: "a"}
	l.Record(epoch, "a", BadBlock)
	l.Ban(epoch, a, BanTime, "long")
	l.Ban(epoch, a, time.Hour, "short")
	if bans := l.Bans(epoch); len(bans) != 1 || bans[0].Reason != "long" {
		t.Errorf("a shorter ban replaced a longer one: %v", bans)
	}
	if !l.Banned(epoch.Add(BanTime-1), "a", netip.Addr{}) || l.Banned(epoch.Add(BanTime), "a", netip.Addr{}) {
		t.Error("the ban does not last 24 hours to the moment")
	}
	if !l.Unban(a) || l.Unban(a) || l.Score(epoch, "a") != 0 {
		t.Error("unban does not lift the ban and the score")
	}
}

func TestBansAreBounded(t *testing.T) {
	l := New()
	ip := netip.MustParseAddr("10.0.0.0")
	for i := range maxBans + 10 {
		ip = ip.Next()
		l.Ban(epoch, NetTarget(ip), time.Duration(i+1)*time.Second, "")
	}
	if bans := l.Bans(epoch); len(bans) != maxBans || bans[0].Until != epoch.Add(11*time.Second) {
		t.Errorf("%d bans are kept, the first until %v", len(bans), bans[0].Until)
	}
}
