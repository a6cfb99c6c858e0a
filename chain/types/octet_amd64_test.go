//go:build !purego

package types

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/oasisprotocol/curve25519-voi/curve/scalar"
	"golang.org/x/sys/cpu"
	"pgregory.net/rapid"
)

func needIFMA(t *testing.T) {
	t.Helper()
	if !hasIFMA() {
		t.Skip("this machine has no AVX-512 IFMA")
	}
}

func (e limbs) big() *big.Int {
	sum := new(big.Int)
	for i := len(e) - 1; i >= 0; i-- {
		sum.Lsh(sum, limbBits).Add(sum, new(big.Int).SetUint64(e[i]))
	}
	return sum.Mod(sum, fieldPrime)
}

func limbsOfBig(n *big.Int) limbs {
	b := fieldBytes(n)
	return limbsOf(&b)
}

// extremeOctet has limbs of any size below a bound, often the greatest or 0.
func extremeOctet(r *rand.Rand, bound uint64) (o octet) {
	for i := range o {
		for j := range o[i] {
			switch r.IntN(4) {
			case 0:
				o[i][j] = bound - 1
			case 1:
				o[i][j] = 0
			default:
				o[i][j] = r.Uint64N(bound)
			}
		}
	}
	return o
}

func TestOctetArithmetic(t *testing.T) {
	needIFMA(t)
	r := rand.New(rand.NewPCG(1, 2))
	const bound = 1 << 52
	for range 500 {
		a, b := extremeOctet(r, bound), extremeOctet(r, bound)
		times := 1 + r.Uint64N(4)
		products, powers := a.times(&b), a.squared(times)
		for i := range 8 {
			x, y := a.lane(i).big(), b.lane(i).big()
			if got := products.lane(i); got.big().Cmp(product(x, y)) != 0 {
				t.Fatalf("%v times %v is %v", a.lane(i), b.lane(i), got)
			}
			want := new(big.Int).Exp(x, new(big.Int).Lsh(one, uint(times)-1), fieldPrime)
			if want = product(want, want); powers.lane(i).big().Cmp(want) != 0 {
				t.Fatalf("%v squared %d times is %v", a.lane(i), times, powers.lane(i))
			}
			for j := range products {
				if most := max(products[j][i], powers[j][i]); most >= 1<<51+1<<14 {
					t.Fatalf("a limb of a product is %x", most)
				}
			}
		}
	}
}

func TestLimbs(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		o := extremeOctet(r, 1<<60)
		for i := range 8 {
			e := o.lane(i)
			reduced := e.reduced()
			if b := fieldBytes(e.big()); reduced != limbsOf(&b) {
				t.Fatalf("%v is reduced to %v", e, reduced)
			}
			if sum := e.plus(limbs{}.minus(reduced)).reduced(); sum != (limbs{}) {
				t.Fatalf("%v less itself is %v", e, sum)
			}
		}
	}
	for _, c := range []struct {
		got  limbs
		want *big.Int
	}{
		{edwardsD, curveD},
		{edwardsTwoD, new(big.Int).Lsh(curveD, 1)},
		{minusOne, big.NewInt(-1)},
		{twiceModulus, new(big.Int)},
		{limbs{limbMask - 18, limbMask, limbMask, limbMask, limbMask}, new(big.Int)},
	} {
		if c.got.big().Cmp(new(big.Int).Mod(c.want, fieldPrime)) != 0 {
			t.Errorf("%v stands for %v, want %v", c.got, c.got.big(), c.want)
		}
	}
	if root := rootOfMinus1.big(); product(root, root).Cmp(minusOne.big()) != 0 {
		t.Errorf("%v is no root of −1", rootOfMinus1)
	}
}

// encodings are of points of small order in every form, of what lies about the
// ends of the field, of honest keys and of anything, half of which is no point.
func encodings() [][32]byte {
	r := rand.New(rand.NewPCG(5, 6))
	var all [][32]byte
	for _, s := range smallOrderEncodings {
		all = append(all, unhex(s))
	}
	for offset := int64(-40); offset < 40; offset++ {
		y := new(big.Int).Mod(big.NewInt(offset), new(big.Int).Lsh(one, 255))
		b := fieldBytes(y)
		all = append(all, b)
		b[31] ^= 0x80
		all = append(all, b)
	}
	for i := range 200 {
		seed := [32]byte{byte(i)}
		key := PublicKey(seed)
		all = append(all, key)
		for j := range seed {
			seed[j] = byte(r.Uint64())
		}
		all = append(all, seed)
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func TestDecodeOctet(t *testing.T) {
	needIFMA(t)
	for some := range slices.Chunk(encodings(), 8) {
		var eight [8][32]byte
		copy(eight[:], some)
		x, y, found := decodeOctet(&eight)
		for i, b := range eight {
			want, ok := decodePoint(b)
			if found[i] != ok {
				t.Fatalf("%x is a point: %v, twin %v", b, found[i], ok)
			}
			if ok && (x.lane(i) != limbsOfBig(want.x) || y.lane(i) != limbsOfBig(want.y)) {
				t.Fatalf("%x: %v, %v", b, x.lane(i), y.lane(i))
			}
		}
	}
}

func TestDecodeKeys(t *testing.T) {
	needIFMA(t)
	keys := encodings()
	for i, d := range decodeKeys(keys) {
		single := decodeKey(keys[i])
		if d.key != keys[i] || d.found != single.found || d.valid != single.valid || d.found != (d.addable != nil) {
			t.Errorf("%x: %+v, alone %+v", keys[i], d, single)
		}
	}
	for i, d := range decodeKeys(keys) { // now some are remembered
		if d.key != keys[i] || d.found != decodeKey(keys[i]).found {
			t.Errorf("%x again: %+v", keys[i], d)
		}
		if got := ValidKey(keys[i]); got != d.valid {
			t.Errorf("ValidKey(%x) = %v", keys[i], got)
		}
		if p := pointOf(keys[i]); p.found != (p.point != nil) || p.valid != d.valid {
			t.Errorf("%x has no point: %+v", keys[i], p)
		}
	}
}

// scalars32 are 32 bytes below 2²⁵² with many digits at the ends of their range.
var scalars32 = rapid.Custom(func(t *rapid.T) (b [32]byte) {
	digit := rapid.OneOf(rapid.SampledFrom([]byte{0, 1, 127, 128, 129, 255}), rapid.Byte())
	for i := range b {
		b[i] = digit.Draw(t, "byte")
	}
	b[31] &= 0x0f
	return b
})

// The sum of some terms and of the negative of what the library says it is has
// small order; one more of anything has not.
func TestMultiscalarAgainstLibrary(t *testing.T) {
	needIFMA(t)
	rapid.Check(t, func(t *rapid.T) {
		n, halves := rapid.IntRange(1, 300).Draw(t, "points"), rapid.IntRange(0, 40).Draw(t, "half scalars")
		long, short := newMultiscalar(n+1, columns), newMultiscalar(halves, halfColumns)
		var scalars []*scalar.Scalar
		var points []*curve.EdwardsPoint
		for i := range n + halves {
			b := scalars32.Draw(t, "scalar")
			key := PublicKey([32]byte{byte(i), byte(i >> 8)})
			decoded, _ := decodePoints([][32]byte{key})
			if i < n {
				long.add(&decoded[0], &b)
			} else {
				clear(b[16:])
				short.add(&decoded[0], &b)
			}
			s := scalarOf(b[:])
			scalars, points = append(scalars, &s), append(points, decodeKey(key).point)
		}
		var sum curve.EdwardsPoint
		var encoded curve.CompressedEdwardsY
		encoded.SetEdwardsPoint(sum.MultiscalarMulVartime(scalars, points))
		decoded, _ := decodePoints([][32]byte{encoded})
		negative := pair{decoded[0][1], decoded[0][0]}
		long.add(&negative, &[32]byte{1})
		if !smallOrder(long, short) {
			t.Fatal("the sum is another than the library's")
		}
		last := len(long.digits[0]) - 1
		long.digits[rapid.IntRange(0, columns-2).Draw(t, "column")][last] += 2
		if !sum.IsSmallOrder() && smallOrder(long, short) {
			t.Fatal("whatever the sum is, it is found right")
		}
	})
}

// All equations are evaluated both ways, in batches of any size.
func TestWideBatchAgreesWithNarrow(t *testing.T) {
	needIFMA(t)
	pool, edges := append(grid(), honestChecks(20)...), edgeCases()
	rapid.Check(t, func(t *rapid.T) {
		batch := make([]SignatureCheck, rapid.IntRange(1, 40).Draw(t, "size"))
		for i := range batch {
			batch[i] = pool[rapid.IntRange(0, len(pool)-1).Draw(t, "valid")]
		}
		c := &batch[rapid.IntRange(0, len(batch)-1).Draw(t, "at")]
		switch rapid.IntRange(0, 3).Draw(t, "change") {
		case 0:
			*c = edges[rapid.IntRange(0, len(edges)-1).Draw(t, "edge")].check
		case 1:
			c.Signature[rapid.IntRange(0, 63).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		case 2:
			c.Key[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		}
		if wide, narrow := holdWide(batch), hold(batch); wide != narrow {
			t.Fatalf("wide %v, narrow %v", wide, narrow)
		}
	})
}

// FuzzDecodeOctet holds the decoding of eight points against the library's.
func FuzzDecodeOctet(f *testing.F) {
	for some := range slices.Chunk(encodings()[:64], 8) {
		f.Add(slices.Concat(some[0][:], some[1][:], some[2][:], some[3][:], some[4][:], some[5][:], some[6][:], some[7][:]))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		needIFMA(t)
		var eight [8][32]byte
		for i := range eight {
			data = data[copy(eight[i][:], data):]
		}
		x, y, found := decodeOctet(&eight)
		for i, b := range eight {
			want := decodeKey(b)
			if found[i] != want.found {
				t.Fatalf("%x is a point: %v", b, found[i])
			}
			if !want.found {
				continue
			}
			var encoded curve.CompressedEdwardsY
			encoded.SetEdwardsPoint(want.point)
			canonical := [32]byte(encoded)
			if y.lane(i) != limbsOf(&canonical) || x.lane(i)[0]&1 != uint64(canonical[31]>>7) {
				t.Fatalf("%x: %v, %v", b, x.lane(i), y.lane(i))
			}
			xx, yy := product(x.lane(i).big(), x.lane(i).big()), product(y.lane(i).big(), y.lane(i).big())
			left, right := new(big.Int).Sub(yy, xx), product(curveD, product(xx, yy))
			if left.Sub(left, right).Sub(left, one).Mod(left, fieldPrime).Sign() != 0 {
				t.Fatalf("%x: %v, %v is not on the curve", b, x.lane(i), y.lane(i))
			}
		}
	})
}

// TestKnownAnswers tells a machine that lacks the instructions, where nothing is
// tested, from one whose instructions do not lead to the known answers.
func TestKnownAnswers(t *testing.T) {
	if !cpu.X86.HasAVX512F || !cpu.X86.HasAVX512VL || !cpu.X86.HasAVX512IFMA {
		t.Skip("this machine has no AVX-512 IFMA")
	}
	if !knownAnswers() || !hasIFMA() {
		t.Error("the assembly does not compute what is known of the base point")
	}
}
