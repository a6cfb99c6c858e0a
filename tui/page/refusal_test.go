package page

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jio-dag/jio/node/api"
)

func TestRefusal(t *testing.T) {
	field := &api.Error{Message: "payments[0].address: it is of another network", Field: "payments[0].address"}
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("no answer"), "no answer"},
		{&api.Error{Message: "the wallet is locked"}, "the wallet is locked"},
		{field, "it is of another network"},
		{fmt.Errorf("planning: %w", field), "planning: it is of another network"},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%v is told as %q, want %q", c.err, got, c.want)
		}
	}
}
