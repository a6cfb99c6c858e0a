package cli

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the program as its users do: whole stories, on real
// processes, with blocks made on demand. In a script, jio is the program, and
//
//	node NAME FLAG…          starts a node on the data directory NAME and waits for it
//	stop NAME                stops it and waits for its end
//	on NAME COMMAND…         runs a command on the node of NAME; ! says that it must fail
//	code N                   is the exit code that the last command must have had
//	keep VARIABLE PATH       sets a variable from the JSON that the last command printed
//	want PATH OPERATOR VALUE holds that JSON against a value: ==, !=, <, >, ~ (a pattern)
//	await PATH OPERATOR VALUE NAME COMMAND…
//	                         runs a command on the node of NAME until its JSON is so
//
// PATH is a way through the JSON, such as balance.available or entries.0.id;
// len stands for the length of a list.
func TestScripts(t *testing.T) {
	bin := t.TempDir()
	program, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(bin, "jio")); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv(asProgram, "1")
			env.Values[outcomeKey] = new(outcome)
			env.Values[nodesKey] = make(map[string]*exec.Cmd)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"node": scriptNode, "stop": scriptStop, "on": scriptOn, "code": scriptCode, "keep": scriptKeep, "want": scriptWant,
			"await": scriptAwait,
		},
	})
}

// What a script keeps: the outcome of its last command, and its nodes by name.
const (
	outcomeKey = "outcome"
	nodesKey   = "nodes"
)

// scriptArgs adds to a command line which network it is for, and where.
func scriptArgs(ts *testscript.TestScript, name string, args []string) []string {
	return append(slices.Clone(args), "--network", "simnet", "--datadir", ts.MkAbs(name))
}

func scriptNode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: node NAME FLAG…")
	}
	flags := append([]string{"--daemon", "--log-level", "warn"}, args[1:]...)
	p := exec.Command(os.Args[0], scriptArgs(ts, args[0], flags)...)
	p.Env = []string{"HOME=" + ts.Getenv("HOME"), asProgram + "=1"}
	log, err := os.Create(ts.MkAbs(args[0] + ".log"))
	ts.Check(err)
	defer log.Close() // the node has its own
	p.Stderr = log
	ts.Check(p.Start())
	ts.Value(nodesKey).(map[string]*exec.Cmd)[args[0]] = p
	ts.Defer(func() { _ = p.Process.Kill() }) // an error says that it has ended
	scriptOn(ts, false, []string{args[0], "status", "--json", "--wait"})
}

func scriptStop(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: stop NAME")
	}
	scriptOn(ts, false, []string{args[0], "stop"})
	ts.Check(ts.Value(nodesKey).(map[string]*exec.Cmd)[args[0]].Wait())
}

func scriptOn(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: on NAME COMMAND…")
	}
	command := scriptArgs(ts, args[0], args[1:])
	err := ts.Exec("jio", command...)
	out := ts.Value(outcomeKey).(*outcome)
	*out = outcome{stdout: ts.ReadFile("stdout"), stderr: ts.ReadFile("stderr")}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		out.code = exit.ExitCode()
	}
	if neg != (err != nil) {
		log, _ := os.ReadFile(ts.MkAbs(args[0] + ".log")) // there is none before the node starts
		ts.Fatalf("jio %s: %v\n%s", strings.Join(args[1:], " "), err, log)
	}
}

func scriptCode(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(strings.Join(args, ""))
	if err != nil || neg {
		ts.Fatalf("usage: code N")
	}
	if got := ts.Value(outcomeKey).(*outcome).code; got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func scriptKeep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep VARIABLE PATH")
	}
	ts.Setenv(args[0], scriptValue(ts, args[1]))
}

func scriptWant(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: want PATH OPERATOR VALUE")
	}
	if got, holds := scriptHolds(ts, args); !holds {
		ts.Fatalf("%s is %s, want %s %s", args[0], got, args[1], args[2])
	}
}

// awaited bounds how long something is waited for, on a slow machine too.
const awaited = 2 * time.Minute

func scriptAwait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 5 {
		ts.Fatalf("usage: await PATH OPERATOR VALUE NAME COMMAND…")
	}
	for end := time.Now().Add(awaited); ; {
		scriptOn(ts, false, args[3:])
		got, holds := scriptHolds(ts, args[:3])
		if holds {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("%s is still %s, want %s %s", args[0], got, args[1], args[2])
		}
	}
}

// scriptHolds holds a value against what a script wants of it: a path, an
// operator and another value.
func scriptHolds(ts *testscript.TestScript, args []string) (got string, holds bool) {
	got = scriptValue(ts, args[0])
	switch args[1] {
	case "==":
		holds = got == args[2]
	case "!=":
		holds = got != args[2]
	case "~":
		holds = regexp.MustCompile(args[2]).MatchString(got)
	case "<", ">":
		a, err := strconv.ParseFloat(got, 64)
		ts.Check(err)
		b, err := strconv.ParseFloat(args[2], 64)
		ts.Check(err)
		holds = args[1] == "<" && a < b || args[1] == ">" && a > b
	default:
		ts.Fatalf("no operator %q", args[1])
	}
	return got, holds
}

// scriptValue walks through the JSON that the last command printed.
func scriptValue(ts *testscript.TestScript, path string) string {
	out := ts.Value(outcomeKey).(*outcome)
	text := out.stdout
	if out.code != 0 {
		text = out.stderr
	}
	var at any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&at); err != nil {
		ts.Fatalf("%v in %s", err, text)
	}
	for step := range strings.SplitSeq(path, ".") {
		at = scriptStep(ts, at, step)
	}
	if plain, isText := at.(string); isText {
		return plain
	}
	whole, err := json.Marshal(at)
	ts.Check(err)
	return string(whole)
}

func scriptStep(ts *testscript.TestScript, at any, step string) any {
	switch v := at.(type) {
	case map[string]any:
		if inner, ok := v[step]; ok {
			return inner
		}
	case []any:
		if step == "len" {
			return len(v)
		}
		if i, err := strconv.Atoi(step); err == nil && i < len(v) {
			return v[i]
		}
	}
	ts.Fatalf("there is no %q in %v", step, at)
	return nil
}
