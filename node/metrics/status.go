package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/jio-dag/jio/chain/types"
	"github.com/jio-dag/jio/node/api"
)

// A figure is a number in a node's status.
type figure struct {
	name, help string
	kind       prometheus.ValueType
	value      func(*api.Status) float64
}

const (
	gauge   = prometheus.GaugeValue
	counter = prometheus.CounterValue
)

var figures = []figure{
	{"jio_uptime_seconds", "Time since the start.", gauge, func(s *api.Status) float64 { return float64(s.Uptime) / 1000 }},
	{"jio_synced", "1 when the node has what its peers have.", gauge, func(s *api.Status) float64 { return flag(s.Synced) }},
	{"jio_blue_score", "Blue score of virtual.", gauge, func(s *api.Status) float64 { return float64(s.BlueScore) }},
	{"jio_daa_score", "DAA score of virtual.", gauge, func(s *api.Status) float64 { return float64(s.DAAScore) }},
	{"jio_sink_blue_score", "Blue score of the sink.", gauge, func(s *api.Status) float64 { return float64(s.SinkBlueScore) }},
	{"jio_sink_timestamp_seconds", "Time of the sink, since 1970.", gauge, func(s *api.Status) float64 { return float64(s.SinkTimestamp) / 1000 }},
	{"jio_difficulty", "Expected hashes a block.", gauge, func(s *api.Status) float64 { return s.Difficulty }},
	{"jio_network_hashes_per_second", "Estimated rate of all miners.", gauge, func(s *api.Status) float64 { return s.NetworkRate }},
	{"jio_blocks_per_second", "Blocks a second over the last minute.", gauge, func(s *api.Status) float64 { return s.BlockRate }},
	{"jio_tips", "Blocks that none extends.", gauge, func(s *api.Status) float64 { return float64(len(s.Tips)) }},
	{"jio_headers", "Headers held.", gauge, func(s *api.Status) float64 { return float64(s.Headers) }},
	{"jio_blocks", "Headers held with their bodies.", gauge, func(s *api.Status) float64 { return float64(s.Blocks) }},
	{"jio_supply_coins", "Coins issued, in JIO.", gauge, func(s *api.Status) float64 { return float64(s.Supply.Jots()) / types.JotsPerJIO }},
	{"jio_unspent_outputs", "Unspent outputs.", gauge, func(s *api.Status) float64 { return float64(s.Coins) }},
	{"jio_peers_outbound", "Connections this node made.", gauge, func(s *api.Status) float64 { return float64(s.Peers.Outbound) }},
	{"jio_peers_inbound", "Connections made to this node.", gauge, func(s *api.Status) float64 { return float64(s.Peers.Inbound) }},
	{"jio_mempool_entries", "Unconfirmed transactions.", gauge, func(s *api.Status) float64 { return float64(s.Mempool.Entries) }},
	{"jio_mempool_bytes", "Bytes of the unconfirmed transactions.", gauge, func(s *api.Status) float64 { return float64(s.Mempool.Bytes) }},
	{"jio_mempool_orphans", "Transactions whose coins are not known yet.", gauge, func(s *api.Status) float64 { return float64(s.Mempool.Orphans) }},
	{"jio_mining", "1 while blocks are searched.", gauge, func(s *api.Status) float64 { return flag(s.Mining) }},
	{"jio_miner_threads", "Threads of the miner.", gauge, func(s *api.Status) float64 { return float64(s.Miner.Threads) }},
	{"jio_miner_hashes_per_second", "Rate of this node's miner over a minute.", gauge, func(s *api.Status) float64 { return s.Miner.Rate60s }},
	{"jio_miner_blocks_found_total", "Blocks found by this node's miner.", counter, func(s *api.Status) float64 { return float64(s.Miner.Found) }},
	{"jio_disk_bytes", "Size of the network's directory.", gauge, func(s *api.Status) float64 { return float64(s.System.DiskBytes) }},
	{"jio_disk_free_bytes", "Room left beside it.", gauge, func(s *api.Status) float64 { return float64(s.System.DiskFree) }},
	{"jio_received_bytes_total", "Bytes from peers.", counter, func(s *api.Status) float64 { return float64(s.System.BytesIn) }},
	{"jio_sent_bytes_total", "Bytes to peers.", counter, func(s *api.Status) float64 { return float64(s.System.BytesOut) }},
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// A statusCollector reads all figures off one status, so that they belong to the
// same moment.
type statusCollector struct {
	status  func() *api.Status
	figures []*prometheus.Desc
	info    *prometheus.Desc
}

func newStatusCollector(status func() *api.Status) *statusCollector {
	c := &statusCollector{
		status: status,
		info:   prometheus.NewDesc("jio_info", "Which node this is; always 1.", []string{"version", "network"}, nil),
	}
	for _, f := range figures {
		c.figures = append(c.figures, prometheus.NewDesc(f.name, f.help, nil, nil))
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *statusCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range c.figures {
		out <- d
	}
	out <- c.info
}

// Collect implements prometheus.Collector.
func (c *statusCollector) Collect(out chan<- prometheus.Metric) {
	s := c.status()
	for i, f := range figures {
		out <- prometheus.MustNewConstMetric(c.figures[i], f.kind, f.value(s))
	}
	out <- prometheus.MustNewConstMetric(c.info, gauge, 1, s.Version, s.Network)
}
