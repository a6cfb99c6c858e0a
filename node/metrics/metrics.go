package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/jio-dag/jio/node/api"
)

// other stands for every value of a label that is not of its set.
const other = "other"

// callBuckets are the bounds of call durations, in seconds: from a look into
// memory to deriving a key from a password.
var callBuckets = []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 30}

// Metrics holds the figures of one node. It may be used by several goroutines.
// Make one with New.
type Metrics struct {
	registry *prometheus.Registry
	methods  map[string]bool
	calls    *prometheus.CounterVec
	duration *prometheus.HistogramVec
	panics   prometheus.Counter
}

// New returns metrics that ask for the status whenever they are read.
func New(status func() *api.Status) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		methods:  make(map[string]bool),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jio_rpc_calls_total", Help: "Calls by method and outcome: ok, or the code of the error.",
		}, []string{"method", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jio_rpc_call_seconds", Help: "How long calls took.", Buckets: callBuckets,
		}, []string{"method"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jio_panics_total", Help: "Panics that were caught; each left a crash file.",
		}),
	}
	for _, d := range api.Methods() {
		m.methods[d.Name] = true
	}
	m.registry.MustRegister(m.calls, m.duration, m.panics, newStatusCollector(status),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// ObserveCall counts a call. Code 0 is success.
func (m *Metrics) ObserveCall(method string, code api.Code, d time.Duration) {
	if !m.methods[method] {
		method = other
	}
	m.calls.WithLabelValues(method, outcome(code)).Inc()
	m.duration.WithLabelValues(method).Observe(d.Seconds())
}

// CountPanic counts a panic.
func (m *Metrics) CountPanic() { m.panics.Inc() }

// Gauge adds a figure that is asked for whenever the metrics are read. A name
// that is taken or malformed is a mistake of the programmer and panics.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Handler serves the figures, at most two readers at a time.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, DisableCompression: true})
}

// outcome is the label of a code.
func outcome(code api.Code) string {
	switch {
	case code == 0:
		return "ok"
	case code <= api.CodeNotFound && code >= api.CodeUnreachable, code <= api.CodeInvalidRequest && code >= api.CodeInternal, code == api.CodeParse:
		return strconv.Itoa(int(code))
	}
	return other
}
