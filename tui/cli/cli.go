package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/jio-dag/jio/node"
)

// An app is one run of the command line.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	quiet          atomic.Bool      // the screen is the dashboard's
	jsonLines      atomic.Bool      // remarks are written for machines
	opened         func(*node.Node) // what a test does to a node before it runs; nil elsewhere
}

// Main runs the command line args, whose first is the program's name, and
// returns the exit code. It speaks to the standard streams.
func Main(ctx context.Context, args []string) int {
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	return a.main(ctx, args)
}

// main prepares the process and runs the command line.
func (a *app) main(ctx context.Context, args []string) int {
	syscall.Umask(0o077) // what this program makes is its owner's alone, databases included
	// A core dump would hold the keys of unlocked wallets; where the limit cannot be
	// set there is nothing more to do about it.
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
	return a.run(ctx, args[1:])
}

func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	command := root
	err := node.Recovered("the command line", node.CrashDir(os.TempDir()), func() (err error) {
		command, err = root.ExecuteContextC(ctx)
		return err
	})
	if err != nil {
		a.complain(err, wantsJSON(command))
	}
	return codeOf(err).code
}

// complain tells the user what went wrong: a sentence, or an object when the
// command was asked for JSON.
func (a *app) complain(err error, asJSON bool) {
	c := codeOf(err)
	if asJSON {
		_ = a.printJSON(a.stderr, map[string]any{
			"error": shownError{c.code, c.name, err.Error(), reasonOf(err)},
		})
		return
	}
	a.remark(slog.LevelError, err.Error(), "code", c.code, "name", c.name)
	if is[*usageError](err) && !a.jsonLines.Load() {
		fmt.Fprintln(a.stderr, "Run 'jio --help' to see what there is.")
	}
}

// A shownError is what an error looks like in JSON.
type shownError struct {
	Code    int    `json:"code"`
	Name    string `json:"name"`
	Message string `json:"message"`
	Reason  string `json:"reason,omitempty"` // of a refusal by the node, such as the rule that was broken
}

func wantsJSON(command *cobra.Command) bool {
	if command == nil {
		return false
	}
	f := command.Flags().Lookup("json")
	return f != nil && f.Value.String() == "true"
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "jio",
		Short: "A blockDAG node, miner and wallet in one program",
		Long: "JIO is a blockDAG node and a miner in one program. Without a command it starts the node;\n" +
			"`jio --daemon --network devnet --mine` makes a chain of one's own and mines it.",
		Version:       node.Version,
		Args:          noSuchCommand,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          a.start,
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	addFlags(root.PersistentFlags(), scopeAll)
	addFlags(root.Flags(), scopeStart, scopeMine, scopeScreen)
	root.AddCommand(a.verifyCommand(), a.mineCommand(), a.exportCommand(), a.importCommand(), a.benchCommand(), a.attachCommand(), a.configCommand(), a.versionCommand())
	root.AddCommand(a.onlineCommands()...)
	return root
}

// addFlags declares the settings of some scopes.
func addFlags(flags *pflag.FlagSet, scopes ...scope) {
	for i := range settings {
		s := &settings[i]
		for _, scope := range scopes {
			if s.scope == scope {
				addFlag(flags, s)
			}
		}
	}
}

func addFlag(flags *pflag.FlagSet, s *setting) {
	standard, err := s.standard()
	if err != nil {
		standard = "" // said when it is needed
	}
	f := flags.VarPF(&flagValue{kind: s.kind, text: standard}, s.name, "", s.usage)
	if s.kind == kindSwitch {
		f.NoOptDefVal = "true"
		f.DefValue = "" // help need not say that a switch is off
	}
}

func flagError(command *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return usage(err)
	}
	var known []string
	command.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
	return usage(fmt.Errorf("%w%s", err, didYouMean("--"+unknown.GetSpecifiedName(), known)))
}

// noSuchCommand refuses words after a command that only groups others.
func noSuchCommand(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var known []string
	for _, c := range command.Commands() {
		known = append(known, c.Name())
	}
	return usage(fmt.Errorf("unknown command %q after %q%s", args[0], command.CommandPath(), didYouMean(args[0], known)))
}

// wants returns an argument check for so many arguments, named for people.
func wants(names ...string) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		if len(names) == 0 {
			return usage(fmt.Errorf("%q takes no arguments, and %q was given", command.CommandPath(), args[0]))
		}
		return usage(fmt.Errorf("%q wants %s, and %d arguments were given", command.CommandPath(), strings.Join(names, " "), len(args)))
	}
}

// resolve settles the settings for a command, and warns of variables that mean
// nothing.
func (a *app) resolve(command *cobra.Command) (resolution, error) {
	r, err := resolve(command.Flags())
	a.chooseLines(command, r)
	for _, warning := range strayVariables(os.Environ()) {
		a.remark(slog.LevelWarn, warning)
	}
	return r, usage(err)
}

func (a *app) printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func addJSON(command *cobra.Command) { command.Flags().Bool("json", false, "print the result as JSON") }
