package pow

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/jio-dag/jio/chain/types"
)

// Sha256d is SHA-256 of SHA-256 (FIPS 180-4) of the message, read as a
// little-endian integer.
type sha256d struct{}

// ID returns "sha256d".
func (sha256d) ID() string { return "sha256d" }

// Implementation returns "go". The standard library chooses what is under it.
func (sha256d) Implementation() string { return portable.String() }

// Prepare implements Engine.
func (sha256d) Prepare(prePoW types.Hash) Job { return newSha256dJob(prePoW) }

// Value implements Engine.
func (sha256d) Value(prePoW types.Hash, timestamp, nonce uint64) types.Uint256 {
	return newSha256dJob(prePoW).Value(timestamp, nonce)
}

// Offsets in the message of proof of work, which starts with the pre-PoW hash
// and has 32 zero bytes between timestamp and nonce.
const (
	timestampOffset = types.HashSize
	nonceOffset     = timestampOffset + 8 + 32
	messageSize     = nonceOffset + 8
)

// A sha256dJob is the message but for timestamp and nonce.
type sha256dJob struct{ message [messageSize]byte }

func newSha256dJob(prePoW types.Hash) *sha256dJob {
	var job sha256dJob
	copy(job.message[:], prePoW[:])
	return &job
}

// Value implements Job.
func (j *sha256dJob) Value(timestamp, nonce uint64) types.Uint256 {
	message := j.message
	binary.LittleEndian.PutUint64(message[timestampOffset:], timestamp)
	binary.LittleEndian.PutUint64(message[nonceOffset:], nonce)
	inner := sha256.Sum256(message[:])
	return types.Uint256FromLittleEndian(sha256.Sum256(inner[:]))
}

// Search implements Job.
func (j *sha256dJob) Search(target types.Uint256, timestamp, start uint64, count uint32) (nonce uint64, found bool) {
	for i := range uint64(count) {
		value := j.Value(timestamp, start+i)
		if value[3] <= target[3] && value.Cmp(target) <= 0 {
			return start + i, true
		}
	}
	return 0, false
}
