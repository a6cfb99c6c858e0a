package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/jio-dag/jio/node/api"
)

// A request is a call of JSON-RPC 2.0, or a notification when it has no id.
type request struct {
	Version string          `json:"jsonrpc"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	ID      json.RawMessage `json:"id"`
}

// The bounds of a request's small fields, in bytes.
const (
	maxMethod = 64
	maxID     = 128
)

var null = json.RawMessage("null")

// parseRequest reads one request. A request that cannot be answered under its
// own id has the id null.
func parseRequest(data []byte) (request, *api.Error) {
	if !json.Valid(data) {
		return request{ID: null}, api.Errorf(api.CodeParse, "this is not JSON")
	}
	var r request
	if err := api.Decode(data, &r); err != nil {
		return request{ID: null}, api.Errorf(api.CodeInvalidRequest, "invalid request: %v", err)
	}
	switch {
	case !scalar(r.ID):
		return request{ID: null}, api.Errorf(api.CodeInvalidRequest, "invalid request: an id is a string of at most %d bytes or a number", maxID)
	case r.Version != "2.0":
		return r.orNull(), api.Errorf(api.CodeInvalidRequest, `invalid request: "jsonrpc" must be "2.0"`)
	case r.Method == "" || len(r.Method) > maxMethod:
		return r.orNull(), api.Errorf(api.CodeInvalidRequest, "invalid request: a method has 1 to %d characters", maxMethod)
	}
	return r, nil
}

// orNull gives an id to a request that cannot count as a notification because
// it is not valid.
func (r request) orNull() request {
	if r.ID == nil {
		r.ID = null
	}
	return r
}

func scalar(id json.RawMessage) bool {
	return len(id) <= maxID && (len(id) == 0 || id[0] != '{' && id[0] != '[' && id[0] != 't' && id[0] != 'f')
}

// parseBatch takes a batch apart; ok is false for anything that is no array.
func parseBatch(data []byte, limit int) (items []json.RawMessage, ok bool, refusal *api.Error) {
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '[' {
		return nil, false, nil
	}
	if !json.Valid(data) {
		return nil, true, api.Errorf(api.CodeParse, "this is not JSON")
	}
	if err := api.Decode(data, &items); err != nil {
		return nil, true, api.Errorf(api.CodeInvalidRequest, "invalid request: %v", err)
	}
	switch {
	case len(items) == 0:
		return nil, true, api.Errorf(api.CodeInvalidRequest, "invalid request: an empty batch")
	case len(items) > limit:
		return nil, true, api.Errorf(api.CodeInvalidRequest, "invalid request: a batch holds at most %d calls", limit)
	}
	return items, true, nil
}

// writeResult appends the response of a call that succeeded.
func writeResult(b *bytes.Buffer, id json.RawMessage, result any) error {
	b.WriteString(`{"jsonrpc":"2.0","id":`)
	b.Write(id)
	b.WriteString(`,"result":`)
	if err := encode(b, result); err != nil {
		return err
	}
	b.WriteByte('}')
	return nil
}

// writeError appends the response of a call that failed. An Error always has a
// JSON form.
func writeError(b *bytes.Buffer, id json.RawMessage, refusal *api.Error) {
	b.WriteString(`{"jsonrpc":"2.0","id":`)
	b.Write(id)
	b.WriteString(`,"error":`)
	_ = encode(b, refusal)
	b.WriteByte('}')
}

// writeNotification appends a message from the server that answers no call.
func writeNotification(b *bytes.Buffer, method string, params any) error {
	b.WriteString(`{"jsonrpc":"2.0","method":"` + method + `","params":`)
	if err := encode(b, params); err != nil {
		return err
	}
	b.WriteByte('}')
	return nil
}

// writeEvent appends the notification that carries an Event, without encoding
// the event itself twice.
func writeEvent(b *bytes.Buffer, subscription uint64, topic string, event any) error {
	fmt.Fprintf(b, `{"jsonrpc":"2.0","method":"%s","params":{"subscription":%d,"topic":"%s","event":`, api.NoticeEvent, subscription, topic)
	if err := encode(b, event); err != nil {
		return err
	}
	b.WriteString("}}")
	return nil
}

func encode(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the encoder ends with a line feed
	return nil
}

// asRefusal turns an error of a handler into what the caller may know of it.
func asRefusal(err error) *api.Error {
	refusal := new(api.Error)
	if errors.As(err, &refusal) {
		return refusal
	}
	return api.Errorf(api.CodeInternal, "internal error")
}

// statusOf is the HTTP status of an answer to a single call.
func statusOf(code api.Code) int {
	switch code {
	case api.CodeParse, api.CodeInvalidRequest:
		return http.StatusBadRequest
	case api.CodeForbidden:
		return http.StatusForbidden
	case api.CodeBusy:
		return http.StatusTooManyRequests
	case api.CodeInternal:
		return http.StatusInternalServerError
	}
	return http.StatusOK
}
