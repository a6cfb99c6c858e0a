package bench

import "strconv"

// A Result is what a run measured. Its form in JSON is stable.
type Result struct {
	Calibration  Calibration                `json:"calibration"`
	Hashes       map[string]map[string]Rate `json:"hash_per_s"` // by implementation and number of threads
	HeaderChecks Rate                       `json:"header_checks_per_s"`
	Signatures   Signatures                 `json:"signatures_per_s"`
	Blocks       Blocks                     `json:"blocks_per_cpu_s"`
	Payments     Payments                   `json:"tx_per_cpu_s"`
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
// DAGs of so many parallel blocks.
type Blocks struct {
	Empty  Rate `json:"empty"`
	Wide4  Rate `json:"wide4"`
	Wide10 Rate `json:"wide10"`
}

// Payments are transactions with one signature each, in the blocks of a chain
// that carry so many.
type Payments struct {
	Hundred      Rate `json:"100"`
	ThreeHundred Rate `json:"300"`
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

// A Rate is how many of something a second; in JSON it has four digits that
// mean something.
type Rate float64

// MarshalJSON implements json.Marshaler.
func (r Rate) MarshalJSON() ([]byte, error) { return significant(float64(r)), nil }

// Seconds are a time; in JSON they are rounded as a Rate is.
type Seconds float64

// MarshalJSON implements json.Marshaler.
func (s Seconds) MarshalJSON() ([]byte, error) { return significant(float64(s)), nil }

func significant(f float64) []byte {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 4, 64), 64)
	if err != nil {
		panic("bench: " + err.Error()) // of what FormatFloat wrote
	}
	return strconv.AppendFloat(nil, rounded, 'f', -1, 64)
}
