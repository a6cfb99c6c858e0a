package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node"
	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/node/rpc/client"
)

// A session is a command that calls a node, and its way there.
type session struct {
	*app
	*client.Client
	command *cobra.Command
	ctx     context.Context // of the command
}

// online makes a command call a node: it declares the flags for that and runs
// work with the node found.
func (a *app) online(command *cobra.Command, work func(s *session, args []string) error) *cobra.Command {
	addFlags(command.Flags(), scopeCall)
	addJSON(command)
	command.Flags().Duration("wait", 0, "wait so long for a node that answers, as in --wait=1m; a minute without a value")
	command.Flags().Lookup("wait").NoOptDefVal = "1m"
	command.RunE = func(command *cobra.Command, args []string) error {
		s, err := a.reach(command)
		if err != nil {
			return err
		}
		defer s.Close()
		return work(s, args)
	}
	return command
}

// pollInterval is how often something that is waited for is looked at.
const pollInterval = 100 * time.Millisecond

// reach returns a session with the node that a command shall call, and where the
// user asked for that, waits until one answers. The question it waits with does
// nothing, so it is put again where a node went away under it.
func (a *app) reach(command *cobra.Command) (*session, error) {
	patience, _ := command.Flags().GetDuration("wait")
	for end := time.Now().Add(patience); ; {
		c, err := a.dial(command)
		s := &session{app: a, Client: c, command: command, ctx: command.Context()}
		if err == nil && patience > 0 {
			_, err = call(s, api.GetInfo, api.None{})
		}
		if err == nil || !unreachable(err) && !errors.Is(err, client.ErrCut) || time.Now().After(end) {
			return s, err
		}
		select {
		case <-s.ctx.Done():
			return s, s.ctx.Err()
		case <-time.After(pollInterval):
		}
	}
}

// dial finds the node that a command shall call.
func (a *app) dial(command *cobra.Command) (*client.Client, error) {
	settings, err := a.resolve(command)
	if err != nil {
		return nil, err
	}
	cfg, err := settings.clientConfig()
	if err != nil {
		return nil, err
	}
	return client.New(cfg)
}

// clientConfig settles whom to call, with which credential.
func (r resolution) clientConfig() (cfg client.Config, err error) {
	p, err := r.params()
	if err != nil {
		return cfg, usage(err)
	}
	dir, err := filepath.Abs(r.text("datadir"))
	if err != nil {
		return cfg, usage(r.blame("datadir", err))
	}
	layout := node.LayoutOf(dir, p.Name)
	if cfg.Addr, cfg.Cookie, err = layout.FindRPC(); err != nil {
		return cfg, err
	}
	if addr := r.text("rpc"); addr != "" {
		cfg.Addr = addr
	}
	if cfg.Addr == "" {
		return cfg, fmt.Errorf("%w on %s: there is no %s; start one with `jio --daemon`, or name another --network, --datadir or --rpc",
			client.ErrNoNode, p.Name, layout.RPCAddress())
	}
	if file := r.text("rpc-token"); file != "" {
		token, err := os.ReadFile(file)
		if err != nil {
			return cfg, usage(r.blame("rpc-token", err))
		}
		cfg.Token = strings.TrimSpace(string(token))
	}
	cfg.TLS, err = r.trust()
	return cfg, err
}

// trust is nil where the node speaks plainly, as one on this machine does.
func (r resolution) trust() (*tls.Config, error) {
	file := r.text("rpc-ca")
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, usage(r.blame("rpc-ca", err))
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, usage(r.blame("rpc-ca", errors.New("the file holds no certificate in PEM")))
	}
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, nil
}

// unreachable reports whether no node has answered at all.
func unreachable(err error) bool {
	return errors.Is(err, client.ErrNoNode) || errors.Is(err, client.ErrCookie) || errors.Is(err, client.ErrCredential)
}

// text, number and on return flags that the command has.
func (s *session) text(flag string) string {
	v, _ := s.command.Flags().GetString(flag)
	return v
}

func (s *session) number(flag string) int {
	v, _ := s.command.Flags().GetInt(flag)
	return v
}

func (s *session) on(flag string) bool {
	v, _ := s.command.Flags().GetBool(flag)
	return v
}

// show prints a result: as JSON where that was asked for, else as human writes
// it, in columns.
func (s *session) show(result any, human func(w io.Writer)) error {
	if wantsJSON(s.command) {
		return s.printJSON(s.stdout, result)
	}
	table := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	human(table)
	return table.Flush()
}

// done prints a sentence, or nothing but an empty object.
func (s *session) done(format string, args ...any) error {
	return s.show(struct{}{}, func(w io.Writer) { fmt.Fprintf(w, format+"\n", args...) })
}

// call calls a method of the session's node. What is refused is told in the words
// of the command.
func call[P, R any](s *session, m api.Method[P, R], p P) (R, error) {
	result, err := m.Call(s.ctx, s, p)
	return result, inWordsOf(s.command, err)
}
