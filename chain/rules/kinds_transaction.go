package rules

// What a transaction must be by itself.
const (
	// ErrTransactionVersion: a transaction's version is 1 to the greatest that
	// the rule set in force admits. A newer network may know more versions, so
	// a peer that offers one outside a block is not to blame.
	ErrTransactionVersion ErrorKind = "transaction version is not admitted"
	// ErrSubnetwork: a transaction that is not a coinbase is in the native
	// subnetwork.
	ErrSubnetwork ErrorKind = "transaction is not in the native subnetwork"
	// ErrGas: a transaction has no gas.
	ErrGas ErrorKind = "transaction has gas"
	// ErrPayload: a transaction that is not a coinbase has no payload.
	ErrPayload ErrorKind = "transaction has a payload"
	// ErrMass: a transaction declares at most the mass of a whole block.
	ErrMass ErrorKind = "transaction declares more mass than a block may hold"
	// ErrTransactionSize: an encoded transaction has at most
	// MaxTransactionSize bytes.
	ErrTransactionSize ErrorKind = "transaction is too large"
	// ErrNoInputs: a transaction spends at least one coin.
	ErrNoInputs ErrorKind = "transaction has no inputs"
	// ErrNoOutputs: a transaction makes at least one coin.
	ErrNoOutputs ErrorKind = "transaction has no outputs"
	// ErrDuplicateInput: a transaction names each outpoint once.
	ErrDuplicateInput ErrorKind = "transaction spends an outpoint twice"
	// ErrSequence: bits 32 to 62 of a sequence are zero unless bit 63 is set.
	ErrSequence ErrorKind = "sequence has reserved bits"
	// ErrOutputValue: an output is worth at least 1 jot and at most MaxAmount.
	ErrOutputValue ErrorKind = "output value is out of range"
	// ErrOutputSum: the outputs of a transaction sum to at most MaxAmount.
	ErrOutputSum ErrorKind = "outputs sum to more than the greatest amount"
	// ErrAddressVersion: an output pays to an address of version 0.
	ErrAddressVersion ErrorKind = "output address version is reserved"
)

// What the policy revealed by an unlock must look like.
const (
	// ErrPolicyKind: a policy is of a known kind.
	ErrPolicyKind ErrorKind = "policy kind is unknown"
	// ErrPolicyRoot: an unlock reveals at least the root of its policy.
	ErrPolicyRoot ErrorKind = "policy is opaque at its root"
	// ErrPolicyDepth: a revealed policy is at most MaxPolicyDepth levels deep.
	ErrPolicyDepth ErrorKind = "policy is too deep"
	// ErrPolicyNodes: a revealed policy has at most MaxPolicyNodes nodes.
	ErrPolicyNodes ErrorKind = "policy has too many nodes"
	// ErrPolicyKeys: a revealed policy has at most MaxPolicyKeys keys.
	ErrPolicyKeys ErrorKind = "policy has too many keys"
	// ErrPolicyThreshold: a threshold asks for at least one of its children
	// and at most all of them.
	ErrPolicyThreshold ErrorKind = "policy threshold is out of range"
	// ErrPolicyReveal: a threshold reveals exactly as many children as it asks
	// for.
	ErrPolicyReveal ErrorKind = "policy threshold reveals too few or too many children"
	// ErrPolicyKey: a revealed key is a canonical encoding of a point that is
	// not of small order.
	ErrPolicyKey ErrorKind = "policy key is not acceptable"
	// ErrPolicyOpaque: the address of an opaque branch is of version 0.
	ErrPolicyOpaque ErrorKind = "opaque address version is reserved"
	// ErrSignatureCount: an unlock has one signature for each revealed key.
	ErrSignatureCount ErrorKind = "unlock has too few or too many signatures"
	// ErrPreimageCount: an unlock has one preimage for each revealed image.
	ErrPreimageCount ErrorKind = "unlock has too few or too many preimages"
)

// What an unlock asserts.
const (
	// ErrAddressMismatch: the revealed policy has the address of the coin.
	ErrAddressMismatch ErrorKind = "policy is not the one the coin was paid to"
	// ErrPreimage: the SHA-256 of a preimage is the image it stands for.
	ErrPreimage ErrorKind = "preimage does not match its image"
	// ErrAfter: the lock_time is of the class of each revealed after policy and
	// not below it.
	ErrAfter ErrorKind = "lock time does not satisfy the policy"
	// ErrOlder: the sequence of the input is a relative lock not below each
	// revealed older policy.
	ErrOlder ErrorKind = "sequence does not satisfy the policy"
	// ErrSignature: every signature is valid under ZIP-215. The caller of
	// Unlocks, who verifies them, reports it.
	ErrSignature ErrorKind = "signature is not valid"
)

// What a transaction must be against the coins it spends and the block that
// judges it.
const (
	// ErrMissingCoin: every input names an unspent coin.
	ErrMissingCoin ErrorKind = "coin does not exist or is spent"
	// ErrInputSum: the coins that a transaction spends sum to at most
	// MaxAmount.
	ErrInputSum ErrorKind = "inputs sum to more than the greatest amount"
	// ErrOverspend: the outputs sum to at most the inputs.
	ErrOverspend ErrorKind = "outputs sum to more than the inputs"
	// ErrImmature: a coinbase output rests for the coinbase maturity.
	ErrImmature ErrorKind = "coinbase output is not mature"
	// ErrAbsoluteLock: the lock_time has passed.
	ErrAbsoluteLock ErrorKind = "lock time has not passed"
	// ErrRelativeLock: each coin is as old as the sequence of its input demands.
	ErrRelativeLock ErrorKind = "relative lock has not passed"
	// ErrStorageWeight: the storage weight is at most the declared mass.
	ErrStorageWeight ErrorKind = "storage weight exceeds the declared mass"
)
