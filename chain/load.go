package chain

import (
	"fmt"

	"github.com/jio-dag/jio/chain/dag"
	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/pow"
	"github.com/jio-dag/jio/chain/types"
)

// load reads the state from the store, planting genesis in an empty one.
func (m *Manager) load() error {
	network := m.index.read(keyNetwork)
	if network == nil {
		return m.plantGenesis()
	}
	if err := m.checkNetwork(network); err != nil {
		return err
	}
	m.resume()
	sink := m.index.block(m.state.sink)
	if got := m.state.commitment.Hash(); got != sink.header.UTXOCommitment {
		panic(damaged("the stored coins hash to %v, the sink %v commits to %v", got, sink.hash, sink.header.UTXOCommitment))
	}
	m.virtual = m.buildVirtual()
	m.publish()
	return nil
}

func (m *Manager) checkNetwork(raw []byte) error {
	var name []byte
	var genesis types.Hash
	decodeRecord("the network's name", raw, func(d *types.Decoder) {
		name = d.ByteString()
		genesis.DecodeFrom(d)
	})
	if genesis != m.params.GenesisHash {
		return fmt.Errorf("%w: %s with genesis %v, not %s with %v", ErrWrongGenesis, name, genesis, m.params.Name, m.params.GenesisHash)
	}
	return nil
}

// genesisPosition is the only position that no parents make.
func genesisPosition(p *params.Params) position {
	return position{
		data:       new(dag.Data),
		medianTime: p.Genesis.Header.Timestamp,
		bits:       p.Genesis.Header.Bits,
		mergeRoot:  p.GenesisHash,
		finality:   p.GenesisHash,
		sample:     p.GenesisHash,
		pruning:    p.GenesisHash,
	}
}

// plantGenesis makes the chain of an empty store. Genesis is valid by
// definition; its state is empty.
func (m *Manager) plantGenesis() error {
	if err := m.eachHash(keyHeader, func(h types.Hash) error {
		panic(damaged("block %v is stored, but not the network's name", h))
	}); err != nil {
		return err
	}
	genesis := m.params.Genesis
	b := &block{
		hash:     m.params.GenesisHash,
		header:   &genesis.Header,
		work:     pow.BlockWork(m.params, &genesis.Header),
		status:   StatusChainValid,
		position: genesisPosition(m.params),
	}
	m.index.plant(b)
	m.state = state{sink: b.hash, bestHeader: b.hash, tips: []types.Hash{b.hash}, headers: 1, blocks: 1}
	m.storeBody(b, &body{genesis.Transactions, types.Digests(genesis.Transactions)})
	m.storeAcceptance(b, &acceptance{})
	m.journal.heights[0] = b.hash
	m.journal.hole = true // the first checkpoint
	m.pending.put(keyNetwork, func(e *types.Encoder) {
		e.ByteString([]byte(m.params.Name))
		b.hash.EncodeTo(e)
	})
	m.virtual = m.buildVirtual()
	m.commit()
	return nil
}
