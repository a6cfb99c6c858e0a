package chain

import (
	"sync"
	"sync/atomic"
)

// parallel calls work with 0 to n−1 on at most so many goroutines, inline and in
// order when there are none, and returns when all is done. A panic of one of them
// becomes the caller's.
func parallel(workers, n int, work func(i int)) {
	if workers == 0 || n < 2 {
		for i := range n {
			work(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	panics := make(chan any, workers)
	for range min(workers, n) {
		wg.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					panics <- r
				}
			}()
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				work(int(i - 1))
			}
		})
	}
	wg.Wait()
	if len(panics) > 0 {
		panic(<-panics)
	}
}
