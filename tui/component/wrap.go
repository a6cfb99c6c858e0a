package component

import "strings"

// longWord is where a word without a space is broken, so that a hash or an
// address in a sentence stays readable in a narrow dialog.
const longWord = 60

func words(text string) (out []string) {
	for _, w := range strings.Fields(text) {
		for len(w) > longWord {
			out, w = append(out, w[:longWord]), w[longWord:]
		}
		out = append(out, w)
	}
	return out
}

// Wrap breaks text into lines of at most so many cells, between words.
func Wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range words(text) {
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
