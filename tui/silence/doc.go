// Package silence keeps a library from asking the terminal for its colours
// whenever the program starts.
//
// Bubble Tea 1 does so in its init, whatever the command: the question would
// stand before every answer of a command, and a terminal that does not know it
// would be waited for. The library asks no terminal that is dumb, so for the
// time of the initialisation it sees one.
//
// Go initialises the packages whose imports are ready in the order of their paths
// (the language's specification, "Program initialization"). This package needs
// the standard library alone; the library needs golang.org/x/sys, whose path is
// behind. So it comes first, as long as it imports nothing else.
package silence
