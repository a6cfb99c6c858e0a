package service_test

import (
	"testing"

	"github.com/jio-dag/jio/node/api"
)

// BenchmarkRefresh is what a node does four times a second, BenchmarkGetBlock
// what an explorer asks most.
func BenchmarkRefresh(b *testing.B) {
	f := newFixture(b, smallNet())
	f.grow(60, 19)
	b.ReportAllocs()
	for b.Loop() {
		f.service.Refresh()
	}
}

func BenchmarkGetBlock(b *testing.B) {
	f := newFixture(b, smallNet())
	f.grow(60, 19)
	up := f.chainUp()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ask(f, api.GetBlock, api.BlockParams{Hash: up[i%len(up)].Hash})
	}
}

func BenchmarkGetDag(b *testing.B) {
	f := newFixture(b, smallNet())
	f.grow(60, 19)
	b.ReportAllocs()
	for b.Loop() {
		ask(f, api.GetDag, api.DagParams{})
	}
}

func BenchmarkGetUTXOsByAddresses(b *testing.B) {
	f := newFixture(b, smallNet())
	f.grow(60, 19)
	var names []string
	for address := range f.addressesWithCoins() {
		names = append(names, address.Text(f.params.AddressPrefix))
	}
	coins := 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		coins += len(ask(f, api.GetUTXOsByAddresses, api.AddressesParams{Addresses: names[i%len(names) : i%len(names)+1]}).UTXOs)
	}
	b.ReportMetric(float64(coins)/float64(b.N), "coins/op")
}
