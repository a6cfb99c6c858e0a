package wire

// RequestParts is how many parts a request has on the way to what a peer answers
// in a minute.
const RequestParts = 8

// partBytes is the answer that one part stands for.
const partBytes = 256 << 10

// Price returns how many parts a request for headers, blocks or the like counts
// by its answer: two MiB or more as all of them, less in proportion, and no answer
// as all too. Thus who downloads a history of small blocks is not held up, and who
// asks for what is not there gains nothing.
func Price(size int, answered bool) int {
	if !answered {
		return RequestParts
	}
	return min(1+size/partBytes, RequestParts)
}
