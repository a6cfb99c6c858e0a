package style

// A Token is the meaning of a cell on the screen.
type Token uint8

// The tokens. Plain is the terminal's own foreground.
const (
	Plain   Token = iota
	Dim           // what is there to be found, not to be read first: labels, units
	Strong        // the figure or the name that matters
	Title         // of a panel
	Border        // around a panel
	Focus         // the border of the panel that has the keys
	Key           // a key that can be pressed
	Tab           // the page that is shown
	Cursor        // the selected row
	Chain         // a block of the selected chain
	Blue          // a merged blue
	Red           // a merged red
	Open          // a block that nothing has merged yet
	Sink          // the tip of the selected chain
	Edge          // from a block to its parent
	Good          // it went well, it is on
	Warn          // it needs a look
	Bad           // it failed
	Money         // an amount
	Mainnet       // the network's name where coins have value
	Testing       // the network's name where they have none
	Graph         // bars and curves
	Code          // black on white whatever the theme, for codes that cameras read
	tokens
)
