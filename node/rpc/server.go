package rpc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// A Server answers the calls of other processes. Make one with Open; then
// either Run or Close it.
type Server struct {
	cfg      Config
	limits   Limits
	listener net.Listener
	open     *boundedListener // below the listener
	http     *http.Server
	cookie   string
	keys     *keyring
	throttle *throttle
	running  chan struct{} // a place for each call that runs

	ctx     context.Context // ends when the server begins to stop
	stop    context.CancelFunc
	sockets sync.WaitGroup
	places  chan struct{} // one for each WebSocket connection
}

// Open begins to listen and writes the cookie, in this order, so that a node
// that finds the address taken leaves the cookie of the other one alone. It
// refuses to listen beyond this machine without a certificate.
func Open(cfg Config) (*Server, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	s := &Server{
		cfg:      cfg,
		limits:   cfg.Limits,
		throttle: newThrottle(cfg.Log, time.Now()),
		running:  make(chan struct{}, cfg.Limits.Parallel),
		places:   make(chan struct{}, cfg.Limits.Sockets),
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	if err := s.listen(); err != nil {
		return nil, err
	}
	if err := s.openKeys(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.http = s.newHTTP()
	return s, nil
}

func (s *Server) openKeys() (err error) {
	if s.cookie, err = writeCookie(CookieFile(s.cfg.Dir)); err != nil {
		return fmt.Errorf("the RPC cookie cannot be written: %w", err)
	}
	s.keys, err = newKeyring(s.cookie, TokenDir(s.cfg.Dir), s.limits.Rate, s.cfg.Log)
	return err
}

// ListenAddress returns the address that a HOST:PORT stands for, and refuses one
// that other machines reach where calls are not encrypted.
func ListenAddress(listen string, encrypted bool) (*net.TCPAddr, error) {
	addr, err := net.ResolveTCPAddr("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("RPC address %s: %w", listen, err)
	}
	if !addr.IP.IsLoopback() && !encrypted {
		return nil, fmt.Errorf("RPC address %s can be reached from other machines: give a certificate and its key, or listen on 127.0.0.1", listen)
	}
	return addr, nil
}

// listen binds the very address whose reach was judged: a name is looked up
// once.
func (s *Server) listen() error {
	addr, err := ListenAddress(s.cfg.Listen, s.cfg.CertFile != "")
	if err != nil {
		return err
	}
	var certificates []tls.Certificate
	if s.cfg.CertFile != "" {
		certificate, err := tls.LoadX509KeyPair(s.cfg.CertFile, s.cfg.KeyFile)
		if err != nil {
			return fmt.Errorf("the certificate of the RPC address: %w", err)
		}
		certificates = append(certificates, certificate)
	}
	plain, err := net.ListenTCP("tcp", addr)
	if err != nil {
		return err
	}
	s.open = newBoundedListener(plain, s.limits.Connections)
	s.listener = s.open
	if certificates != nil {
		s.listener = tls.NewListener(s.open, &tls.Config{Certificates: certificates, MinVersion: tls.VersionTLS12})
	}
	return nil
}

// newHTTP speaks HTTP/1 alone: HTTP/2 would bring floods of streams within one
// connection.
func (s *Server) newHTTP() *http.Server {
	server := &http.Server{
		Handler:           s.routes(),
		Protocols:         new(http.Protocols),
		ReadHeaderTimeout: s.limits.Header,
		ReadTimeout:       s.limits.Read,
		IdleTimeout:       s.limits.Idle,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
	}
	server.Protocols.SetHTTP1(true)
	return server
}

// Addr is the address the server listens on.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Connections is the number of connections that are open now.
func (s *Server) Connections() int { return s.open.count() }

// Run serves until ctx ends, then lets what is under way finish for the time of
// grace, and removes the cookie.
func (s *Server) Run(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- s.http.Serve(s.listener) }()
	select {
	case err := <-done: // it never returns without a reason
		s.stop()
		s.sockets.Wait()
		return errors.Join(err, s.Close())
	case <-ctx.Done():
	}
	s.stop()
	grace, cancel := context.WithTimeout(context.Background(), s.limits.Grace)
	defer cancel()
	if s.http.Shutdown(grace) != nil {
		_ = s.http.Close()
	}
	<-done
	s.sockets.Wait()
	return s.Close()
}

// Close ends a server that is not run, or no longer, and removes its cookie.
func (s *Server) Close() error {
	s.stop()
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return removeCookie(CookieFile(s.cfg.Dir), s.cookie)
}
