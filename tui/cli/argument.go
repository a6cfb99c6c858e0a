package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jio-dag/jio/node/api"
)

// arguments are the words of the command line for parameters of the interface;
// the first that a command has counts. What is not here is a flag of the same
// name, or nothing that the user said.
var arguments = map[string][]string{
	"address":          {"ADDRESS"},
	"addresses":        {"ADDRESS"},
	"block":            {"BLOCK"},
	"coins":            {"--coin", "COIN"},
	"feeRate":          {"--fee-rate"},
	"file":             {"FILE"},
	"from":             {"FROM"},
	"gap":              {"--further"},
	"message":          {"MESSAGE"},
	"name":             {"NAME"},
	"partials":         {"FILE"},
	"payTo":            {"--mine-to"},
	"payments":         {"the payments"},
	"payments.address": {"ADDRESS"},
	"payments.amount":  {"AMOUNT"},
	"peer":             {"PEER"},
	"policy":           {"POLICY"},
	"preimages":        {"--preimage"},
	"seconds":          {"--for"},
	"target":           {"ADDRESS|ID|COIN"},
	"transaction":      {"ID"},
	"watch":            {"KEY|ADDRESS"},
	"wordCount":        {"--words"},
	"words":            {"the words"},
}

// inWordsOf says of a refusal in the words of a command what is at fault.
func inWordsOf(command *cobra.Command, err error) error {
	var refusal *api.Error
	if !errors.As(err, &refusal) || refusal.Field == "" {
		return err
	}
	said := *refusal
	said.Message = argument(command, refusal.Field) + strings.TrimPrefix(refusal.Message, refusal.Field)
	return &said
}

// argument names a parameter in the words of a command, as "ADDRESS 2" for
// payments[1].address.
func argument(command *cobra.Command, field string) string {
	name, number := field, ""
	if list, rest, found := strings.Cut(field, "["); found {
		index, inner, _ := strings.Cut(rest, "]")
		i, _ := strconv.Atoi(index) // the node counts from 0
		name, number = list+inner, fmt.Sprintf(" %d", i+1)
	}
	for _, word := range append(arguments[name], "--"+name) {
		if flag, isFlag := strings.CutPrefix(word, "--"); !isFlag || command.Flags().Lookup(flag) != nil {
			return word + number
		}
	}
	return field
}
