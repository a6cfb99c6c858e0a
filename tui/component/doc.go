// Package component holds the parts that pages are made of: the canvas, panels,
// tables, graphs, fields, and the picture of the DAG.
//
// A part is a plain function of values and an Area of the canvas. The canvas is
// a grid of cells, each one rune wide and with a token for its looks; it takes
// no control character, no escape, no bidirectional mark and no wide or
// combining rune, whoever the text came from. What is drawn outside an Area is
// lost. So no part can break the frame, and none has to measure a string that
// holds escapes.
//
// Nothing here does I/O, reads a clock or keeps a secret.
package component
