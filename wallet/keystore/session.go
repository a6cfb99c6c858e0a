package keystore

import "time"

// DefaultAutoLock is how long a wallet stays unlocked without being used.
const DefaultAutoLock = 5 * time.Minute

// An AutoLock says when an unused wallet locks. It is a plain value: the clock
// and whatever waits for the deadline are its owner's.
type AutoLock struct {
	timeout time.Duration
	since   time.Time
}

// NewAutoLock returns an AutoLock whose time runs from now. A timeout that is
// not positive stands for DefaultAutoLock.
func NewAutoLock(timeout time.Duration, now time.Time) AutoLock {
	if timeout <= 0 {
		timeout = DefaultAutoLock
	}
	return AutoLock{timeout, now}
}

// Deadline is the time at which the wallet locks if it is not used before.
func (a AutoLock) Deadline() time.Time { return a.since.Add(a.timeout) }

// Due reports whether the deadline has come. A time of Go may carry a reading
// of the steady clock besides that of the wall clock. The steady one stands
// still while the machine sleeps and the other can be set back, so either is
// enough.
func (a AutoLock) Due(now time.Time) bool {
	return now.Sub(a.since) >= a.timeout || now.Round(0).Sub(a.since.Round(0)) >= a.timeout
}

// A Session is an unlocked wallet: secrets, until Lock is called or the
// deadline comes. It must have one user at a time.
type Session struct {
	redaction
	secrets  *Secrets // nil when locked
	autoLock AutoLock
}

// NewSession takes over secrets that were unlocked now.
func NewSession(secrets *Secrets, timeout time.Duration, now time.Time) *Session {
	return &Session{secrets: secrets, autoLock: NewAutoLock(timeout, now)}
}

// Secrets returns the secrets, which belong to the session and are wiped with
// it, or ErrLocked. Past the deadline it locks. It does not move the deadline.
func (s *Session) Secrets(now time.Time) (*Secrets, error) {
	if s.Locked(now) {
		return nil, ErrLocked
	}
	return s.secrets, nil
}

// Touch moves the deadline because the wallet was used now. It opens nothing:
// a session past its deadline locks and stays locked.
func (s *Session) Touch(now time.Time) {
	if !s.Locked(now) {
		s.autoLock.since = now
	}
}

// Locked reports whether the session is over; past the deadline it wipes the
// secrets.
func (s *Session) Locked(now time.Time) bool {
	if s.secrets != nil && s.autoLock.Due(now) {
		s.Lock()
	}
	return s.secrets == nil
}

// Deadline is the time at which the session ends if it is not touched before.
func (s *Session) Deadline() time.Time { return s.autoLock.Deadline() }

// Lock wipes the secrets and ends the session.
func (s *Session) Lock() {
	if s.secrets != nil {
		s.secrets.Wipe()
		s.secrets = nil
	}
}
