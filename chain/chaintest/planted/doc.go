// Package planted proves that the tests can see the mistakes that history
// made. It holds no code but tests: each file in testdata is one bug, a change
// of a few lines of production code that brings back an incident, and names the
// tests that must fail with it. Production code knows nothing of this.
//
//	go test ./chain/chaintest/planted
//
// holds that every bug still finds its place and compiles, and plants a few;
//
//	go test ./chain/chaintest/planted -run TestPlantedBugsAreCaught -planted -v -timeout 1h
//
// plants them all and prints who caught what. That is a hundred builds: minutes
// on two idle cores.
//
// A bug is planted with the overlay of the go command: no file of the module is
// touched. It is caught when a test that passes on the sound code fails with
// it; code that does not compile, or does not end, catches nothing.
//
// A file of testdata reads
//
//	bug: what the changed code does
//	incident: where that happened, or what it leads to
//	caught by: ./package regexp         for go test -run; may be repeated, each
//	                                    must catch the bug alone
//	-- in folder/file.go --
//	lines that stand there, exactly once
//	-- becomes --
//	lines to put in their place
//
// and may change several places, in several files.
package planted
