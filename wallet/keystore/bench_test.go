package keystore

import (
	"crypto/rand"
	"path/filepath"
	"testing"
)

// BenchmarkUnlock is the wait between the password and the wallet.
func BenchmarkUnlock(b *testing.B) {
	f := At(filepath.Join(privateDir(b), "secrets.jio"), rand.Reader)
	s, _, _ := canaries(b)
	if err := f.Create(canaryPassword, s); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		secrets, err := f.Unlock(canaryPassword)
		if err != nil {
			b.Fatal(err)
		}
		secrets.Wipe()
	}
}

// BenchmarkChangePassword is the longest of all waits: three derivations and a
// durable write.
func BenchmarkChangePassword(b *testing.B) {
	f := At(filepath.Join(privateDir(b), "secrets.jio"), rand.Reader)
	s, _, _ := canaries(b)
	if err := f.Create(canaryPassword, s); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := f.ChangePassword(canaryPassword, canaryPassword); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSecrets is everything but the derivation, for the largest wallet.
func BenchmarkSecrets(b *testing.B) {
	s := fullSecrets(b)
	b.ReportAllocs()
	for b.Loop() {
		again, err := decodeSecrets(s.encode())
		if err != nil {
			b.Fatal(err)
		}
		again.Wipe()
	}
}
