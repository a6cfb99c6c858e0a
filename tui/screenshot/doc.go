// Command screenshot takes the picture of the dashboard that the README shows:
//
//	go run ./tui/screenshot [-o tui/screenshot/dashboard.svg]
//
// It builds jio, runs two nodes of devnet on this machine, of which one mines, adds
// blocks that know nothing of each other, as where many mine, opens `jio attach` on an
// emulated terminal, and writes what is seen there as SVG. Nothing is drawn by
// hand. All it leaves behind is the picture.
package main
