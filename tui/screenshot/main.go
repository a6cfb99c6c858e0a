package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	out := flag.String("o", filepath.Join("tui", "screenshot", "dashboard.svg"), "where the picture goes")
	columns := flag.Int("columns", 160, "width of the terminal")
	rows := flag.Int("rows", 48, "height of the terminal")
	life := flag.Duration("for", 40*time.Second, "how long the nodes live before the picture is taken")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := picture(ctx, *out, *columns, *rows, *life); err != nil {
		fmt.Fprintln(os.Stderr, "screenshot:", err)
		os.Exit(1)
	}
}

// picture runs the nodes and writes the screen of the first.
func picture(ctx context.Context, out string, columns, rows int, life time.Duration) (err error) {
	dir, err := os.MkdirTemp("", "jio-screenshot")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program := filepath.Join(dir, "jio")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "github.com/jio-dag/jio")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building jio: %w", err)
	}
	pair, err := startPair(ctx, program, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pair.stop()) }()
	if err := pair.mine(ctx); err != nil {
		return err
	}
	rivals := make(chan error, 1)
	rivalry, end := context.WithCancel(ctx)
	go func() { rivals <- pair.rival(rivalry) }()
	defer func() {
		end()
		if failed := <-rivals; !errors.Is(failed, context.Canceled) {
			err = errors.Join(err, failed)
		}
	}()
	if err := pause(ctx, life); err != nil {
		return err
	}
	seen, err := look(ctx, exec.CommandContext(ctx, program, pair.first.flags("attach")...), columns, rows)
	if err != nil {
		return err
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	return errors.Join(writeSVG(f, seen), f.Close())
}
