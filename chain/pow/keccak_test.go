package pow

import (
	"crypto/sha3"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// naivePermute is Keccak-f[1600] as FIPS 202 defines it: five steps on A[x][y],
// rotations by walking the lanes, round constants from the shift register.
func naivePermute(s *sponge) {
	register := uint64(1)
	for range 24 {
		var column [5]uint64
		for i, lane := range s {
			column[i%5] ^= lane
		}
		for i := range s {
			s[i] ^= column[(i+4)%5] ^ bits.RotateLeft64(column[(i+1)%5], 1)
		}
		x, y, lane := 1, 0, s[1]
		for t := range 24 {
			x, y = y, (2*x+3*y)%5
			at := x + 5*y
			lane, s[at] = s[at], bits.RotateLeft64(lane, (t+1)*(t+2)/2)
		}
		before := *s
		for i := range s {
			row := i / 5 * 5
			s[i] = before[i] ^ ^before[row+(i+1)%5]&before[row+(i+2)%5]
		}
		for j := range 7 {
			s[0] ^= register & 1 << (1<<j - 1)
			register <<= 1
			if register&0x100 != 0 {
				register ^= 0x171
			}
		}
	}
}

func TestPermuteKnownAnswer(t *testing.T) {
	var s sponge
	s.permute()
	if want := [3]uint64{0xf1258f7940e1dde7, 0x84d5ccf933c0478a, 0xd598261ea65aa9ee}; [3]uint64(s[:3]) != want {
		t.Errorf("Keccak-f[1600] of zero starts %x, want %x", s[:3], want)
	}
}

func TestPermuteAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var fast sponge
		for i := range fast {
			fast[i] = r.Uint64()
		}
		slow := fast
		fast.permute()
		naivePermute(&slow)
		if fast != slow {
			t.Fatalf("permute gives %x, the definition %x", fast, slow)
		}
	}
}

// absorbedState derives a sponge that has absorbed the name block of cSHAKE256
// (SP 800-185, 3.3) and the padding of a message of so many bytes.
func absorbedState(customisation string, messageSize int) sponge {
	block := make([]byte, 136)
	prefix := append([]byte{1, 136, 1, 0, 1, byte(8 * len(customisation))}, customisation...)
	copy(block, prefix)
	var s sponge
	for i := range 17 {
		s[i] = binary.LittleEndian.Uint64(block[8*i:])
	}
	naivePermute(&s)
	s[messageSize/8] ^= 0x04
	s[16] ^= 0x80 << 56
	return s
}

func TestAbsorbedStates(t *testing.T) {
	if got := absorbedState("ProofOfWorkHash", messageSize); got != powHashState {
		t.Errorf("derived PowHash state %x", got)
	}
	if got := absorbedState("HeavyHash", types.HashSize); got != heavyHashState {
		t.Errorf("derived HeavyHash state %x", got)
	}
}

// cshake is plain cSHAKE256 with 32 bytes of output.
func cshake(customisation string, message []byte) (out [32]byte) {
	h := sha3.NewCSHAKE256(nil, []byte(customisation))
	h.Write(message)
	h.Read(out[:])
	return out
}

// naiveMessage lays out what proof of work is taken over.
func naiveMessage(prePoW types.Hash, timestamp, nonce uint64) []byte {
	m := append([]byte{}, prePoW[:]...)
	m = binary.LittleEndian.AppendUint64(m, timestamp)
	m = append(m, make([]byte, 32)...)
	return binary.LittleEndian.AppendUint64(m, nonce)
}

func TestCSHAKEKnownAnswers(t *testing.T) {
	seed := filledHash(0x2a)
	tests := []struct{ name, message, want string }{
		{"ProofOfWorkHash", "", "bd2e1adb1d740799ae5f25afd116d2f531d6a1151e61b73a686fe99cdafade4e"},
		{"HeavyHash", "", "dbc398191701cf87fd67d6fcf63cc5805c883f45ed349de93fca9df415457840"},
		{"ProofOfWorkHash", string(naiveMessage(seed, 5435345234, 432432432)), "2fb72b63dd0dd0d82b00cd9f83d4eca0710b7eb8c05966888f39ebc578978abf"},
		{"HeavyHash", string(seed[:]), "ad4ded01225705fea9aa043dd0a4e22ca28068bb41d5c6e06d35ca507d5656c7"},
	}
	for _, tt := range tests {
		out := cshake(tt.name, []byte(tt.message))
		if got := hex.EncodeToString(out[:]); got != tt.want {
			t.Errorf("cSHAKE256 %s of %d bytes = %s, want %s", tt.name, len(tt.message), got, tt.want)
		}
	}
}

// TestSpongesAgainstCSHAKE absorbs messages as the job does.
func TestSpongesAgainstCSHAKE(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		prePoW, timestamp, nonce := randomHash(r), r.Uint64(), r.Uint64()
		first, second := powHashState, heavyHashState
		for i, w := range hashWords(prePoW) {
			first[i] ^= w
			second[i] ^= w
		}
		first[timestampLane] ^= timestamp
		first[nonceLane] ^= nonce
		first.permute()
		second.permute()
		if got, want := [4]uint64(first[:4]), hashWords(cshake("ProofOfWorkHash", naiveMessage(prePoW, timestamp, nonce))); got != want {
			t.Fatalf("PowHash %x, cSHAKE256 %x", got, want)
		}
		if got, want := [4]uint64(second[:4]), hashWords(cshake("HeavyHash", prePoW[:])); got != want {
			t.Fatalf("HeavyHash %x, cSHAKE256 %x", got, want)
		}
	}
}

func hashWords(h types.Hash) (words [4]uint64) {
	for i := range words {
		words[i] = binary.LittleEndian.Uint64(h[8*i:])
	}
	return words
}

func filledHash(b byte) (h types.Hash) {
	for i := range h {
		h[i] = b
	}
	return h
}

func randomHash(r *rand.Rand) (h types.Hash) {
	for i := range h {
		h[i] = byte(r.Uint32())
	}
	return h
}
