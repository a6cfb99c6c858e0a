package node

import "runtime/debug"

// Version is that of the program, in semantic versioning.
const Version = "0.1.0"

// Commit returns the revision the program was built from, "unknown" when the
// build did not record it.
func Commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	commit, modified := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "+modified"
		}
	}
	return commit + modified
}
