package bench

import "strconv"

// A Result is what a run measured. Its form in JSON is stable; a figure for which
// there was no time is null.
type Result struct {
	Calibration  Calibration                `json:"calibration"`
	Hashes       map[string]map[string]Rate `json:"hash_per_s"` // by implementation and number of threads
	HeaderChecks Rate                       `json:"header_checks_per_s"`
	Signatures   Signatures                 `json:"signatures_per_s"`
	Blocks       Blocks                     `json:"blocks_per_cpu_s"`
	Payments     Payments                   `json:"tx_per_cpu_s"`
	Allocations  Allocations                `json:"allocs_per_tx"`
	Pause        Seconds                    `json:"reader_pause_p99_s"` // 99 in 100 blocks of 300 payments keep a reader waiting no longer
	Synced       Rate                       `json:"sync_blocks_per_s"`
	Restart      Seconds                    `json:"restart_s"`
	Memory       uint64                     `json:"rss_bytes"` // the most that was resident at once
	Machine      Machine                    `json:"machine"`
	Commit       string                     `json:"commit"`
}

// A Calibration is what the standard library does on one core.
type Calibration struct {
	SHA3    Rate `json:"sha3_256_per_s"`           // of 32 bytes
	Ed25519 Rate `json:"ed25519_std_verify_per_s"` // of a 32-byte message
}

// Signatures are verifications on one core, each of a key never seen before.
type Signatures struct {
	Single   Rate `json:"single"`
	Batch64  Rate `json:"batch64"`
	Batch256 Rate `json:"batch256"`
}

// Blocks are blocks without payments, added to a database on disk: a chain, and
// DAGs of so many parallel blocks. Of a chain of 50,000 there is the rate over all
// and that of the last tenth, which is the same when blocks do not get slower the
// more there are.
type Blocks struct {
	Empty   Rate `json:"empty"` // the first 10,000 of the chain
	Long    Rate `json:"empty50000"`
	LongEnd Rate `json:"empty50000_last_tenth"`
	Wide4   Rate `json:"wide4"`
	Wide10  Rate `json:"wide10"`
}

// Payments are transactions with one signature each, in the blocks of a chain
// that carry so many.
type Payments struct {
	Hundred      Rate `json:"100"`
	ThreeHundred Rate `json:"300"`
}

// Allocations are how often adding one of those payments takes memory.
type Allocations struct {
	Hundred      Mean `json:"100"`
	ThreeHundred Mean `json:"300"`
}

// A Machine is what a Result was measured on, and how.
type Machine struct {
	CPU        string `json:"cpu"`
	Processors int    `json:"processors"`
	OS         string `json:"os"`
	Arch       string `json:"arch"`
	Go         string `json:"go"`
	Engine     string `json:"engine"` // the implementation that checks headers
	Short      bool   `json:"short"`  // less was measured, for less time
}

// A Rate is how many of something a second, Seconds are a time, and a Mean is how
// many there are of one thing for each of another. In JSON they have four digits
// that mean something, and 0, which nothing measured is, becomes null.
type (
	Rate    float64
	Seconds float64
	Mean    float64
)

// MarshalJSON implements json.Marshaler.
func (r Rate) MarshalJSON() ([]byte, error) { return significant(float64(r)), nil }

// MarshalJSON implements json.Marshaler.
func (s Seconds) MarshalJSON() ([]byte, error) { return significant(float64(s)), nil }

// MarshalJSON implements json.Marshaler.
func (m Mean) MarshalJSON() ([]byte, error) { return significant(float64(m)), nil }

func significant(f float64) []byte {
	if f == 0 {
		return []byte("null")
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 4, 64), 64)
	if err != nil {
		panic("bench: " + err.Error()) // of what FormatFloat wrote
	}
	return strconv.AppendFloat(nil, rounded, 'f', -1, 64)
}
