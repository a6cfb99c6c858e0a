package chain

import "github.com/jio-dag/jio/chain/types"

// AddHeaders adds headers in order as AddHeader does, with one write for all of
// them. Headers that are here already are counted and passed over. It stops at
// the first error; the headers before it stay.
func (m *Manager) AddHeaders(headers []types.Header) (added, known int, err error) {
	err = m.change(func() error {
		defer func() {
			if added > 0 {
				m.commit()
			}
		}()
		for i := range headers {
			hash := headers[i].Hash()
			if m.index.findOf(hash, &headers[i]) != nil {
				known++
				continue
			}
			b, err := m.newHeader(hash, &headers[i])
			if err != nil {
				return err
			}
			b.status = StatusHeaderOnly
			m.join(b)
			added++
		}
		return nil
	})
	return added, known, err
}
