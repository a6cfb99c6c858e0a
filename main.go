// Command jio is a blockDAG node, a miner and a wallet in one program, headless or
// behind a dashboard in the terminal.
package main

import (
	"context"
	"os"

	"github.com/jio-dag/jio/tui/cli"
)

func main() { os.Exit(run(context.Background(), os.Args)) }

// run is the program without its end: the exit code is returned.
func run(ctx context.Context, args []string) int { return cli.Main(ctx, args) }
