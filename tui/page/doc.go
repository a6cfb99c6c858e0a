// Package page holds the pages of the dashboard: Home, DAG, Wallet, Send, Mine,
// Peers, Mempool, Explorer and Logs.
//
// A Page draws a rectangle from what it knows and from the status of the node,
// and turns keys into commands. It knows nothing of the terminal, of other pages
// or of how calls reach the node: commands go through Ask, and their answers
// come back as messages. Neither Update nor Draw does I/O, waits or reads a
// clock: the time comes with the Context.
package page
