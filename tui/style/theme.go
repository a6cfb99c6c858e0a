package style

import "github.com/charmbracelet/lipgloss"

// A Theme gives tokens their looks. Colours are sRGB in hex; "" is the
// terminal's own.
type Theme struct {
	Name  string
	Dark  bool // made for a dark background
	Looks [tokens]Look
}

// A Look is how the cells of a token are painted.
type Look struct {
	Foreground, Background   string
	Bold, Reverse, Underline bool
}

// Themes are all there are, in the order in which a user goes through them. The
// last has no colours.
var Themes = []*Theme{&dark, &light, &darkSafe, &lightSafe, &none}

// ThemeByName returns a theme, nil when there is none of that name.
func ThemeByName(name string) *Theme {
	for _, t := range Themes {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// code is black on white, so that cameras can read what is drawn with it.
var code = Look{Foreground: "#000000", Background: "#ffffff"}

var dark = Theme{Name: "dark", Dark: true, Looks: [tokens]Look{
	Dim:     {Foreground: "#9a9aa6"},
	Strong:  {Bold: true},
	Title:   {Foreground: "#c9d1ff", Bold: true},
	Border:  {Foreground: "#6c6f85"},
	Focus:   {Foreground: "#8fb4ff"},
	Key:     {Foreground: "#8fb4ff", Bold: true},
	Tab:     {Foreground: "#101018", Background: "#8fb4ff", Bold: true},
	Cursor:  {Foreground: "#ffffff", Background: "#34406e"},
	Chain:   {Foreground: "#7fd1c7", Bold: true},
	Blue:    {Foreground: "#7aa7ff"},
	Red:     {Foreground: "#ff7a85"},
	Open:    {Foreground: "#c4c4cc"},
	Sink:    {Foreground: "#f4d06f", Bold: true},
	Edge:    {Foreground: "#6c6f85"},
	Good:    {Foreground: "#86d992"},
	Warn:    {Foreground: "#f0c060"},
	Bad:     {Foreground: "#ff7a85", Bold: true},
	Money:   {Foreground: "#f4e3b0"},
	Mainnet: {Foreground: "#101018", Background: "#86d992", Bold: true},
	Testing: {Foreground: "#101018", Background: "#f0c060", Bold: true},
	Graph:   {Foreground: "#7fd1c7"},
	Code:    code,
}}

var light = Theme{Name: "light", Looks: [tokens]Look{
	Dim:     {Foreground: "#5c5f6e"},
	Strong:  {Bold: true},
	Title:   {Foreground: "#23307a", Bold: true},
	Border:  {Foreground: "#80838f"},
	Focus:   {Foreground: "#2a52c8"},
	Key:     {Foreground: "#2a52c8", Bold: true},
	Tab:     {Foreground: "#ffffff", Background: "#2a52c8", Bold: true},
	Cursor:  {Foreground: "#101018", Background: "#cfdcff"},
	Chain:   {Foreground: "#0a6b60", Bold: true},
	Blue:    {Foreground: "#1f4fd0"},
	Red:     {Foreground: "#b3162c"},
	Open:    {Foreground: "#55586a"},
	Sink:    {Foreground: "#7a5200", Bold: true},
	Edge:    {Foreground: "#80838f"},
	Good:    {Foreground: "#1d6b2c"},
	Warn:    {Foreground: "#7a5200"},
	Bad:     {Foreground: "#b3162c", Bold: true},
	Money:   {Foreground: "#4a3a00"},
	Mainnet: {Foreground: "#ffffff", Background: "#1d6b2c", Bold: true},
	Testing: {Foreground: "#ffffff", Background: "#7a5200", Bold: true},
	Graph:   {Foreground: "#0a6b60"},
	Code:    code,
}}

// The safe themes keep apart what people with deuteranopia, protanopia or
// tritanopia see alike: blue against orange, light against dark.
var darkSafe = variant(dark, "dark-safe", map[Token]Look{
	Chain: {Foreground: "#ffffff", Bold: true},
	Blue:  {Foreground: "#6db6ff"},
	Red:   {Foreground: "#ffa64d"},
	Open:  {Foreground: "#a8a8b0"},
	Sink:  {Foreground: "#ffff6d", Bold: true},
	Good:  {Foreground: "#6db6ff"},
	Warn:  {Foreground: "#ffff6d"},
	Bad:   {Foreground: "#ffa64d", Bold: true, Underline: true},
	Graph: {Foreground: "#6db6ff"},
})

var lightSafe = variant(light, "light-safe", map[Token]Look{
	Chain: {Foreground: "#000000", Bold: true},
	Blue:  {Foreground: "#004a9f"},
	Red:   {Foreground: "#9a4a00"},
	Open:  {Foreground: "#5c5f6e"},
	Sink:  {Foreground: "#5b2a86", Bold: true},
	Good:  {Foreground: "#004a9f"},
	Warn:  {Foreground: "#5b2a86"},
	Bad:   {Foreground: "#9a4a00", Bold: true, Underline: true},
	Graph: {Foreground: "#004a9f"},
})

// none tells by bold, reverse and underline alone.
var none = Theme{Name: "none", Dark: true, Looks: [tokens]Look{
	Strong:  {Bold: true},
	Title:   {Bold: true},
	Key:     {Bold: true},
	Tab:     {Reverse: true},
	Cursor:  {Reverse: true},
	Chain:   {Bold: true},
	Sink:    {Bold: true, Underline: true},
	Bad:     {Bold: true, Underline: true},
	Mainnet: {Reverse: true},
	Testing: {Reverse: true},
	Code:    {},
}}

// variant returns a theme that differs from another in some looks.
func variant(of Theme, name string, looks map[Token]Look) Theme {
	of.Name = name
	for token, look := range looks {
		of.Looks[token] = look
	}
	return of
}

// style returns the look as the library paints it.
func (l Look) style(r *lipgloss.Renderer) lipgloss.Style {
	s := r.NewStyle().Bold(l.Bold).Reverse(l.Reverse).Underline(l.Underline)
	if l.Foreground != "" {
		s = s.Foreground(lipgloss.Color(l.Foreground))
	}
	if l.Background != "" {
		s = s.Background(lipgloss.Color(l.Background))
	}
	return s
}
