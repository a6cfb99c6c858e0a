package p2p

import "context"

// A hope is that of a dial: it hears what becomes of the links of a peer, also
// of those that came and went before anyone waited.
type hope struct {
	id      PeerID
	verdict chan error // nil for an accepted hello
}

// hope begins to listen for a peer; drop ends it.
func (r *roster) hope(id PeerID) *hope {
	h := &hope{id: id, verdict: make(chan error, 8)}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hopes[h] = true
	return h
}

func (r *roster) drop(h *hope) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.hopes, h)
}

// hear never blocks: who has eight verdicts unread needs no ninth.
func (h *hope) hear(id PeerID, why error) {
	if id != h.id {
		return
	}
	select {
	case h.verdict <- why:
	default:
	}
}

// await waits until the peer is a member or all its links were turned away.
func (r *roster) await(ctx context.Context, h *hope) error {
	refusal := ErrNotConnected
	for !r.isMember(h.id) {
		pending := r.pending(h.id)
		select {
		case refusal = <-h.verdict:
			continue
		default:
		}
		if !pending {
			return refusal
		}
		select {
		case refusal = <-h.verdict:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// awaitMember waits until the peer is a member or a link of it was turned away,
// also while it has none.
func (r *roster) awaitMember(ctx context.Context, h *hope) error {
	for !r.isMember(h.id) {
		select {
		case err := <-h.verdict:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// pending reports whether a link of a peer is still to be judged.
func (r *roster) pending(id PeerID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.links {
		if l.id() == id && l.open() {
			return true
		}
	}
	return false
}
