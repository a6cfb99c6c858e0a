package node

import "context"

// KeepPool saves the pool now and then, as Run does.
func (n *Node) KeepPool(ctx context.Context) error { return n.keepPool(ctx) }
