package node

import (
	"runtime/debug"
	"testing"
)

func TestCommitOfABuild(t *testing.T) {
	vcs := func(settings ...debug.BuildSetting) debug.BuildInfo { return debug.BuildInfo{Settings: settings} }
	module := func(version string) debug.BuildInfo { return debug.BuildInfo{Main: debug.Module{Version: version}} }
	for want, info := range map[string]debug.BuildInfo{
		"abc":          vcs(debug.BuildSetting{Key: "vcs.revision", Value: "abc"}, debug.BuildSetting{Key: "vcs.modified", Value: "false"}),
		"abc+modified": vcs(debug.BuildSetting{Key: "vcs.modified", Value: "true"}, debug.BuildSetting{Key: "vcs.revision", Value: "abc"}),
		"v0.1.0":       module("v0.1.0"),
		unknownCommit:  module("(devel)"),
	} {
		if got := commitOf(&info); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := commitOf(new(debug.BuildInfo)); got != unknownCommit {
		t.Errorf("a build that tells nothing: %q", got)
	}
}
