// Package tui is the dashboard: a Bubble Tea program over a node.
//
// It sees the node through one Backend, the immutable status of the moment and
// the methods of the API, and nothing deeper. The node of the same process and
// one that is reached over the network look alike.
//
//	keys, mouse ──▶ Model ──▶ topmost dialog, else page ──▶ commands ──▶ Backend
//	4 times a second: status ──▶ page.Tick            ◀── answers ◀────────┘
//	a frame: page and dialogs draw cells on one canvas ──▶ lines
//
// The Model routes and does what pages ask of their host; it holds no data of
// theirs. No block is a message: whatever the block rate, a frame is made from a
// sample, at most four times a second. Update and View never wait.
package tui
