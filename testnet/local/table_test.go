package local

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/testnet/figures"
	"github.com/jio-dag/jio/testnet/load"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func quick(count uint64) figures.Percentiles {
	return figures.Percentiles{Count: count, P50: 53 * time.Millisecond, P95: 80 * time.Millisecond, P99: 120 * time.Millisecond, Max: 1200 * time.Millisecond}
}

func goldenView() View {
	node := func(i int) NodeView {
		return NodeView{
			Index: i, Up: true, Synced: true, Miner: i < 2, BlueScore: 1000, DAAScore: 1004, Blocks: 1010, Tips: 2,
			Peers: 3, Mempool: 17, Sink: types.Hash{0xab, byte(i)}, Mined: 12 * i, CPU: 3.25, Memory: 87 << 20,
		}
	}
	return View{
		Seconds: 61.7, Nodes: []NodeView{node(0), node(1), node(2), node(3)}, Sinks: 1, Width: 1.618, Whole: true,
		Sides: []int{0, 0, 0, 0}, Propagation: quick(3030),
	}
}

func TestTable(t *testing.T) {
	for name, change := range map[string]func(v *View){
		"whole": func(*View) {},
		"parted": func(v *View) {
			v.Sides, v.Sinks, v.Whole = []int{1, 1, 2, 2}, 2, false
			v.Nodes[1].Withholds, v.Nodes[1].Refused = true, 3
			v.Nodes[3] = NodeView{Index: 3}
			v.Trouble = "node 1 mines: the node is down"
		},
		"load": func(v *View) {
			v.Nodes[2].Synced = false
			v.Load = &load.Report{Sent: 100, Accepted: 90, Refused: 1, Starved: 2, PerSec: 4.5, Latency: quick(90)}
		},
	} {
		v := goldenView()
		change(&v)
		var got bytes.Buffer
		if err := v.Write(&got); err != nil {
			t.Fatal(err)
		}
		got.WriteString("\n" + v.Line() + "\n")
		golden(t, "view-"+name+".txt", got.Bytes())
	}
}

func goldenSummary() Summary {
	return Summary{
		Nodes: 5, Miners: 3, BPS: 10, LatencyMS: 100, Seconds: 180.2, Mined: 1800, Blocks: 1801, Width: 1.9,
		Converged: true, ConvergeMS: 312, Sinks: 1, Commitments: 1, Propagation: quick(7200),
		Relay: api.Relay{Blocks: 7000, Known: 970, Sent: 20, Fetched: 10}, CPU: []float64{10, 11, 12.4, 9, 8},
	}
}

func TestSummary(t *testing.T) {
	for name, change := range map[string]func(s *Summary){
		"well": func(*Summary) {},
		"amiss": func(s *Summary) {
			s.Converged, s.Sinks, s.Commitments, s.Bans, s.Refused = false, 2, 2, 1, 7
			s.Reds, s.Withheld = 60, []Withheld{{Node: 1, Blocks: 64, Reds: 60}}
			s.Load = &load.Report{Sent: 900, Accepted: 880, Confirmed: 870, PerSec: 4.9, Latency: quick(880), CPU: 12.3, Refusal: "no such coin"}
			s.Recoveries = []float64{3.2, 6.9}
			s.Trouble = "node 2 mines: no answer"
		},
	} {
		s := goldenSummary()
		change(&s)
		var got bytes.Buffer
		if err := s.Write(&got); err != nil {
			t.Fatal(err)
		}
		golden(t, "summary-"+name+".txt", got.Bytes())
	}
}

func TestVerdict(t *testing.T) {
	for name, change := range map[string]func(s *Summary){
		"two sinks":       func(s *Summary) { s.Converged = false },
		"two commitments": func(s *Summary) { s.Commitments = 2 },
		"a ban":           func(s *Summary) { s.Bans = 1 },
	} {
		s := goldenSummary()
		if err := s.Verdict(); err != nil {
			t.Fatalf("all is well, and the verdict is %v", err)
		}
		if change(&s); s.Verdict() == nil {
			t.Errorf("%s: the verdict is that all is well", name)
		}
	}
}
