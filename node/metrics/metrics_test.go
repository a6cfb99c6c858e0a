package metrics_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/metrics"
)

func page(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestFiguresOfTheStatus(t *testing.T) {
	status := &api.Status{
		Network: "simnet", Version: "1.2.3", Uptime: 4500, Synced: true,
		Dag:   api.Dag{BlueScore: 77, Supply: types.Jots(250_000_000), Tips: make([]types.Hash, 3)},
		Peers: api.PeerCount{Outbound: 8, Inbound: 2},
	}
	m := metrics.New(func() *api.Status { return status })
	m.Gauge("jio_subscribers", "Subscriptions.", func() float64 { return 5 })
	m.CountPanic()
	got := page(t, m)
	for _, line := range []string{
		"jio_uptime_seconds 4.5", "jio_synced 1", "jio_mining 0", "jio_blue_score 77", "jio_tips 3", "jio_supply_coins 2.5",
		"jio_peers_outbound 8", "jio_peers_inbound 2", `jio_info{network="simnet",version="1.2.3"} 1`,
		"jio_subscribers 5", "jio_panics_total 1",
	} {
		if !strings.Contains(got, "\n"+line+"\n") {
			t.Errorf("the page lacks %q", line)
		}
	}
	status = &api.Status{Dag: api.Dag{BlueScore: 78}}
	if !strings.Contains(page(t, m), "\njio_blue_score 78\n") {
		t.Error("the page shows an old status")
	}
}

func TestCallLabelsAreBounded(t *testing.T) {
	m := metrics.New(func() *api.Status { return new(api.Status) })
	m.ObserveCall("getBlock", 0, time.Millisecond)
	m.ObserveCall("getBlock", api.CodeNotFound, time.Second)
	for i := range 1000 {
		m.ObserveCall(fmt.Sprintf("method%d", i), api.Code(-31000+i), time.Second)
		m.ObserveCall("getBlock", api.Code(-40000+i), time.Second)
	}
	got := page(t, m)
	for _, line := range []string{
		`jio_rpc_calls_total{code="ok",method="getBlock"} 1`,
		`jio_rpc_calls_total{code="-32001",method="getBlock"} 1`,
		`jio_rpc_calls_total{code="other",method="getBlock"} 1000`,
		`jio_rpc_calls_total{code="other",method="other"} 1000`,
		`jio_rpc_call_seconds_count{method="getBlock"} 1002`,
	} {
		if !strings.Contains(got, "\n"+line+"\n") {
			t.Errorf("the page lacks %q", line)
		}
	}
	if n := strings.Count(got, "\njio_rpc_calls_total{"); n != 4 {
		t.Errorf("%d series of calls, want 4", n)
	}
}

func TestNamesFollowTheConventions(t *testing.T) {
	m := metrics.New(func() *api.Status { return new(api.Status) })
	m.ObserveCall("getBlock", 0, time.Millisecond)
	problems, err := promlint.New(strings.NewReader(page(t, m))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "jio_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
