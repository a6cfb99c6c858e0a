package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// killHelper names the directory in which this test binary, run as another
// process, writes the script until it is killed.
const killHelper = "STORE_TEST_KILL_DIR"

func writeUntilKilled(dir string) {
	db, err := Open(dir, testOptions)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := 0; ; i++ {
		if head, err := db.Get([]byte("head")); err == nil && head != nil && i == 0 {
			fmt.Sscan(string(head), &i)
			i++
		}
		if err := db.Write(pairs(script(i)...)); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(i)
	}
}

// TestKilledProcess kills a real process on real files, again and again on the
// same database.
func TestKilledProcess(t *testing.T) {
	dir, last := t.TempDir(), -1
	for round := range 4 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killHelper+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var said int
			if _, err := fmt.Sscan(lines.Text(), &said); err != nil || said < last {
				t.Fatalf("after %d: %s", last, lines.Text())
			}
			if last = said; last >= 25*(round+1) {
				cmd.Process.Kill()
			}
		}
		cmd.Wait()

		db := mustOpen(t, dir)
		if db.Clean() {
			t.Error("clean after a kill")
		}
		if head, err := db.Get([]byte("head")); err == nil && string(head) == fmt.Sprint(last+1) {
			last++ // written, and killed before saying so
		}
		wantContent(t, db, scriptState(last+1))
		if round%2 == 0 {
			mustClose(t, db)
			continue
		}
		db.level.Close() // another unclean stop
		db.disk.Close()
	}
}
