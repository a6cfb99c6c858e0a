// Package dialog will hold the dialogs above the pages. Nothing in it does I/O in Update or View.
package dialog
