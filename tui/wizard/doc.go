// Package wizard leads through the first run, and through making a wallet later:
// network, data directory, what kind of wallet, words, passphrase, password.
//
// The steps are data: what is said, what may be answered, what makes an answer
// wrong, when a step is left out. A Flow walks them; it is driven by a dialog on
// the dashboard's screen, or by questions and answers on plain lines. Neither
// knows any step.
//
// Secrets are bytes that Wipe overwrites. Words are shown on one screen that is
// cleared when it is left, or, where there are only lines, one after the other in
// the same place of a terminal, each over the one before; never on lines that stay,
// and where there is no terminal not at all. They never reach the clipboard, a log
// or a file.
// The package makes no wallet: it returns what the user decided.
package wizard
