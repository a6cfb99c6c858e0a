package keystore

import (
	"errors"
	"fmt"

	"github.com/jio-dag/jio/chain/types"
)

const (
	// secretsVersion leads the encoding of the secrets.
	secretsVersion = 1
	// paddingBlock is what the encoding is padded to a multiple of.
	paddingBlock = 1024

	preludeSize   = 1 + 4 // version, count
	minSecretSize = 16 + 1 + 4 + 8 + 4 + 16 + 4
	maxSecretSize = 16 + 1 + (4 + MaxLabel) + 8 + (4 + 32) + (4 + MaxPassphrase)
)

// padded rounds a length up to whole blocks of padding.
func padded(n int) int { return (n + paddingBlock - 1) / paddingBlock * paddingBlock }

// encode returns the one encoding of s; the caller wipes it. There is room for
// the longest one from the start, since growing would leave copies behind.
func (s *Secrets) encode() []byte {
	e := types.NewEncoder(make([]byte, 0, padded(preludeSize+len(s.list)*maxSecretSize)))
	e.Uint8(secretsVersion)
	e.Count(len(s.list))
	for _, k := range s.list {
		e.Write(k.entry.ID[:])
		e.Uint8(uint8(k.entry.Kind))
		e.ByteString([]byte(k.entry.Label))
		e.Uint64(k.entry.Birthday)
		e.ByteString(k.value)
		e.ByteString(k.passphrase)
	}
	plain := e.Bytes()
	return plain[:padded(len(plain))]
}

// decodeSecrets reads what encode wrote and nothing else. Its errors may tell
// numbers from inside the encoding and must not leave the package.
func decodeSecrets(plain []byte) (*Secrets, error) {
	d, s := types.NewDecoder(plain), new(Secrets)
	s.decodeFrom(d)
	if len(plain)%paddingBlock != 0 || d.Remaining() >= paddingBlock {
		d.Fail(errors.New("padding of the wrong length"))
	}
	for d.Remaining() > 0 {
		if d.Uint8() != 0 {
			d.Fail(errors.New("padding that is not zero"))
		}
	}
	if err := d.Finish(); err != nil {
		s.Wipe()
		return nil, err
	}
	return s, nil
}

func (s *Secrets) decodeFrom(d *types.Decoder) {
	if v := d.Uint8(); v != secretsVersion {
		d.Fail(fmt.Errorf("secrets of version %d", v))
	}
	n := d.Count(minSecretSize)
	if n == 0 || n > MaxSecrets {
		d.Fail(fmt.Errorf("%d secrets", n))
	}
	for range n {
		k := &secret{material: new(material)}
		k.decodeFrom(d)
		if s.find(k.entry.ID) != nil {
			d.Fail(errors.New("two secrets with one ID"))
		}
		if s.list = append(s.list, k); d.Err() != nil {
			return
		}
	}
}

func (k *secret) decodeFrom(d *types.Decoder) {
	d.Read(k.entry.ID[:])
	k.entry.Kind = Kind(d.Uint8())
	k.entry.Label = string(d.ByteString())
	k.entry.Birthday = d.Uint64()
	k.value = d.ByteString()
	k.passphrase = d.ByteString()
	if err := k.check(); err != nil {
		d.Fail(err)
	}
}
