package mempool

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"github.com/jio-dag/jio/chain/rules"
	"github.com/jio-dag/jio/chain/types"
)

// A saved pool is
//
//	header · { size u32 > 0 · added i64 · transaction } … · 0 u32 · checksum u32
//
// with integers little-endian, size counting what follows it, times in
// milliseconds since 1970, parents before children, and the CRC-32C of all
// before it at the end.
const (
	savedHeader  = "jio mempool 1\n"
	addedSize    = 8
	checksumSize = 4
	maxSavedSize = 1 << 20 // of one record: more than any transaction
	loadGroup    = 256     // transactions that are judged together
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrDamaged is returned by Load for a file that is not, whole and unchanged,
// what Save wrote.
var ErrDamaged = errors.New("the saved pool is damaged")

// Save writes the pool's transactions, orphans apart.
func (p *Pool) Save(w io.Writer) error {
	p.mu.Lock()
	entries := p.graph.ordered()
	p.mu.Unlock()
	sum := crc32.New(castagnoli)
	out := bufio.NewWriter(io.MultiWriter(w, sum))
	_, err := out.WriteString(savedHeader)
	e := types.NewEncoder(nil)
	for i := 0; i < len(entries) && err == nil; i++ {
		e.Reset()
		e.Uint32(uint32(addedSize + entries[i].Size))
		e.Uint64(uint64(entries[i].Added.UnixMilli()))
		entries[i].Tx.EncodeTo(e)
		_, err = out.Write(e.Bytes())
	}
	if err != nil {
		return err
	}
	if _, err := out.Write(make([]byte, 4)); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err = w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	return err
}

// Loaded counts what became of saved transactions.
type Loaded struct {
	Taken   int            // in the pool again
	Waiting int            // kept aside, as their coins are not known
	LeftOut map[string]int // not taken, by the reason
	orphans []types.Hash
}

// Load offers the saved transactions to the pool, with the age they had. Those
// that are not valid any more are left out. It reads the file twice, so that a
// damaged one, which is ErrDamaged, adds nothing. An end of ctx leaves the rest
// out.
func (p *Pool) Load(ctx context.Context, r io.ReadSeeker) (found Loaded, err error) {
	found.LeftOut = make(map[string]int)
	if err := checkSaved(r); err != nil {
		return found, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return found, err
	}
	in := bufio.NewReader(r)
	if _, err := in.Discard(len(savedHeader)); err != nil {
		return found, err
	}
	for more := true; more; {
		var group []savedTransaction
		if group, more, err = readGroup(in); err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return found, err
		}
		if err := p.resubmit(group, &found); err != nil {
			return found, err
		}
	}
	for _, id := range found.orphans { // what they wait for may have come after them
		if p.Entry(id) != nil {
			found.Taken++
		} else {
			found.Waiting++
		}
	}
	return found, nil
}

// readGroup reads some transactions and reports whether there are more.
func readGroup(in io.Reader) (group []savedTransaction, more bool, err error) {
	for len(group) < loadGroup {
		raw, err := readRecord(in)
		if err != nil || len(raw) == 0 {
			return group, false, err
		}
		t, err := decodeSaved(raw)
		if err != nil {
			return group, false, err
		}
		group = append(group, t)
	}
	return group, true, nil
}

// count notes what the pool said of a transaction.
func (l *Loaded) count(id types.Hash, reason error) {
	switch {
	case reason == nil, errors.Is(reason, ErrKnown): // it may have come from a peer meanwhile
		l.Taken++
	case errors.Is(reason, ErrOrphan):
		l.orphans = append(l.orphans, id)
	default:
		l.LeftOut[causeOf(reason)]++
	}
}

// causeOf names a reason without the transaction it was given for.
func causeOf(reason error) string {
	for _, cause := range []error{ErrAccepted, ErrConflict, ErrFee, ErrFull, ErrTooHeavy, ErrCoinbase} {
		if errors.Is(reason, cause) {
			return cause.Error()
		}
	}
	var rule rules.RuleError
	if errors.As(reason, &rule) {
		return string(rule.Kind)
	}
	return "another reason"
}

// checkSaved reads a whole file and holds it against its checksum.
func checkSaved(r io.Reader) error {
	sum := crc32.New(castagnoli)
	in := bufio.NewReader(r)
	head := make([]byte, len(savedHeader))
	if _, err := io.ReadFull(in, head); err != nil || !bytes.Equal(head, []byte(savedHeader)) {
		return fmt.Errorf("%w: it does not begin with %q", ErrDamaged, savedHeader)
	}
	sum.Write(head)
	for {
		raw, err := readRecord(in)
		if err == nil && len(raw) > 0 {
			_, err = decodeSaved(raw)
		}
		if err != nil {
			return err
		}
		sum.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(raw))))
		sum.Write(raw)
		if len(raw) == 0 {
			break
		}
	}
	tail := make([]byte, checksumSize)
	if _, err := io.ReadFull(in, tail); err != nil {
		return fmt.Errorf("%w: it has no checksum", ErrDamaged)
	}
	if binary.LittleEndian.Uint32(tail) != sum.Sum32() {
		return fmt.Errorf("%w: the checksum is another", ErrDamaged)
	}
	if _, err := in.ReadByte(); err != io.EOF {
		return fmt.Errorf("%w: something follows its end", ErrDamaged)
	}
	return nil
}

// readRecord reads a size and so many bytes; none at the end.
func readRecord(in io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(in, size[:]); err != nil {
		return nil, fmt.Errorf("%w: it ends early", ErrDamaged)
	}
	n := binary.LittleEndian.Uint32(size[:])
	if n > maxSavedSize {
		return nil, fmt.Errorf("%w: a transaction of %d bytes", ErrDamaged, n)
	}
	raw := make([]byte, n)
	if _, err := io.ReadFull(in, raw); err != nil {
		return nil, fmt.Errorf("%w: it ends early", ErrDamaged)
	}
	return raw, nil
}

// A savedTransaction is one with the time it came.
type savedTransaction struct {
	tx    types.Transaction
	added time.Time
}

func decodeSaved(raw []byte) (t savedTransaction, err error) {
	d := types.NewDecoder(raw)
	t.added = time.UnixMilli(int64(d.Uint64()))
	t.tx.DecodeFrom(d)
	if err := d.Finish(); err != nil {
		return t, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return t, nil
}

// resubmit offers transactions that were in the pool before. A time to come is
// none to trust.
func (p *Pool) resubmit(group []savedTransaction, found *Loaded) error {
	return p.change(func() error { return p.resubmitted(group, found) })
}

func (p *Pool) resubmitted(group []savedTransaction, found *Loaded) error {
	txs := make([]types.Transaction, len(group))
	for i := range group {
		txs[i] = group[i].tx
	}
	reasons, err := p.submit(txs)
	now := p.cfg.Now()
	for i, reason := range reasons {
		id := txs[i].ID()
		found.count(id, reason)
		if e := p.graph.entries[id]; reason == nil && e != nil && group[i].added.Before(now) {
			p.graph.backdate(e, group[i].added)
		}
	}
	return err
}
