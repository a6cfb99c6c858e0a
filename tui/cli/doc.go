// Package cli is the command line: it reads flags, environment and the
// configuration file, starts a node or runs one command on its data directory,
// and turns whatever went wrong into a sentence and an exit code.
//
// One table of settings feeds the flags, the JIO_* variables, the keys of
// jio.toml, `jio config show` and the README. The package wires nothing that
// package node can wire, and ends the process nowhere: Main returns the exit
// code.
package cli
