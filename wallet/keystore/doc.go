// Package keystore will keep secrets in an encrypted file: argon2id and
// XChaCha20-Poly1305 under an authenticated header. Nothing secret leaves it in
// a string, a log or an error.
package keystore
