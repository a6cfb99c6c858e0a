package pow

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/jio-dag/jio/chain/types"
)

// naiveKHeavyHash is the whole function in plain loops over plain cSHAKE256.
// The rank is taken modulo 2³¹ − 1, which a random matrix never divides.
func naiveKHeavyHash(prePoW types.Hash, timestamp, nonce uint64) types.Uint256 {
	hash := cshake("ProofOfWorkHash", naiveMessage(prePoW, timestamp, nonce))
	n := naiveDraw(prePoW)
	product := naiveTimes(&n, hash)
	for i := range hash {
		hash[i] ^= product[i]
	}
	value := cshake("HeavyHash", hash[:])
	slices.Reverse(value[:])
	return types.Uint256FromBigEndian(value)
}

func naiveDraw(prePoW types.Hash) (n naiveMatrix) {
	s := [4]uint64{}
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(prePoW[8*i:])
	}
	rotate := func(x uint64, n int) uint64 { return x<<n | x>>(64-n) }
	for {
		for i := range n {
			for j := 0; j < size; j += 16 {
				word := rotate(s[0]+s[3], 23) + s[0]
				t := s[1] << 17
				s[2], s[3] = s[2]^s[0], s[3]^s[1]
				s[1], s[0] = s[1]^s[2], s[0]^s[3]
				s[2], s[3] = s[2]^t, rotate(s[3], 45)
				for k := range 16 {
					n[i][j+k] = word >> (4 * k) % 16
				}
			}
		}
		if invertibleModulo(n, 1<<31-1) {
			return n
		}
	}
}

func invertibleModulo(n naiveMatrix, p uint64) bool {
	for i := range n {
		for j := range n[i] {
			n[i][j] %= p
		}
	}
	for k := range n {
		pivot := k
		for pivot < size && n[pivot][k] == 0 {
			pivot++
		}
		if pivot == size {
			return false
		}
		n[k], n[pivot] = n[pivot], n[k]
		for i := k + 1; i < size; i++ {
			f := p - n[i][k]
			for j := size - 1; j >= k; j-- {
				n[i][j] = (n[i][j]*n[k][k] + f*n[k][j]) % p
			}
		}
	}
	return true
}

func TestKHeavyHashAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for range 60 {
		prePoW, timestamp := randomHash(r), r.Uint64()
		for range 2 {
			nonce := r.Uint64()
			want := naiveKHeavyHash(prePoW, timestamp, nonce)
			for e := range all("kheavyhash") {
				got, single := e.Prepare(prePoW).Value(timestamp, nonce), e.Value(prePoW, timestamp, nonce)
				if got != want || single != want {
					t.Fatalf("%s: value of %v, %d, %d is %v and %v, the definition gives %v", e.Implementation(), prePoW, timestamp, nonce, got, single, want)
				}
			}
		}
	}
}

// TestStages follows headers of the field's reference networks through PowHash,
// product and value; the last ones are the genesis headers.
func TestStages(t *testing.T) {
	tests := []struct {
		prePoW           string
		timestamp, nonce uint64
		powHash, mixed   string
		value            string // bytes, the least significant first
	}{
		{
			"cd425c98b621c4fa2601f6ef1667aec7c6e556384d8474b3eb4bb779177880c8", 1231006505548, 0,
			"de35d23163d982e49d0831e7bf3806a2c5375c081179864fa461ba42d761034b",
			"ed07f00240eaa0c7ae2a03c59c0b3491f6046e3a234ab56c96529970e4432169",
			"edbe21d693005df09868ff33390cee6b3056f523ea0d2ca4a9ca6820ec1765c3",
		},
		{
			"75f7e1a8be6ffd04813d39866a109a1747107a883f36fa329aaf5b0f65d9b208", 1231006507493, 0,
			"3e95d4d6f3ec24120fee8be64145706f234333ef36f077986101a3ebf8849d6d",
			"0da6e7e5c0df17213cddb8d47276435c107000dc05c344ab523290d8cbc7ae5e",
			"6da4fbaac3448db9d5c046c6bc09ce3ca7ef187aea79f5802c453c89a13f6c0d",
		},
		{
			"0d8e0c0c293885d5da7d7a9458f17eda7027fa5c788bf6ba9930679832c58781", 1231006601524, 0,
			"e3baf21233ae5614f55b61c734dde06ea587f7a64aedd08aef971200248dc6f0",
			"d089c151009d6527c66852f407fed35d96b4c59579cee3b9dca4212317bef5c3",
			"8221dc4aa0512fe9131e987b5ea51ff4d0a8e2e465613db7ac352563688f606e",
		},
		{
			"3d1d345b2265f488eacc9e3d4fdd26fb9a57a73c11abe9b9fbe34a31c939989f", 1637609671037, 0x3392c, "", "",
			"2095637b039e36ae941efe14942afab9c8afc0eb7a3d230aff3eed71e1151cb6",
		},
		{
			"f8a14d381ea0ba5b0c169e8a41c222bce2fa42f4631d9fe4d226456006d7ea3d", 1633687894966, 0x14582, "", "",
			"91aae1306b206df7867c271f025cd5f58eef8784ec2712f553164567501a0000",
		},
		{
			"065c9ca83101011c4cdd02e20b9cdeaf264eb02951b2b10b77c12e1e85c5a5ca", 1633687894966, 2, "", "",
			"c796b4db51aeb27718e84b8d21a8940b09f23f41d3be08f6f346f11ec70e6b7a",
		},
		{
			"10715db954e2a2aa995f813c27f5fd2c3a2da8c8f71db37de6dbb266d79df268", 1231006505000, 0x48e5e, "", "",
			"44b91379142d71cef820a7d8373b5779293814bce28cd1492bf49b7ab8817f19",
		},
	}
	for _, tt := range tests {
		prePoW := mustHash(t, tt.prePoW)
		job := kHeavyHash{}.Prepare(prePoW).(*portableJob)
		if got, want := job.Value(tt.timestamp, tt.nonce), types.Uint256FromLittleEndian(mustHash(t, tt.value)); got != want {
			t.Errorf("%s: value %v, want %v", tt.prePoW, got, want)
		}
		if tt.powHash == "" {
			continue
		}
		powHash := mustHash(t, tt.powHash)
		if got := cshake("ProofOfWorkHash", naiveMessage(prePoW, tt.timestamp, tt.nonce)); got != powHash {
			t.Errorf("%s: PowHash %x", tt.prePoW, got)
		}
		upper := job.product.times(hashWords(powHash))
		for i, w := range hashWords(powHash) {
			if upper[i]^w != hashWords(mustHash(t, tt.mixed))[i] {
				t.Errorf("%s: product is wrong in word %d", tt.prePoW, i)
			}
		}
	}
}

func TestZeroHashHasNoMatrix(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Prepare of the zero hash should panic")
		}
	}()
	kHeavyHash{}.Prepare(types.Hash{})
}

// TestSearch holds Search of both engines against Value, also where the nonce
// wraps.
func TestSearch(t *testing.T) {
	target := types.MaxUint256.Rsh(5)
	for _, engine := range everyEngine() {
		id := engine.ID() + "/" + engine.Implementation()
		job := engine.Prepare(filledHash(7))
		for _, start := range []uint64{0, 12345, ^uint64(0) - 3, ^uint64(0)} {
			for _, count := range []uint32{0, 1, 10, 300} {
				nonce, found := job.Search(target, 99, start, count)
				wantNonce, wantFound := uint64(0), false
				for i := range uint64(count) {
					if job.Value(99, start+i).Cmp(target) <= 0 {
						wantNonce, wantFound = start+i, true
						break
					}
				}
				if nonce != wantNonce || found != wantFound {
					t.Errorf("%s from %d for %d: %d %t, want %d %t", id, start, count, nonce, found, wantNonce, wantFound)
				}
			}
		}
	}
}

// TestSearchBoundary puts the target at a value and one below it.
func TestSearchBoundary(t *testing.T) {
	for _, engine := range everyEngine() {
		id := engine.ID() + "/" + engine.Implementation()
		job := engine.Prepare(filledHash(8))
		value := job.Value(5, 6)
		if _, found := job.Search(value, 5, 6, 1); !found {
			t.Errorf("%s: a value equal to the target is not found", id)
		}
		below, _ := value.Sub(types.NewUint256(1))
		if _, found := job.Search(below, 5, 6, 1); found {
			t.Errorf("%s: a value above the target is found", id)
		}
	}
}

func TestJobsDoNotAllocate(t *testing.T) {
	for _, engine := range everyEngine() {
		id := engine.ID() + "/" + engine.Implementation()
		job := engine.Prepare(filledHash(9))
		if n := testing.AllocsPerRun(10, func() { job.Value(1, 2) }); n != 0 {
			t.Errorf("%s: Value allocates %v times", id, n)
		}
		if n := testing.AllocsPerRun(10, func() { job.Search(types.NewUint256(1), 1, 2, 10) }); n != 0 {
			t.Errorf("%s: Search allocates %v times", id, n)
		}
		if n := testing.AllocsPerRun(10, func() { engine.Value(filledHash(9), 1, 2) }); n != 0 {
			t.Errorf("%s: Value without a job allocates %v times", id, n)
		}
	}
}

// TestJobIsShared runs one job from several goroutines, for the race detector.
func TestJobIsShared(t *testing.T) {
	for _, engine := range everyEngine() {
		id := engine.ID() + "/" + engine.Implementation()
		job := engine.Prepare(filledHash(10))
		want := job.Value(1, 2)
		var wg sync.WaitGroup
		for i := range uint64(4) {
			wg.Go(func() {
				job.Search(types.NewUint256(1), i, i, 20)
				if job.Value(1, 2) != want {
					t.Errorf("%s: the job changed", id)
				}
			})
		}
		wg.Wait()
	}
}
