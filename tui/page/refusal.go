package page

import (
	"errors"
	"strings"

	"github.com/jio-dag/jio/node/api"
)

// refusal says why a call failed, without the name that the parameter at fault has
// for programs: the form that was filled in shows which one is meant.
func refusal(err error) string {
	var e *api.Error
	if errors.As(err, &e) && e.Field != "" {
		return strings.Replace(err.Error(), e.Field+": ", "", 1)
	}
	return err.Error()
}
