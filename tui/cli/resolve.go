package cli

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// A resolved setting is its value and where that came from.
type resolved struct {
	setting *setting
	text    string
	origin  string // as "flag --network"
	isSet   bool   // by anybody
}

// A resolution is the outcome for every setting, in the order of the table.
type resolution []resolved

// resolve settles every setting: a flag before a variable, a variable before
// the configuration file, the file before the default.
func resolve(flags *pflag.FlagSet) (resolution, error) {
	config, err := settle("config", flags, nil, "")
	if err != nil {
		return nil, err
	}
	file, err := readConfigFile(config.text, config.isSet)
	if err != nil {
		return nil, err
	}
	out := make(resolution, len(settings))
	for i := range settings {
		if out[i], err = settle(settings[i].name, flags, file, config.text); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func settle(name string, flags *pflag.FlagSet, file map[string]string, fileName string) (resolved, error) {
	s, _ := settingNamed(name)
	if f := flags.Lookup(name); f != nil && f.Changed {
		return resolved{s, f.Value.String(), "flag --" + name, true}, nil
	}
	if text, ok := os.LookupEnv(s.variable()); ok && text != "" {
		if err := s.kind.check(text); err != nil {
			return resolved{}, fmt.Errorf("%s: %w", s.variable(), err)
		}
		return resolved{s, text, "environment " + s.variable(), true}, nil
	}
	if text, ok := file[name]; ok {
		return resolved{s, text, "file " + fileName, true}, nil
	}
	text, err := s.standard()
	if err != nil {
		return resolved{}, fmt.Errorf("--%s has no default here: %w", name, err)
	}
	return resolved{s, text, "default", false}, nil
}

// named returns a setting by name, which must be in the table.
func (r resolution) named(name string) resolved {
	i := slices.IndexFunc(r, func(v resolved) bool { return v.setting.name == name })
	return r[i]
}

// with returns the settings with another value in one of them.
func (r resolution) with(name, text, origin string) resolution {
	out := slices.Clone(r)
	i := slices.IndexFunc(out, func(v resolved) bool { return v.setting.name == name })
	out[i].text, out[i].origin, out[i].isSet = text, origin, true
	return out
}

func (r resolution) text(name string) string { return r.named(name).text }

// on, count and factor parse what check accepted when the value was set.
func (r resolution) on(name string) bool {
	v, _ := strconv.ParseBool(r.text(name))
	return v
}

func (r resolution) count(name string) int {
	v, _ := strconv.ParseUint(r.text(name), 10, 31)
	return int(v)
}

func (r resolution) list(name string) []string { return listOf(r.text(name)) }

func (r resolution) factor(name string) float64 {
	v, _ := strconv.ParseFloat(r.text(name), 64)
	return v
}

// strayVariables returns a warning for every JIO_* variable that means nothing,
// because a misspelt one would be ignored in silence.
func strayVariables(environ []string) (warnings []string) {
	var known []string
	for i := range settings {
		known = append(known, settings[i].variable())
	}
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "JIO_") && !slices.Contains(known, name) {
			warnings = append(warnings, fmt.Sprintf("the variable %s means nothing%s", name, didYouMean(name, known)))
		}
	}
	return warnings
}
