package dialog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/node/api"
	"github.com/jio-dag/jio/tui/component"
	"github.com/jio-dag/jio/tui/page"
	"github.com/jio-dag/jio/tui/style"
)

// A command is the line after ":".
type command struct {
	reader // of those there are
	field  component.Field
	failed string
}

// NewCommand returns the dialog that takes a command.
func NewCommand() page.Page { return &command{} }

// Title implements page.Page.
func (d *command) Title() string { return "Command" }

// Typing implements page.Page.
func (d *command) Typing() bool { return true }

// Keys implements page.Page.
func (d *command) Keys() []page.Binding {
	keys := []page.Binding{
		{Keys: []string{"enter"}, Short: "run", Help: "Run the command."},
		{Keys: []string{"tab"}, Short: "complete", Help: "Complete the command's name."},
		keyCancel,
	}
	if d.Long {
		keys = append(keys, page.Binding{Keys: []string{"up", "down", "pgup", "pgdown"}, Short: "read", Help: "Read on in the list of commands, or back."})
	}
	return keys
}

// Update implements page.Page.
func (d *command) Update(c page.Context, msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	switch key.String() {
	case "esc":
		return closeDialog
	case "enter":
		return d.run(c)
	case "tab":
		d.complete()
	case "up", "down", "pgup", "pgdown":
		d.key(key.String())
	default:
		d.failed, d.Top = "", 0
		component.Edit(&d.field, key)
	}
	return nil
}

func (d *command) run(c page.Context) tea.Cmd {
	words := strings.Fields(d.field.Text())
	if len(words) == 0 {
		return closeDialog
	}
	for _, v := range verbs() {
		if v.name != words[0] {
			continue
		}
		cmd, err := v.run(c, words[1:])
		if errors.Is(err, errArguments) {
			err = fmt.Errorf("usage: %s", usageOf(v, words))
		}
		if err != nil {
			d.failed = err.Error()
			return nil
		}
		return tea.Sequence(closeDialog, cmd)
	}
	d.failed = fmt.Sprintf("there is no command %q; below are those there are", words[0])
	return nil
}

// complete fills in the name when only one begins with what was typed.
func (d *command) complete() {
	if found := d.begun(); len(found) == 1 {
		d.field.Set(found[0].name + " ")
	}
}

// begun are the commands that begin with what was typed, those of the wallet once
// that is typed.
func (d *command) begun() (found []verb) {
	typed := strings.TrimLeft(d.field.Text(), " ")
	name, rest, more := strings.Cut(typed, " ")
	all := verbs()
	if more && name == "wallet" {
		all, name = walletVerbs(), "wallet "+rest
	}
	for _, v := range all {
		if strings.HasPrefix(v.name, name) || more && strings.HasPrefix(name, v.name) {
			found = append(found, v)
		}
	}
	return found
}

// list says what there is of what was typed, all where nothing begins so.
func (d *command) list() (lines []component.Cell) {
	found := d.begun()
	if len(found) == 0 {
		found = verbs()
	}
	for _, v := range found {
		lines = append(lines, component.Cell{Text: fmt.Sprintf("%-16s  %s", v.name, v.help), Token: style.Plain})
		if v.usage != "" {
			lines = append(lines, component.Cell{Text: fmt.Sprintf("%-16s  %s", "", v.name+" "+v.usage), Token: style.Dim})
		}
	}
	return lines
}

// Draw implements page.Page.
func (d *command) Draw(c page.Context, a component.Area) {
	d.lines = d.list()
	failed := component.Wrap(d.failed, min(108, a.Width)-4)
	a = box(c, a, "Command", 108, len(d.lines)+len(failed)+3)
	x := a.Print(0, 0, style.Key, ": ")
	d.field.Draw(a.Sub(x, 0, a.Width-x, 1), true, c.Glyphs)
	for i, line := range failed {
		a.Print(0, 1+i, style.Bad, line)
	}
	_, list := a.Top(1 + len(failed))
	d.draw(list)
}

func mineVerb(c page.Context, args []string) (tea.Cmd, error) {
	if len(args) == 0 || len(args) == 1 && args[0] == "status" {
		return page.Send(page.Go{Title: "Mine"}), nil
	}
	if len(args) == 1 && (args[0] == "on" || args[0] == "off") {
		on := args[0] == "on"
		return page.Do(c, api.SetMiner, api.MinerParams{Mining: &on}, func(api.Miner) string { return "mining is " + args[0] }), nil
	}
	if len(args) != 2 {
		return nil, errArguments
	}
	switch args[0] {
	case "to":
		return page.Do(c, api.SetMiner, api.MinerParams{PayTo: &args[1]}, func(m api.Miner) string { return "mining pays " + m.PayTo }), nil
	case "threads", "blocks":
		n, err := strconv.Atoi(args[1])
		if err != nil || n < 1 {
			return nil, errArguments
		}
		if args[0] == "blocks" {
			return page.Do(c, api.Generate, api.GenerateParams{Blocks: uint64(n)}, func(g api.Generated) string { return made(g.Blocks) }), nil
		}
		return page.Do(c, api.SetMiner, api.MinerParams{Threads: &n}, func(m api.Miner) string { return fmt.Sprintf("%d of %d threads", m.Threads, m.MaxThreads) }), nil
	}
	return nil, errArguments
}

func made(blocks uint64) string {
	if blocks == 1 {
		return "made 1 block"
	}
	return fmt.Sprintf("made %d blocks", blocks)
}
