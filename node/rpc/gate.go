package rpc

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/jio-dag/jio/node/api"
)

// routes are the ways in: each request passes the gate, and all but those that
// ask after the node's health need credentials.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", s.healthz)
	mux.HandleFunc("/readyz", s.readyz)
	mux.HandleFunc("/rpc", s.authorized(s.post))
	mux.HandleFunc("/ws", s.authorized(s.upgrade))
	if s.cfg.Metrics != nil {
		mux.HandleFunc("/metrics", s.authorized(s.metrics))
	}
	return s.gate(mux)
}

// gate turns away what a page in a browser can send: anything with an Origin,
// and anything that calls this node by a name that is not its own, as a name
// rebound to 127.0.0.1 does.
func (s *Server) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.recovered(w, r.URL.Path)
		deadline(w, s.limits.Call+s.limits.Write)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		switch {
		case !s.ownName(r):
			refuse(w, http.StatusForbidden, "this node is not called by that name")
		case len(r.Header.Values("Origin")) > 0:
			refuse(w, http.StatusForbidden, "requests from web pages are not answered")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// recovered keeps a panic from ending the process: it is reported, and the
// client is told no more than that there was one.
func (s *Server) recovered(w http.ResponseWriter, where string) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v) // the way to break off a response
	}
	s.cfg.Panicked("rpc "+where, v, debug.Stack())
	refuse(w, http.StatusInternalServerError, "internal error")
}

// ownName reports whether the Host of a request is localhost, a loopback
// address, the very address the request came in at, or a name of the
// configuration.
func (s *Server) ownName(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") || slices.ContainsFunc(s.cfg.Hosts, func(name string) bool { return strings.EqualFold(name, host) }) {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return false
	}
	at, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ip.IsLoopback() || at != nil && ip.Unmap() == addrOf(at.String())
}

// A handler answers a client whose credential is known.
type handler func(w http.ResponseWriter, r *http.Request, c *credential)

// authorized asks for credentials. Whoever shows wrong ones is told the same
// whatever is wrong with them.
func (s *Server) authorized(next handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var c *credential
		if headers := r.Header.Values("Authorization"); len(headers) == 1 {
			c = s.keys.find(headers[0])
		}
		switch told := s.throttle.admit(addrOf(r.RemoteAddr), c != nil, time.Now()); {
		case !told:
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusTooManyRequests, "too many wrong credentials")
		case c == nil:
			w.Header().Set("WWW-Authenticate", `Basic realm="jio", charset="UTF-8"`)
			refuse(w, http.StatusUnauthorized, "credentials are required")
		default:
			next(w, r, c)
		}
	}
}

// refuse answers a request that does not get as far as a call, and hangs up.
func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Connection", "close")
	http.Error(w, why, status)
}

// only reports whether a request has one of the methods of HTTP, and refuses it
// otherwise.
func only(w http.ResponseWriter, r *http.Request, verbs ...string) bool {
	if slices.Contains(verbs, r.Method) {
		return true
	}
	w.Header().Set("Allow", strings.Join(verbs, ", "))
	refuse(w, http.StatusMethodNotAllowed, "use "+verbs[0])
	return false
}

func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	if only(w, r, http.MethodGet, http.MethodHead) {
		_, _ = w.Write([]byte("ok\n"))
	}
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if !only(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	if err := s.cfg.Ready(); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ready\n"))
}

// metrics may be read with any credential, since each includes the scope to
// look.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request, _ *credential) {
	if only(w, r, http.MethodGet, http.MethodHead) {
		s.cfg.Metrics.ServeHTTP(w, r)
	}
}

// deadline bounds how long a client may take to read the answer. A connection
// that cannot bound it is none of this server's.
func deadline(w http.ResponseWriter, d time.Duration) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d))
}

// addrOf is the address of a HOST:PORT, invalid when there is none.
func addrOf(hostPort string) netip.Addr {
	a, _ := netip.ParseAddrPort(hostPort)
	return a.Addr().Unmap().WithZone("")
}

// reach refuses a scope that a credential does not include.
func (c *credential) reach(scope api.Scope) error {
	if c.scope < scope {
		return api.Errorf(api.CodeForbidden, "this needs a credential of scope %s; yours has scope %s", scope, c.scope)
	}
	return nil
}
