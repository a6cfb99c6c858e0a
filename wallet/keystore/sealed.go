package keystore

import (
	"crypto/cipher"
	"fmt"
	"io"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"github.com/jio-dag/jio/chain/types"
)

const (
	magic         = "jio-keys"
	sealedVersion = 1
	saltSize      = 16
	headerSize    = len(magic) + 1 + 4 + 4 + 1 + saltSize + chacha20poly1305.NonceSizeX

	// maxSealedSize is more than any file has.
	maxSealedSize = headerSize + preludeSize + MaxSecrets*maxSecretSize + paddingBlock + chacha20poly1305.Overhead
)

// deriving holds a place for each password that is hashed at the moment, in all
// wallets: each takes 64 MiB, and a caller may ask for many at once.
var deriving = make(chan struct{}, 2)

// A cost is what one guess at a password costs, by the parameters of argon2id.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

// standardCost is the second recommendation of RFC 9106, section 4.
var standardCost = cost{memory: 64 << 10, passes: 3, lanes: 4}

// stronger takes the greater of each parameter, so that a file made to resist
// more is not written back to resist less.
func (c cost) stronger(other cost) cost {
	return cost{max(c.memory, other.memory), max(c.passes, other.passes), max(c.lanes, other.lanes)}
}

// bounds are the costs that a reader accepts.
type bounds struct{ least, most cost }

// standardBounds run from the memory below which argon2id is no longer
// advised (OWASP) to what a small machine can still give, so that an altered
// file can neither be cheap to guess nor bring the machine down.
var standardBounds = bounds{least: cost{19 << 10, 1, 1}, most: cost{1 << 20, 16, 16}}

// check returns ErrParameters for a cost out of bounds.
func (b bounds) check(c cost) error {
	if c.memory < b.least.memory || c.memory > b.most.memory {
		return fmt.Errorf("%w: %d KiB of memory, want %d to %d", ErrParameters, c.memory, b.least.memory, b.most.memory)
	}
	if c.passes < b.least.passes || c.passes > b.most.passes {
		return fmt.Errorf("%w: %d passes, want %d to %d", ErrParameters, c.passes, b.least.passes, b.most.passes)
	}
	if c.lanes < b.least.lanes || c.lanes > b.most.lanes {
		return fmt.Errorf("%w: %d lanes, want %d to %d", ErrParameters, c.lanes, b.least.lanes, b.most.lanes)
	}
	return nil
}

// A header is the part of a sealed file that is not encrypted.
type header struct {
	cost  cost
	salt  [saltSize]byte
	nonce [chacha20poly1305.NonceSizeX]byte
}

func (h *header) encode() []byte {
	e := types.NewEncoder(make([]byte, 0, headerSize))
	e.Write([]byte(magic))
	e.Uint8(sealedVersion)
	e.Uint32(h.cost.memory)
	e.Uint32(h.cost.passes)
	e.Uint8(h.cost.lanes)
	e.Write(h.salt[:])
	e.Write(h.nonce[:])
	return e.Bytes()
}

// parseHeader reads the header of a sealed file whose cost is within b. It is
// authentic only once the cipher has opened.
func parseHeader(sealed []byte, b bounds) (h header, err error) {
	d := types.NewDecoder(sealed)
	var lead [len(magic)]byte
	if d.Read(lead[:]); string(lead[:]) != magic {
		return header{}, ErrFormat
	}
	version := d.Uint8()
	h.cost = cost{d.Uint32(), d.Uint32(), d.Uint8()}
	d.Read(h.salt[:])
	d.Read(h.nonce[:])
	switch {
	case d.Err() == nil && version != sealedVersion:
		return header{}, fmt.Errorf("%w: it is version %d, and this jio reads %d", ErrVersion, version, sealedVersion)
	case d.Err() != nil, len(sealed) > maxSealedSize:
		return header{}, ErrFormat
	}
	return h, b.check(h.cost)
}

// cipher derives the key of a file, which takes as long as the cost says.
func (h *header) cipher(password []byte) cipher.AEAD {
	deriving <- struct{}{}
	defer func() { <-deriving }()
	key := argon2.IDKey(password, h.salt[:], h.cost.passes, h.cost.memory, h.cost.lanes, chacha20poly1305.KeySize)
	defer clear(key)
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic("keystore: " + err.Error()) // a key of the wrong length
	}
	return aead
}

// seal encrypts the secrets under a password, with salt and nonce from rand.
func seal(password []byte, secrets *Secrets, c cost, rand io.Reader) ([]byte, error) {
	if len(password) == 0 {
		return nil, ErrNoPassword
	}
	if len(secrets.list) == 0 {
		return nil, ErrEmpty
	}
	h := header{cost: c}
	for _, random := range [][]byte{h.salt[:], h.nonce[:]} {
		if _, err := io.ReadFull(rand, random); err != nil {
			return nil, fmt.Errorf("reading randomness: %w", err)
		}
	}
	plain, head := secrets.encode(), h.encode()
	defer clear(plain)
	return h.cipher(password).Seal(head, h.nonce[:], plain, head), nil
}

// open decrypts what seal made and tells its cost.
func open(password, sealed []byte, b bounds) (*Secrets, cost, error) {
	if len(password) == 0 {
		return nil, cost{}, ErrNoPassword
	}
	h, err := parseHeader(sealed, b)
	if err != nil {
		return nil, cost{}, err
	}
	plain, err := h.cipher(password).Open(nil, h.nonce[:], sealed[headerSize:], sealed[:headerSize])
	if err != nil {
		return nil, cost{}, ErrPassword
	}
	defer clear(plain)
	secrets, err := decodeSecrets(plain)
	if err != nil {
		return nil, cost{}, ErrFormat
	}
	return secrets, h.cost, nil
}
