// Package component will hold the reusable parts of pages. Nothing in it does I/O in Update or View.
package component
