// Package miner searches nonces: a template goes in, a block comes out.
//
// Miner is the long-lived one. Its host hands it functions (Config): where
// templates come from, where blocks go, what became of them. Run starts the
// workers, gives them a new template whenever the virtual state changes and at
// least once a second, and waits for every goroutine before it returns. Solve
// is the other face: one block, one thread, no host.
//
//	         Changes, a second, SetRunning, SetThreads
//	                         │ wake
//	                         ▼
//	Template ──────────▶ Run (one loop) ◀── Fate, once a second
//	                         │ job
//	            ┌────────────┼────────────┐
//	            ▼            ▼            ▼
//	         worker       worker       worker ──▶ Submit
//
// Rules:
//   - A job is used up by its first solution; nobody searches it further and no
//     second block is made from it.
//   - A solution of a template that was replaced meanwhile is still submitted,
//     because the DAG will merge it; one found staleAfter or later is dropped
//     and counted stale.
//   - The package never judges a block, keeps no history beyond its counters,
//     and knows neither chain, node nor wallet. No lock is held while a function
//     of the host runs.
package miner
