package node

import (
	"path/filepath"
	"testing"
)

func TestDefaultPathsFollowXDG(t *testing.T) {
	home := t.TempDir()
	for _, c := range []struct {
		name, variable, value, want string
		path                        func() (string, error)
	}{
		{"data", "XDG_DATA_HOME", "/elsewhere", "/elsewhere/jio", DefaultDataDir},
		{"data at home", "XDG_DATA_HOME", "", filepath.Join(home, ".local/share/jio"), DefaultDataDir},
		{"relative is ignored", "XDG_DATA_HOME", "here", filepath.Join(home, ".local/share/jio"), DefaultDataDir},
		{"config", "XDG_CONFIG_HOME", "/elsewhere", "/elsewhere/jio/jio.toml", DefaultConfigFile},
		{"config at home", "XDG_CONFIG_HOME", "", filepath.Join(home, ".config/jio/jio.toml"), DefaultConfigFile},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("HOME", home)
			t.Setenv(c.variable, c.value)
			if got, err := c.path(); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}
