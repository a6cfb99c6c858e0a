package node

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOnBattery(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  bool
	}{
		{"a server", nil, false},
		{"plugged in", map[string]string{"AC/type": "Mains\n", "AC/online": "1\n", "BAT0/type": "Battery\n", "BAT0/status": "Charging\n"}, false},
		{"unplugged", map[string]string{"AC/type": "Mains\n", "AC/online": "0\n", "BAT0/type": "Battery\n", "BAT0/status": "Discharging\n"}, true},
		{"too weak a plug", map[string]string{"AC/type": "USB\n", "AC/online": "1\n", "BAT0/type": "Battery\n", "BAT0/status": "Discharging\n"}, false},
		{"a mouse's battery", map[string]string{"mouse/type": "Battery\n", "mouse/status": "Unknown\n"}, false},
	} {
		dir := t.TempDir()
		for name, content := range c.files {
			name = filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := onBattery(dir); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
