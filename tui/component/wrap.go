package component

import "strings"

func words(text string, longest int) (out []string) {
	for _, w := range strings.Fields(text) {
		for Width(w) > longest {
			head := Head(w, longest)
			out, w = append(out, head), w[len(head):]
		}
		out = append(out, w)
	}
	return out
}

// Head returns as much of the beginning of a text as fits into so many cells, at
// least its first rune.
func Head(text string, cells int) string {
	for i, r := range text {
		if printable(r) {
			cells--
		}
		if cells < 0 && i > 0 {
			return text[:i]
		}
	}
	return text
}

// Wrap breaks text into lines of at most so many cells, between words. Only a word
// that is longer than a line, such as an address, is broken itself.
func Wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range words(text, max(1, width)) {
		if line != "" && Width(line)+1+Width(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
