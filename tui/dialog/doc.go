// Package dialog holds what opens above a page: help, questions, prompts, the
// command line, the list of events, and the detail of a block, a transaction or
// an address.
//
// A dialog is a page.Page that is drawn in a box in the middle and scrolls when
// it is taller than the screen. Pages do not know dialogs: they send a message,
// and For makes the dialog that answers it. Escape closes every one of them and
// never does anything else; a question's answer is No until the user chooses
// Yes. Nothing in it does I/O in Update or Draw.
package dialog
