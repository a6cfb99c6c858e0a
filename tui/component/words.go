package component

import (
	"bytes"
	"fmt"
	"strings"
)

// Numbered lists words that stand between spaces with their numbers, in as many
// columns, at most four, as fit in so many cells.
func Numbered(words []byte, width int) (lines []string) {
	list := bytes.Fields(words)
	columns := max(1, min(4, width/15))
	rows := (len(list) + columns - 1) / columns
	for y := range rows {
		var line strings.Builder
		for x := range columns {
			if i := x*rows + y; i < len(list) {
				fmt.Fprintf(&line, "%2d %-12s", i+1, list[i])
			}
		}
		lines = append(lines, line.String())
	}
	return lines
}
