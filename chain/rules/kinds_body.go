package rules

// What a body must be by itself.
const (
	// ErrBadMerkleRoot: the transactions are those that the header commits to.
	// It speaks of the sender of the body only, never of the header.
	ErrBadMerkleRoot ErrorKind = "body does not match its header"
	// ErrNoCoinbase: the first transaction is a coinbase.
	ErrNoCoinbase ErrorKind = "first transaction is not a coinbase"
	// ErrExtraCoinbase: only the first transaction is a coinbase.
	ErrExtraCoinbase ErrorKind = "more than one coinbase"
	// ErrBlockWeight: the weights of all transactions sum to at most the block
	// weight.
	ErrBlockWeight ErrorKind = "block is too heavy"
	// ErrBlockMass: the declared masses sum to at most the block weight.
	ErrBlockMass ErrorKind = "block declares too much mass"
	// ErrDuplicateTransaction: transaction IDs differ within a block.
	ErrDuplicateTransaction ErrorKind = "transaction twice in one block"
	// ErrDoubleSpend: an outpoint is spent once within a block.
	ErrDoubleSpend ErrorKind = "outpoint spent twice in one block"
	// ErrChainedSpend: no transaction spends an output made in the same block.
	ErrChainedSpend ErrorKind = "output spent in the block that makes it"
)

// What a coinbase must be by itself.
const (
	// ErrCoinbaseVersion: a coinbase is of version 1.
	ErrCoinbaseVersion ErrorKind = "coinbase version is not 1"
	// ErrCoinbaseInputs: a coinbase has no inputs.
	ErrCoinbaseInputs ErrorKind = "coinbase has inputs"
	// ErrCoinbaseLockTime: a coinbase has lock_time 0.
	ErrCoinbaseLockTime ErrorKind = "coinbase has a lock time"
	// ErrCoinbaseGas: a coinbase has no gas.
	ErrCoinbaseGas ErrorKind = "coinbase has gas"
	// ErrCoinbaseMass: a coinbase declares mass 0.
	ErrCoinbaseMass ErrorKind = "coinbase declares mass"
	// ErrCoinbasePayload: the payload of a coinbase is 49 to 113 bytes long.
	ErrCoinbasePayload ErrorKind = "coinbase payload has a wrong length"
	// ErrCoinbaseAddress: a coinbase payload holds an address of version 0.
	ErrCoinbaseAddress ErrorKind = "coinbase payload address version is reserved"
)

// What a coinbase payload must be in the context of its header.
const (
	// ErrCoinbaseBlueScore: the payload repeats the blue score of the header.
	ErrCoinbaseBlueScore ErrorKind = "coinbase payload blue score differs from the header's"
	// ErrCoinbaseSubsidy: the payload carries the scheduled subsidy.
	ErrCoinbaseSubsidy ErrorKind = "coinbase payload subsidy differs from the schedule"
)

// What a block must be to stand on the selected chain. Breaking one of these
// disqualifies it from the chain and does not make it invalid.
const (
	// ErrUTXOCommitment: the header commits to the state after the block.
	ErrUTXOCommitment ErrorKind = "UTXO commitment is wrong"
	// ErrAcceptedRoot: the header commits to the order of accepted transactions.
	ErrAcceptedRoot ErrorKind = "accepted root is wrong"
	// ErrCoinbase: the coinbase pays what is due and nothing else.
	ErrCoinbase ErrorKind = "coinbase does not pay what is due"
	// ErrPruningPoint: the header names the pruning point of its past.
	ErrPruningPoint ErrorKind = "pruning point is wrong"
)
