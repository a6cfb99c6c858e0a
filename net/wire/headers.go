package wire

import "github.com/jio-dag/jio/chain/types"

const (
	// MaxLocator is the most hashes of a locator.
	MaxLocator = 64
	// MaxHeaders is the most headers of an answer.
	MaxHeaders = 1024
)

// minHeaderSize is the encoding of a header without parents.
var minHeaderSize = types.EncodedLen(new(types.Header))

// A HeadersRequest asks for what follows the first hash of the locator that is
// on the chain of High: the chain's blocks upwards, each after its merge set.
// The zero High stands for the block the answerer would mine next, so that all
// it has is covered.
type HeadersRequest struct {
	Locator []types.Hash // of the asker's chain, the highest first
	High    types.Hash
}

// Kind implements Message.
func (*HeadersRequest) Kind() Kind { return KindHeadersRequest }

// EncodeTo implements types.EncoderTo.
func (m *HeadersRequest) EncodeTo(e *types.Encoder) {
	e.Hashes(m.Locator)
	m.High.EncodeTo(e)
}

// DecodeFrom implements types.DecoderFrom.
func (m *HeadersRequest) DecodeFrom(d *types.Decoder) {
	m.Locator = d.Hashes()
	within(d, "hashes of locator", len(m.Locator), MaxLocator)
	m.High.DecodeFrom(d)
}

// Headers answers a HeadersRequest in topological order. With More the last
// header is a block of the chain, and the answer to a locator that begins with
// it goes on from there.
type Headers struct {
	Headers []types.Header
	More    bool
}

// Kind implements Message.
func (*Headers) Kind() Kind { return KindHeaders }

// EncodeTo implements types.EncoderTo.
func (m *Headers) EncodeTo(e *types.Encoder) {
	encodeList(e, m.Headers, (*types.Header).EncodeTo)
	e.Bool(m.More)
}

// DecodeFrom implements types.DecoderFrom.
func (m *Headers) DecodeFrom(d *types.Decoder) {
	m.Headers = decodeList(d, bound{"headers", MaxHeaders, minHeaderSize}, (*types.Header).DecodeFrom)
	m.More = d.Bool()
}
