package style

// Glyphs are the characters a screen is drawn with. Each is one cell wide.
type Glyphs struct {
	Name                    string
	Chain, Blue, Red        rune // kinds of blocks
	Open, Sink              rune
	Lines                   [16]rune // by which of up, down, left and right meet
	TopLeft, TopRight       rune     // corners of a panel
	BottomLeft, BottomRight rune
	Bars                    []rune // of a small graph, the lowest first
	Full, Empty             rune   // of a progress bar
	Ellipsis                rune
	Pointer                 rune // before the selected row
	Caret                   rune // where typing goes
	Mask                    rune // for a character of a secret
	UpperHalf               rune // halves of a cell, for codes; 0 where there are none
	LowerHalf, Whole        rune
}

// The directions that a line may leave a cell in, as bits of an index into
// Glyphs.Lines.
const (
	Up = 1 << iota
	Down
	Left
	Right
)

// Unicode is the set for terminals whose locale has it.
var Unicode = Glyphs{
	Name:  "unicode",
	Chain: '◆', Blue: 'B', Red: 'R', Open: '○', Sink: '▶',
	Lines: [16]rune{
		0: ' ', Up: '│', Down: '│', Up | Down: '│', Left: '─', Right: '─', Left | Right: '─',
		Up | Left: '╯', Up | Right: '╰', Down | Left: '╮', Down | Right: '╭',
		Up | Down | Left: '┤', Up | Down | Right: '├', Left | Right | Up: '┴', Left | Right | Down: '┬',
		Up | Down | Left | Right: '┼',
	},
	TopLeft: '╭', TopRight: '╮', BottomLeft: '╰', BottomRight: '╯',
	Bars: []rune("▁▂▃▄▅▆▇█"),
	Full: '█', Empty: '░',
	Ellipsis: '…', Pointer: '>', Caret: '▏', Mask: '•',
	UpperHalf: '▀', LowerHalf: '▄', Whole: '█',
}

// ASCII is the set for every other terminal, and for locales that show some
// characters of Unicode two cells wide.
var ASCII = Glyphs{
	Name:  "ascii",
	Chain: '*', Blue: 'B', Red: 'R', Open: 'o', Sink: '>',
	Lines: [16]rune{
		0: ' ', Up: '|', Down: '|', Up | Down: '|', Left: '-', Right: '-', Left | Right: '-',
		Up | Left: '+', Up | Right: '+', Down | Left: '+', Down | Right: '+',
		Up | Down | Left: '+', Up | Down | Right: '+', Left | Right | Up: '+', Left | Right | Down: '+',
		Up | Down | Left | Right: '+',
	},
	TopLeft: '+', TopRight: '+', BottomLeft: '+', BottomRight: '+',
	Bars: []rune("_.-=+*#"),
	Full: '#', Empty: '-',
	Ellipsis: '~', Pointer: '>', Caret: '_', Mask: '*',
}
