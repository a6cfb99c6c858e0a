package component

import (
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/jio-dag/jio/tui/style"
)

// A Field is a line of text that is being typed. Its bytes are wiped when they
// are replaced or cleared, because some fields hold secrets.
type Field struct {
	Secret bool // shown masked
	Max    int  // characters; 0 means 256
	text   []byte
	caret  int // in bytes
}

// Insert puts typed text at the caret and reports whether all of it was taken.
// What takes no cell is left out.
func (f *Field) Insert(text string) bool {
	for _, r := range text {
		if !f.take(r) {
			return false
		}
	}
	return true
}

// take reports whether there was room for a character.
func (f *Field) take(r rune) bool {
	if !printable(r) {
		return true
	}
	if f.Len() >= f.limit() {
		return false
	}
	f.insert(r)
	return true
}

func (f *Field) limit() int {
	if f.Max == 0 {
		return 256
	}
	return f.Max
}

func (f *Field) insert(r rune) {
	var encoded [utf8.UTFMax]byte
	n := utf8.EncodeRune(encoded[:], r)
	next := make([]byte, 0, max(64, 2*(len(f.text)+n)))
	next = append(next, f.text[:f.caret]...)
	next = append(next, encoded[:n]...)
	next = append(next, f.text[f.caret:]...)
	clear(f.text)
	f.text = next
	f.caret += n
}

// Back removes the character before the caret.
func (f *Field) Back() {
	_, n := utf8.DecodeLastRune(f.text[:f.caret])
	f.remove(f.caret-n, f.caret)
}

// Delete removes the character after the caret.
func (f *Field) Delete() {
	_, n := utf8.DecodeRune(f.text[f.caret:])
	f.remove(f.caret, f.caret+n)
}

func (f *Field) remove(from, to int) {
	if from == to {
		return
	}
	copy(f.text[from:], f.text[to:])
	clear(f.text[len(f.text)-(to-from):])
	f.text = f.text[:len(f.text)-(to-from)]
	f.caret = from
}

// Left moves the caret by one character.
func (f *Field) Left() {
	_, n := utf8.DecodeLastRune(f.text[:f.caret])
	f.caret -= n
}

// Right moves the caret by one character.
func (f *Field) Right() {
	_, n := utf8.DecodeRune(f.text[f.caret:])
	f.caret += n
}

// Home moves the caret to the beginning.
func (f *Field) Home() { f.caret = 0 }

// End moves the caret to the end.
func (f *Field) End() { f.caret = len(f.text) }

// Len returns the number of characters.
func (f *Field) Len() int { return utf8.RuneCount(f.text) }

// Text returns what was typed. A secret is taken by Bytes.
func (f *Field) Text() string { return string(f.text) }

// Bytes returns what was typed; it belongs to the field.
func (f *Field) Bytes() []byte { return f.text }

// Set replaces the text and puts the caret behind it.
func (f *Field) Set(text string) {
	f.Clear()
	f.Insert(text)
}

// SetBytes is Set for a text that may be a secret.
func (f *Field) SetBytes(text []byte) {
	f.Clear()
	for len(text) > 0 {
		r, length := utf8.DecodeRune(text)
		f.take(r)
		text = text[length:]
	}
}

// Clear wipes the text.
func (f *Field) Clear() {
	clear(f.text[:cap(f.text)])
	f.text, f.caret = f.text[:0], 0
}

// Draw draws the field over the rows of an area; a focused one shows the caret, and
// the text around it when not all of it fits, else the beginning is shown.
func (f *Field) Draw(a Area, focus bool, g *style.Glyphs) {
	shown, caret := f.shown(g), utf8.RuneCount(f.text[:f.caret])
	first, cell := 0, 0
	if focus {
		first = clamp(caret-a.Width*a.Height+2, 0, len(shown))
	}
	put := func(token style.Token, r rune) {
		a.Put(cell%max(a.Width, 1), cell/max(a.Width, 1), token, r)
		cell++
	}
	for i, r := range shown[first:] {
		if focus && first+i == caret {
			put(style.Key, g.Caret)
		}
		put(style.Strong, r)
	}
	if focus && caret == len(shown) {
		put(style.Key, g.Caret)
	}
}

func (f *Field) shown(g *style.Glyphs) []rune {
	if !f.Secret {
		return []rune(string(f.text))
	}
	masked := make([]rune, f.Len())
	for i := range masked {
		masked[i] = g.Mask
	}
	return masked
}

// Edit lets a key change the field. Keys that do not change text do nothing.
func Edit(f *Field, key tea.KeyMsg) {
	switch key.Type {
	case tea.KeyRunes, tea.KeySpace:
		f.Insert(string(key.Runes))
	case tea.KeyBackspace:
		f.Back()
	case tea.KeyDelete:
		f.Delete()
	case tea.KeyLeft:
		f.Left()
	case tea.KeyRight:
		f.Right()
	case tea.KeyHome, tea.KeyCtrlA:
		f.Home()
	case tea.KeyEnd, tea.KeyCtrlE:
		f.End()
	case tea.KeyCtrlU:
		f.Clear()
	}
}
