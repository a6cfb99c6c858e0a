package rpc

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"

	"github.com/jio-dag/jio/node/api"
)

// post answers JSON-RPC over HTTP. What was read and what is written may hold
// secrets, so both are wiped.
func (s *Server) post(w http.ResponseWriter, r *http.Request, c *credential) {
	if !only(w, r, http.MethodPost) {
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "the content type must be application/json")
		return
	}
	if len(r.Header.Values("Content-Encoding")) > 0 {
		refuse(w, http.StatusUnsupportedMediaType, "the body must not be encoded")
		return
	}
	body, ok := s.readBody(w, r)
	defer clear(body)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.limits.Call)
	defer cancel()
	answer, code := s.answer(ctx, &caller{credential: c}, body)
	defer clear(answer)
	deadline(w, s.limits.Write)
	if len(answer) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(statusOf(code))
	_, _ = w.Write(answer)
}

// smallBody is more than a request with secrets has, in bytes. A buffer of that
// size is not left behind for a larger one, which would keep a copy.
const smallBody = 8 << 10

// readBody reads a request's body, or refuses the request. The deadline for
// sending it ends with it.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	var b bytes.Buffer
	b.Grow(smallBody)
	_, err := io.Copy(&b, http.MaxBytesReader(w, r.Body, s.limits.Body))
	tooLarge := new(http.MaxBytesError)
	switch {
	case errors.As(err, &tooLarge):
		refuse(w, http.StatusRequestEntityTooLarge, "the body is too large")
	case errors.Is(err, os.ErrDeadlineExceeded):
		refuse(w, http.StatusRequestTimeout, "the body took too long")
	case err != nil:
		refuse(w, http.StatusBadRequest, "the body cannot be read")
	}
	return b.Bytes(), err == nil
}

// A caller is who sent a message and over what.
type caller struct {
	*credential
	socket *socket  // nil over HTTP
	after  []func() // to be done once the answer is on its way
}

// answer carries out the calls of a message and returns what is to be sent
// back, nothing when all were notifications. The code is that of a single call.
func (s *Server) answer(ctx context.Context, from *caller, message []byte) ([]byte, api.Code) {
	items, batch, refusal := parseBatch(message, s.limits.Batch)
	var out bytes.Buffer
	switch {
	case refusal != nil:
		writeError(&out, null, refusal)
		return out.Bytes(), refusal.Code
	case !batch:
		code := s.answerOne(ctx, from, message, &out)
		return out.Bytes(), code
	}
	out.WriteByte('[')
	for _, item := range items {
		before := out.Len()
		if before > 1 {
			out.WriteByte(',')
		}
		comma := out.Len()
		if s.answerOne(ctx, from, item, &out); out.Len() == comma {
			out.Truncate(before)
		}
		clear(item)
	}
	if out.Len() == 1 {
		return nil, 0
	}
	out.WriteByte(']')
	return out.Bytes(), 0
}

// answerOne carries out one call and appends its response, nothing for a
// notification.
func (s *Server) answerOne(ctx context.Context, from *caller, data []byte, out *bytes.Buffer) api.Code {
	r, refusal := parseRequest(data)
	defer clear(r.Params)
	var result any
	if refusal == nil {
		result, refusal = s.observed(ctx, from, r)
	} else {
		s.cfg.Observe(unknown, refusal.Code, 0)
	}
	start := out.Len()
	if refusal == nil && r.ID != nil {
		refusal = s.respond(out, start, r, result)
	}
	api.WipeSecrets(result)
	if refusal == nil {
		return 0
	}
	if r.ID != nil {
		clear(out.Bytes()[start:])
		out.Truncate(start)
		writeError(out, r.ID, refusal)
	}
	return refusal.Code
}

// respond appends the response with a result, unless it would make the answer
// larger than it may be.
func (s *Server) respond(out *bytes.Buffer, start int, r request, result any) *api.Error {
	if start > s.limits.Response {
		return api.Errorf(api.CodeTooLarge, "the answers to this batch are larger than %d bytes", s.limits.Response)
	}
	if err := writeResult(out, r.ID, result); err != nil {
		s.cfg.Log.Error("a result has no JSON form", "method", r.Method, "err", err)
		return asRefusal(err)
	}
	if out.Len() > s.limits.Response {
		return api.Errorf(api.CodeTooLarge, "the answer is larger than %d bytes; ask for less at once", s.limits.Response)
	}
	return nil
}
