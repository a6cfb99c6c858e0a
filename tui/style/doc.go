// Package style says how things look: semantic tokens for what a cell means,
// themes that give tokens colours, and glyph sets for terminals that have more
// or fewer characters.
//
// A token is never the only way to tell two things apart: the letter or the
// shape differs as well. No theme paints the terminal's own background, so that
// every theme is either for dark or for light terminals, and a contrast test
// holds each against both ends of that range.
//
// The package reads no environment and writes nothing: the program says which
// colour profile the terminal has and which glyphs its locale can show.
package style
