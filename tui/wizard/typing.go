package wizard

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// wordsHint says while the words of a wallet are typed what is wrong with them, and
// which words begin as the last one does.
func wordsHint(h Host, value []byte) string {
	lower := bytes.ToLower(value)
	defer clear(lower)
	words := bytes.Fields(lower)
	for i, word := range words {
		matches := h.Matches(word)
		switch last := i == len(words)-1 && !endsInSpace(value); {
		case slices.ContainsFunc(matches, func(match string) bool { return match == string(word) }):
		case !last || len(matches) == 0:
			return fmt.Sprintf("word %d is not in the list", i+1)
		default:
			return fmt.Sprintf("word %d: %s", i+1, strings.Join(matches[:min(6, len(matches))], " "))
		}
	}
	switch n := len(words); n {
	case 0:
		return ""
	case 12, 15, 18, 21, 24:
		if err := h.CheckWords(value); err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%d words, and they add up", n)
	default:
		return fmt.Sprintf("%d words", n)
	}
}

// completed adds the rest of the last word where only one word begins like it.
func completed(h Host, value []byte) []byte {
	lower := bytes.ToLower(value)
	defer clear(lower)
	words := bytes.Fields(lower)
	if len(words) == 0 || endsInSpace(value) {
		return value
	}
	last := words[len(words)-1]
	matches := h.Matches(last)
	if len(matches) != 1 {
		return value
	}
	return append(append(value, matches[0][len(last):]...), ' ')
}

func endsInSpace(value []byte) bool { return len(value) > 0 && value[len(value)-1] == ' ' }
