// Package style will hold the semantic colour tokens and styles. Nothing in it does I/O in Update or View.
package style
