package tui

import "github.com/jio-dag/jio/tui/page"

// pages returns the nine pages, in the order of their keys.
func pages() []page.Page {
	return []page.Page{
		page.NewHome(), page.NewDag(), page.NewWallet(), page.NewPayment(), page.NewMine(),
		page.NewPeers(), page.NewMempool(), page.NewExplorer(), page.NewLogs(),
	}
}
