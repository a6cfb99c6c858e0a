package node

import "runtime/debug"

// Version is that of the program, in semantic versioning.
const Version = "0.1.0"

// Commit returns the revision the program was built from, as `go build` records
// it in a clone, or the module's version as `go install` does elsewhere; "unknown"
// when it was built or run without either, as by `go run`.
func Commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknownCommit
	}
	return commitOf(info)
}

const unknownCommit = "unknown"

func commitOf(info *debug.BuildInfo) string {
	commit, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "+modified"
		}
	}
	if commit == "" && info.Main.Version != "(devel)" {
		commit = info.Main.Version
	}
	if commit == "" {
		return unknownCommit
	}
	return commit + modified
}
