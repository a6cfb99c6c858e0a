package spend

import "github.com/jio-dag/jio/chain/types"

// ParsePolicy reads a policy as Policy.String writes it:
//
//	pk(KEY)  hash(IMAGE)  after(N)  older(N)  thresh(N,[POLICY,…])  opaque(ADDRESS)
//
// with keys, images and addresses in lower-case hex and numbers in decimal, and
// these short forms:
//
//	multi(N,KEY,…)                      thresh(N,[pk(KEY),…])
//	htlc(IMAGE,RECEIVER,SENDER,LOCK)    HTLC; LOCK is after(N) or older(N)
//
// There is no white space. The policy is checked with CheckPolicy.
func ParsePolicy(s string) (types.Policy, error) { return types.Policy{}, errUnwritten }

// DescribePolicy says in words what a policy asks for. names gives a key a name,
// such as "you"; where it is nil or returns "" the key is shown in hex.
func DescribePolicy(p types.Policy, names func(key [32]byte) string) string { return "" }
