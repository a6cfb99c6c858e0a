package tui

import (
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/style"
)

// wideWindow is a DAG of so many chain blocks, each of which merges a number of
// others; from says where it begins, so that it can go on.
func wideWindow(from, chain, width int) api.DagWindow {
	w := api.DagWindow{}
	name := func(level, n int) types.Hash { return hash(1000 + level*1000 + n) }
	var merged []types.Hash
	for level := from; level < from+chain; level++ {
		parents := append([]types.Hash{name(level-1, 0)}, merged...)
		w.Sink = name(level, 0)
		w.Blocks = append(w.Blocks, api.DagBlock{
			Hash: w.Sink, Parents: parents, Fate: "chain", BlueScore: uint64(level), DAAScore: uint64(level * width),
			Timestamp: noon.UnixMilli() - int64(from+chain-level)*1000, Miner: payTo,
		})
		merged = merged[:0:0]
		for n := 1; n < width; n++ {
			b := api.DagBlock{
				Hash: name(level, n), Parents: []types.Hash{w.Sink}, Fate: []string{"blue", "red"}[n%7/6], BlueScore: uint64(level),
				MergedBy: name(level+1, 0), Timestamp: noon.UnixMilli(), Miner: payTo,
			}
			if level == from+chain-1 {
				b.Fate, b.MergedBy, b.Tip = "pending", types.Hash{}, true
			}
			merged = append(merged, b.Hash)
			w.Blocks = append(w.Blocks, b)
		}
	}
	return w
}

// BenchmarkFrame is one turn of four a second: a new status, a new window of a DAG
// a hundred blocks wide, and the frame. ns/op times four is the share of a core.
func BenchmarkFrame(b *testing.B) {
	for _, key := range []string{"1", "2", "8", "9"} {
		for _, width := range []int{2, 100} {
			b.Run(fmt.Sprintf("page=%s/width=%d", key, width), func(b *testing.B) { benchmarkFrame(b, key, width) })
		}
	}
}

// BenchmarkFrameWithABranch is the same beside a branch of three hundred blocks, not
// merged and merged.
func BenchmarkFrameWithABranch(b *testing.B) {
	for _, side := range branches {
		for _, key := range []string{"1", "2"} {
			if side.blocks != 300 {
				continue
			}
			b.Run(fmt.Sprintf("page=%s/%s", key, side.name), func(b *testing.B) {
				windows := make([]api.DagWindow, 8)
				for i := range windows {
					windows[i] = side.window()
					windows[i].Blocks = windows[i].Blocks[i:] // another in each frame
				}
				benchmarkWindows(b, key, windows)
			})
		}
	}
}

func benchmarkFrame(b *testing.B, key string, width int) {
	windows := make([]api.DagWindow, 8)
	for i := range windows {
		windows[i] = wideWindow(1+i*3, 80, width)
	}
	benchmarkWindows(b, key, windows)
}

// benchmarkWindows shows windows in turn.
func benchmarkWindows(b *testing.B, key string, windows []api.DagWindow) {
	f := newFake()
	m := dashboard(b, f, 160, 48)
	press(m, key)
	b.ReportAllocs()
	var times, worked []time.Duration
	first := cpuTime(b)
	for n := 0; b.Loop(); n++ {
		f.answers["getDag"] = windows[n%len(windows)]
		f.status.Blocks++
		f.calls = f.calls[:0]
		began, cpu := time.Now(), cpuTime(b)
		settle(m, m.sample())
		m.View()
		times, worked = append(times, time.Since(began)), append(worked, cpuTime(b)-cpu)
	}
	each := (cpuTime(b) - first).Seconds() / float64(len(times))
	b.ReportMetric(each*1000, "cpu-ms/op")
	b.ReportMetric(each/interval.Seconds()*100, "cpu-%")
	b.ReportMetric(p99(times), "p99-ms")
	b.ReportMetric(p99(worked), "p99-cpu-ms")
}

// BenchmarkDashboard is the whole of it, the library's renderer too, for a second of
// the clock over a node with ten blocks a second that mines nothing: cpu-% is the
// share of a core.
func BenchmarkDashboard(b *testing.B) {
	for _, key := range []string{"1", "2", "3", "8"} {
		b.Run("page="+key, func(b *testing.B) {
			backend := &tenASecond{fake: newFake(), began: time.Now()}
			m := New(Config{
				Links: fakeLinks, Backend: backend, Theme: style.ThemeByName("dark"), Glyphs: &style.Unicode,
				Profile: termenv.TrueColor, Now: time.Now,
			})
			var out counter
			p := tea.NewProgram(newPaced(m), tea.WithInput(nil), tea.WithOutput(&out), tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler())
			ended := make(chan error, 1)
			go func() {
				_, err := p.Run()
				ended <- err
			}()
			p.Send(tea.WindowSizeMsg{Width: 160, Height: 48})
			p.Send(keyNamed(key))
			first, seconds := cpuTime(b), 0
			for ; b.Loop(); seconds++ {
				<-time.After(time.Second)
			}
			b.ReportMetric((cpuTime(b)-first).Seconds()/float64(seconds)*100, "cpu-%")
			b.ReportMetric(float64(out.n.Load())/float64(seconds), "bytes/s")
			p.Quit()
			if err := <-ended; err != nil {
				b.Error(err)
			}
		})
	}
}

// tenASecond is a backend whose DAG goes on by ten blocks a second, two wide.
type tenASecond struct {
	*fake
	began time.Time
}

func (g *tenASecond) Status() *api.Status {
	chain := int(time.Since(g.began) / (200 * time.Millisecond))
	s := *g.fake.status
	s.BlueScore, s.DAAScore, s.Blocks = s.BlueScore+uint64(2*chain), s.DAAScore+uint64(2*chain), s.Blocks+uint64(2*chain)
	g.fake.mu.Lock()
	defer g.fake.mu.Unlock()
	g.fake.calls = g.fake.calls[:0]
	g.fake.answers["getDag"] = wideWindow(1+chain, 80, 2)
	return &s
}

// p99 is what 99 of 100 stay below, in milliseconds. By the clock other programs
// are in it, by the processor the collector.
func p99(times []time.Duration) float64 {
	slices.Sort(times)
	return float64(times[len(times)*99/100]) / 1e6
}

// cpuTime is what this process has used of the processors.
func cpuTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
