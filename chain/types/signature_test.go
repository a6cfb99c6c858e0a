package types

import (
	stded25519 "crypto/ed25519"
	"encoding/hex"
	"fmt"
	"math/big"
	"testing"

	"github.com/hdevalence/ed25519consensus"
	"pgregory.net/rapid"
)

// smallOrderEncodings are the 14 byte strings that ZIP-215 decodes to the eight
// points of small order: first the canonical ones, then those with y ≥ p or
// with a sign on x = 0.
var smallOrderEncodings = []string{
	"0100000000000000000000000000000000000000000000000000000000000000", // order 1
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // order 2
	"0000000000000000000000000000000000000000000000000000000000000000", // order 4
	"0000000000000000000000000000000000000000000000000000000000000080", // order 4
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", // order 8
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", // order 8
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", // order 8
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", // order 8
	"0100000000000000000000000000000000000000000000000000000000000080", // order 1, signed
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", // order 2, signed
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // order 4, y = p
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", // order 4, y = p, signed
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // order 1, y = p + 1
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", // order 1, y = p + 1, signed
}

func unhex(s string) (b [32]byte) {
	if n, err := hex.Decode(b[:], []byte(s)); err != nil || n != 32 {
		panic(s)
	}
	return b
}

func signatureOf(r [32]byte, s *big.Int) (sig Signature) {
	tail := fieldBytes(s)
	copy(sig[:32], r[:])
	copy(sig[32:], tail[:])
	return sig
}

// grid is every pair of small-order encodings as key and R with s = 0: under
// ZIP-215 each of the 196 is valid for every message.
func grid() (checks []SignatureCheck) {
	for _, key := range smallOrderEncodings {
		for _, r := range smallOrderEncodings {
			checks = append(checks, SignatureCheck{unhex(key), filled(0x5a), signatureOf(unhex(r), new(big.Int))})
		}
	}
	return checks
}

type edgeCase struct {
	name  string
	check SignatureCheck
	want  bool // frozen
}

// signer makes signatures by the equation s = r + k·a, with whatever points are
// written for A and R.
type signer struct{ secret, nonce *big.Int }

var edgeSigner = signer{
	bigOf("0x0fedcba987654321123456789abcdef00fedcba987654321123456789abcdef1"),
	bigOf("0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
}

func (s signer) sign(key, r [32]byte) SignatureCheck {
	msg := filled(0x5a)
	sum := new(big.Int).Mul(challenge(r, key, msg), s.secret)
	sum.Add(sum, s.nonce).Mod(sum, groupOrder)
	return SignatureCheck{key, msg, signatureOf(r, sum)}
}

// edgeCases are the ways in which implementations of Ed25519 have disagreed.
func edgeCases() []edgeCase {
	keyPoint, rPoint := basePoint.times(edgeSigner.secret), basePoint.times(edgeSigner.nonce)
	key, r := keyPoint.encode(), rPoint.encode()
	eighth, fourth := unhex(smallOrderEncodings[4]), unhex(smallOrderEncodings[2])
	second, high := unhex(smallOrderEncodings[1]), unhex(smallOrderEncodings[11])
	mixedKey := keyPoint.add(mustPoint(eighth)).encode()
	mixedR := rPoint.add(mustPoint(fourth)).encode()
	noSecret := signer{new(big.Int), edgeSigner.nonce}
	noNonce := signer{edgeSigner.secret, new(big.Int)}
	honest := edgeSigner.sign(key, r)

	withS := func(c SignatureCheck, s *big.Int) SignatureCheck {
		c.Signature = signatureOf([32]byte(c.Signature[:32]), s)
		return c
	}
	s := littleEndian(honest.Signature[32:])
	plus := func(n *big.Int) SignatureCheck { return withS(honest, new(big.Int).Add(s, n)) }
	zero := SignatureCheck{eighth, filled(0x5a), signatureOf(fourth, new(big.Int))}
	otherMessage, otherKey, otherR := honest, honest, honest
	otherMessage.Message[0] ^= 1
	otherKey.Key = rPoint.encode()
	otherR.Signature[0] ^= 1
	offCurve := unhex("0200000000000000000000000000000000000000000000000000000000000000")

	return []edgeCase{
		{"honest", honest, true},
		{"another message", otherMessage, false},
		{"another key", otherKey, false},
		{"another R", otherR, false},
		{"s + 1", plus(one), false},
		{"s + L", plus(groupOrder), false},
		{"s + 2L", plus(new(big.Int).Lsh(groupOrder, 1)), false},
		{"s with its top bit set", plus(new(big.Int).Lsh(one, 255)), false},
		{"s = 0 where it fits", zero, true},
		{"s = L where 0 fits", withS(zero, groupOrder), false},
		{"s = 8L where 0 fits", withS(zero, new(big.Int).Lsh(groupOrder, 3)), false},
		{"s = L − 1", withS(honest, new(big.Int).Sub(groupOrder, one)), false},
		{"all ones", SignatureCheck{honest.Key, honest.Message, allOnes()}, false},
		{"A of mixed order", edgeSigner.sign(mixedKey, r), true},
		{"R of mixed order", edgeSigner.sign(key, mixedR), true},
		{"A and R of mixed order", edgeSigner.sign(mixedKey, mixedR), true},
		{"A of order 8", noSecret.sign(eighth, r), true},
		{"A of order 2", noSecret.sign(second, r), true},
		{"A of order 4, not canonical", noSecret.sign(high, r), true},
		{"R of order 8", noNonce.sign(key, eighth), true},
		{"R of order 4, not canonical", noNonce.sign(key, high), true},
		{"R of order 4, A of mixed order", noNonce.sign(mixedKey, fourth), true},
		{"A of order 8, wrong s", withS(noSecret.sign(eighth, r), one), false},
		{"R of order 8, wrong s", withS(noNonce.sign(key, eighth), one), false},
		{"A off the curve", noSecret.sign(offCurve, r), false},
		{"R off the curve", noNonce.sign(key, offCurve), false},
		{"A off the curve, all else small", withS(noSecret.sign(offCurve, fourth), new(big.Int)), false},
		{"R off the curve, all else small", withS(noSecret.sign(fourth, offCurve), new(big.Int)), false},
		{"negated A", edgeSigner.sign(negated(key), r), false},
		{"negated R", edgeSigner.sign(key, negated(r)), false},
	}
}

func allOnes() (s Signature) {
	for i := range s {
		s[i] = 0xff
	}
	return s
}

func negated(b [32]byte) [32]byte {
	b[31] ^= 0x80
	return b
}

// honestChecks returns n valid checks by different keys.
func honestChecks(n int) []SignatureCheck {
	checks := make([]SignatureCheck, n)
	for i := range checks {
		seed, msg := [32]byte{byte(i), byte(i >> 8)}, filled(byte(i))
		checks[i] = SignatureCheck{PublicKey(seed), msg, Sign(seed, msg)}
	}
	return checks
}

func TestSmallOrderGrid(t *testing.T) {
	checks := grid()
	for i := range checks {
		c := &checks[i]
		if !Verify(c) || !ed25519consensus.Verify(c.Key[:], c.Message[:], c.Signature[:]) {
			t.Errorf("key %s, R %s is refused", smallOrderEncodings[i/14], smallOrderEncodings[i%14])
		}
		if i%13 == 0 && !twinVerify(c) {
			t.Errorf("the twin refuses key %s, R %s", smallOrderEncodings[i/14], smallOrderEncodings[i%14])
		}
	}
	if !VerifyBatch(checks) {
		t.Error("the batch of the whole grid is refused")
	}
	checks[77].Signature[32] = 1
	if VerifyBatch(checks) {
		t.Error("the batch of the grid with one s = 1 is accepted")
	}
}

func TestSignatureEdgeCases(t *testing.T) {
	others := honestChecks(3)
	for _, c := range edgeCases() {
		if got := Verify(&c.check); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if got := ed25519consensus.Verify(c.check.Key[:], c.check.Message[:], c.check.Signature[:]); got != c.want {
			t.Errorf("%s: the oracle says %v", c.name, got)
		}
		if got := twinVerify(&c.check); got != c.want {
			t.Errorf("%s: the twin says %v", c.name, got)
		}
		for at := range 4 {
			batch := append(append(append([]SignatureCheck{}, others[:at]...), c.check), others[at:]...)
			if got := VerifyBatch(batch); got != c.want {
				t.Errorf("%s at %d of a batch: %v", c.name, at, got)
			}
		}
		if got := VerifyBatch([]SignatureCheck{c.check, c.check}); got != c.want {
			t.Errorf("%s twice: %v", c.name, got)
		}
	}
}

// Any choice of edge cases, grid and honest checks, of sizes on both sides of
// the point where the batch changes its algorithm.
func TestBatchAgreesWithSingle(t *testing.T) {
	pool := append(grid(), honestChecks(20)...)
	edges := edgeCases()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int{0, 1, 2, 5, 47, 48, 49, 93, 94, 95, 120, 160, 210, 260}).Draw(t, "size")
		batch := make([]SignatureCheck, size)
		for i := range batch {
			batch[i] = pool[rapid.IntRange(0, len(pool)-1).Draw(t, "valid")]
		}
		for range rapid.IntRange(0, min(size, 2)).Draw(t, "edges") {
			batch[rapid.IntRange(0, size-1).Draw(t, "at")] = edges[rapid.IntRange(0, len(edges)-1).Draw(t, "edge")].check
		}
		want := true
		for i := range batch {
			want = want && Verify(&batch[i])
		}
		for range 2 { // the answer depends on the checks alone
			if VerifyBatch(batch) != want {
				t.Fatalf("one by one %v, as a batch %v", want, !want)
			}
		}
	})
}

// The sizes between which the arithmetic changes, and the largest that the chain
// makes: whichever signature is wrong, the batch is.
func TestBatchSizes(t *testing.T) {
	pool := honestChecks(20)
	for _, size := range []int{47, 48, 49, 1024} {
		batch := make([]SignatureCheck, size)
		for i := range batch {
			batch[i] = pool[i%len(pool)]
		}
		if !VerifyBatch(batch) {
			t.Errorf("%d good signatures are refused", size)
		}
		for _, at := range []int{0, size / 2, size - 1} {
			batch[at].Message[0] ^= 1
			if VerifyBatch(batch) {
				t.Errorf("of %d signatures the one at %d is wrong, and all are taken", size, at)
			}
			batch[at].Message[0] ^= 1
		}
	}
}

// Two errors that cancel without random coefficients.
func TestBatchErrorsDoNotCancel(t *testing.T) {
	batch := honestChecks(2)
	for i, step := range []*big.Int{one, big.NewInt(-1)} {
		s := littleEndian(batch[i].Signature[32:])
		s.Add(s, step).Mod(s, groupOrder)
		batch[i].Signature = signatureOf([32]byte(batch[i].Signature[:32]), s)
	}
	if VerifyBatch(batch) {
		t.Error("s₁ + 1 and s₂ − 1 are accepted together")
	}
}

func TestEmptyBatch(t *testing.T) {
	if !VerifyBatch(nil) || !VerifyBatch([]SignatureCheck{}) {
		t.Error("no checks hold")
	}
}

func TestValidKey(t *testing.T) {
	check := func(key [32]byte) {
		if got, want := ValidKey(key), twinValidKey(key); got != want {
			t.Errorf("ValidKey(%x) = %v, twin %v", key, got, want)
		}
	}
	for _, s := range smallOrderEncodings {
		if check(unhex(s)); ValidKey(unhex(s)) {
			t.Errorf("%s is of small order", s)
		}
	}
	for y := range int64(40) { // around zero and around p
		for _, n := range []*big.Int{big.NewInt(y), new(big.Int).Sub(new(big.Int).Lsh(one, 255), big.NewInt(y+1))} {
			key := fieldBytes(n)
			check(key)
			check(negated(key))
		}
	}
	for _, c := range edgeCases() {
		check(c.check.Key)
	}
	for i := range byte(20) {
		check(filled(i))
		if key := PublicKey(filled(i)); !ValidKey(key) || !twinValidKey(key) {
			t.Errorf("the key of seed %d is invalid", i)
		}
	}
}

// The canonical small-order encodings are found by the curve itself: exactly
// eight points, of the orders that the list states.
func TestSmallOrderListIsComplete(t *testing.T) {
	generator, seen := mustPoint(unhex(smallOrderEncodings[4])), map[[32]byte]bool{}
	sum := generator
	for range 8 {
		seen[sum.encode()] = true
		sum = sum.add(generator)
	}
	if len(seen) != 8 {
		t.Fatalf("%d points of small order", len(seen))
	}
	for i, s := range smallOrderEncodings {
		if pt := mustPoint(unhex(s)); !seen[pt.encode()] || (pt.encode() == unhex(s)) != (i < 8) {
			t.Errorf("encoding %d, %s, is misplaced", i, s)
		}
	}
}

func TestSign(t *testing.T) {
	// RFC 8032, section 7.1, test 1.
	seed := unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
	if got := PublicKey(seed); got != unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a") {
		t.Errorf("public key %x", got)
	}
	for i := range 10 {
		seed[0], seed[31] = byte(i), byte(3*i)
		msg := filled(byte(i))
		c := SignatureCheck{PublicKey(seed), msg, Sign(seed, msg)}
		if !Verify(&c) || !stded25519.Verify(c.Key[:], msg[:], c.Signature[:]) {
			t.Errorf("signature %d does not verify", i)
		}
		if Sign(seed, msg) != c.Signature {
			t.Errorf("signature %d is not deterministic", i)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	c := honestChecks(1)[0]
	b.ReportAllocs()
	for b.Loop() {
		Verify(&c)
	}
}

func BenchmarkVerifyBatch(b *testing.B) {
	for _, n := range []int{2, 4, 16, 64, 256, 1024, 4096} {
		checks := honestChecks(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				VerifyBatch(checks)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/signature")
		})
	}
}

func BenchmarkValidKey(b *testing.B) {
	key := PublicKey([32]byte{1})
	b.ReportAllocs()
	for b.Loop() {
		ValidKey(key)
	}
}
