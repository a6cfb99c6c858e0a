package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/BurntSushi/toml"
)

// readConfigFile returns the settings in a file as texts. Unknown keys and
// values of the wrong type are errors; so is a missing file that was asked for.
func readConfigFile(name string, required bool) (map[string]string, error) {
	content, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && !required {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var keys map[string]any
	if _, err := toml.Decode(string(content), &keys); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	values := make(map[string]string, len(keys))
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		text, err := fileValue(key, keys[key])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		values[key] = text
	}
	return values, nil
}

func fileValue(key string, value any) (string, error) {
	s, ok := settingNamed(key)
	if !ok || !s.inFile() {
		return "", fmt.Errorf("unknown key %q%s", key, didYouMean(key, fileKeys()))
	}
	text := fmt.Sprint(value)
	if !s.kind.holds(value) {
		return "", fmt.Errorf("%s = %s: want a value of type %s", key, text, s.kind)
	}
	if err := s.kind.check(text); err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return text, nil
}

// holds reports whether a TOML value has the type of the kind. A whole number
// will do for a factor.
func (k kind) holds(value any) bool {
	switch value.(type) {
	case string:
		return k == kindText || k == kindList
	case bool:
		return k == kindSwitch
	case int64:
		return k == kindCount || k == kindFactor
	case float64:
		return k == kindFactor
	}
	return false
}

func fileKeys() (keys []string) {
	for i := range settings {
		if settings[i].inFile() {
			keys = append(keys, settings[i].name)
		}
	}
	return keys
}
