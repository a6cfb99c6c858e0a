// Package page will hold the pages of the dashboard. Nothing in it does I/O in Update or View.
package page
