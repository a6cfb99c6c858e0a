package store

import (
	"errors"
	"io"
	"io/fs"
	"slices"

	lerrors "github.com/syndtr/goleveldb/leveldb/errors"
	"github.com/syndtr/goleveldb/leveldb/storage"
)

// An ending is where the journals stop: the number of their last batch, 0 when
// they hold none, and the journal with a record torn at its end, if any.
type ending struct {
	number uint64
	torn   storage.FileDesc
}

// inspect reads the manifest and the journals that goleveldb is about to
// replay, changes nothing, and returns damage wherever goleveldb would leave
// out something that had been acknowledged.
func inspect(files storage.Storage) (ending, error) {
	m, err := readManifest(files)
	if err != nil {
		return ending{}, err
	}
	journals, err := liveJournals(files, m.journal)
	if err != nil {
		return ending{}, err
	}
	// Recovery counts one record too many, except between two journals it
	// replays in a row; no batch is as short as that one.
	p := &replay{next: m.seq, slack: 1}
	for _, fd := range journals {
		if err := p.journal(files, fd); err != nil {
			return ending{}, err
		}
	}
	return p.end, nil
}

// readManifest follows the entry file. A manifest may end in a torn record: what
// that would have replaced is then still there, or the replay shows the gap.
func readManifest(files storage.Storage) (manifest, error) {
	var m manifest
	fd, err := files.GetMeta()
	if errors.Is(err, fs.ErrNotExist) {
		return m, &storage.ErrCorrupted{Err: errors.New("it is missing, or the manifest it names is")}
	}
	if err != nil {
		return m, err
	}
	data, err := readFile(files, fd)
	if err != nil {
		return m, err
	}
	whole, stop := records(data, 0)
	for _, rec := range whole {
		if !m.apply(rec) {
			return m, damaged(fd, "a record of the manifest makes no sense")
		}
	}
	isRecord := func(rec []byte) bool { return new(manifest).apply(rec) }
	if resumes(data, stop, isRecord) {
		return m, damaged(fd, "the record at byte %d is damaged", stop)
	}
	return m, nil
}

// liveJournals lists the journals from first on, oldest first; first itself is
// always there, even when it is empty.
func liveJournals(files storage.Storage, first int64) ([]storage.FileDesc, error) {
	all, err := files.List(storage.TypeJournal)
	if err != nil {
		return nil, err
	}
	live := slices.DeleteFunc(all, func(fd storage.FileDesc) bool { return fd.Num < first })
	slices.SortFunc(live, func(a, b storage.FileDesc) int { return int(a.Num - b.Num) })
	if len(live) == 0 || live[0].Num != first {
		return nil, damaged(storage.FileDesc{Type: storage.TypeJournal, Num: first}, "the file is missing")
	}
	return live, nil
}

// A replay follows the batches through the journals.
type replay struct {
	next  uint64 // what the next batch counts from
	slack uint64 // by how much it may differ, before the first batch
	end   ending
}

func (p *replay) journal(files storage.Storage, fd storage.FileDesc) error {
	data, err := readFile(files, fd)
	if err != nil {
		return err
	}
	whole, stop := records(data, 0)
	for _, rec := range whole {
		if err := p.batch(fd, rec); err != nil {
			return err
		}
	}
	if stop == len(data) {
		return nil
	}
	isLater := func(rec []byte) bool {
		b, ok := parseBatch(rec)
		return ok && b.seq >= p.next
	}
	if resumes(data, stop, isLater) {
		return damaged(fd, "the record at byte %d is damaged", stop)
	}
	if p.end.torn.Zero() {
		p.end.torn = fd
	}
	return nil
}

func (p *replay) batch(fd storage.FileDesc, rec []byte) error {
	b, ok := parseBatch(rec)
	switch {
	case !ok:
		return damaged(fd, "a batch of the journal makes no sense")
	case !p.end.torn.Zero():
		return damaged(p.end.torn, "its last record is damaged")
	case b.seq < p.next || b.seq > p.next+p.slack:
		return damaged(fd, "batches before batch %d are missing", b.number)
	}
	p.next, p.slack, p.end.number = b.seq+b.count, 0, b.number
	return nil
}

// readFile reads a whole journal or manifest: a journal is about as long as the
// write buffer, a manifest a few hundred bytes for each table.
func readFile(files storage.Storage, fd storage.FileDesc) ([]byte, error) {
	r, err := files.Open(fd)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lerrors.NewErrCorrupted(fd, errors.New("the file is missing"))
	}
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	return data, errors.Join(err, r.Close())
}
