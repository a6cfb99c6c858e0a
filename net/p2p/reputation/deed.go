package reputation

// A Deed is what a peer did.
type Deed int

const (
	// UsefulBlock is a block of the peer that the DAG took.
	UsefulBlock Deed = iota
	// BadSignature is an invalid signature in what the peer had to check.
	BadSignature
	// BadWork is a header without its proof of work.
	BadWork
	// BadBlock is a block that fails what its sender had to check.
	BadBlock
	// Oversized is a message over the bound of its kind.
	Oversized
	// Unrequested is a message or request nothing entitled the peer to.
	Unrequested
	// TimedOut is a request the peer did not answer in time.
	TimedOut
	// WrongSync is sync data that contradicts itself or what it belongs to.
	WrongSync
)

// deeds lists what each is worth and called.
var deeds = [...]struct {
	points int
	text   string
}{
	UsefulBlock:  {+1, "useful block"},
	BadSignature: {-20, "invalid signature"},
	BadWork:      {-20, "invalid proof of work"},
	BadBlock:     {-50, "invalid block"},
	Oversized:    {-5, "oversized message"},
	Unrequested:  {-5, "unrequested message"},
	TimedOut:     {-2, "time-out"},
	WrongSync:    {-25, "wrong sync data"},
}

// Points returns what the deed adds to a score.
func (d Deed) Points() int { return deeds[d].points }

// String returns the deed in words.
func (d Deed) String() string { return deeds[d].text }
