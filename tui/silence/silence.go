package silence

import "os"

// variable names the terminal to the library.
const variable = "TERM"

var term, isSet = os.LookupEnv(variable)

func init() { _ = os.Setenv(variable, "dumb") } // where it fails, the terminal is asked

// End gives the environment back. It is to be called by the init of a package
// that imports Bubble Tea.
func End() {
	if isSet {
		_ = os.Setenv(variable, term)
	} else {
		_ = os.Unsetenv(variable)
	}
}
