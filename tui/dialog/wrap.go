package dialog

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
