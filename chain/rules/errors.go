package rules

import "fmt"

// An ErrorKind names a rule that was broken. Kinds are compared with errors.Is
// and documented where they are declared, each with the rule it states.
type ErrorKind string

// Error implements error.
func (k ErrorKind) Error() string { return string(k) }

// A RuleError says that a header, block or transaction breaks a rule, and with
// which values.
type RuleError struct {
	Kind        ErrorKind
	Description string
}

// Error implements error.
func (e RuleError) Error() string { return e.Description }

// Unwrap lets errors.Is find the kind.
func (e RuleError) Unwrap() error { return e.Kind }

// broken returns the RuleError of a kind, described with the values at fault.
func broken(kind ErrorKind, format string, args ...any) error {
	return RuleError{Kind: kind, Description: fmt.Sprintf(format, args...)}
}
