package api

import "github.com/jio-dag/jio/chain/types"

// The parameters of the methods about wallets. Wallet is the name of one; ""
// means the only one that is open.
type (
	// WalletParams names a wallet.
	WalletParams struct {
		Wallet string `json:"wallet,omitempty"`
	}
	// CreateParams makes a wallet: from new words, from words given, from single
	// seeds, or from public keys and addresses to watch.
	CreateParams struct {
		Wallet     string   `json:"wallet"`
		Password   Secret   `json:"password,omitempty"`   // none for a wallet that only watches
		Words      Secret   `json:"words,omitempty"`      // to restore; empty makes new ones
		WordCount  int      `json:"wordCount,omitempty"`  // of new ones: 12 or 24; 0 means 24
		Passphrase Secret   `json:"passphrase,omitempty"` // BIP-39
		Birthday   int64    `json:"birthday,omitempty"`   // no coins came earlier, in milliseconds since 1970; 0 searches all
		Watch      []string `json:"watch,omitempty"`      // public keys in hex, or addresses
		MiningKey  bool     `json:"miningKey,omitempty"`  // take over the node's throwaway mining key as well
	}
	// UnlockParams unlocks a wallet; Seconds 0 means the usual time.
	UnlockParams struct {
		Wallet   string `json:"wallet,omitempty"`
		Password Secret `json:"password"`
		Seconds  int64  `json:"seconds,omitempty"`
	}
	// PasswordParams changes a password.
	PasswordParams struct {
		Wallet string `json:"wallet,omitempty"`
		Old    Secret `json:"old"`
		New    Secret `json:"new"`
	}
	// ConfirmParams prove by the password of a wallet whose it is.
	ConfirmParams struct {
		Wallet   string `json:"wallet,omitempty"`
		Password Secret `json:"password"`
	}
	// FileParams names a file on the node's machine, by its full path.
	FileParams struct {
		Wallet string `json:"wallet,omitempty"`
		File   string `json:"file"`
	}
	// RestoreParams names a backup file on the node's machine, by its full path, and
	// the wallet to be made of it.
	RestoreParams struct {
		Wallet   string `json:"wallet"`
		File     string `json:"file"`
		Password Secret `json:"password"` // of the backup
	}
	// NewAccountParams gives a new account its name.
	NewAccountParams struct {
		Wallet string `json:"wallet,omitempty"`
		Name   string `json:"name,omitempty"`
	}
	// AccountParams gives an account a name.
	AccountParams struct {
		Wallet  string `json:"wallet,omitempty"`
		Account uint32 `json:"account"`
		Name    string `json:"name"`
	}
	// AddressParams asks for a fresh address of an account, with a label.
	AddressParams struct {
		Wallet  string `json:"wallet,omitempty"`
		Account uint32 `json:"account,omitempty"`
		Label   string `json:"label,omitempty"`
	}
	// HistoryParams asks for a page of history, the newest first.
	HistoryParams struct {
		Wallet string `json:"wallet,omitempty"`
		Offset int    `json:"offset,omitempty"`
		Limit  int    `json:"limit,omitempty"`
		Filter string `json:"filter,omitempty"` // part of a label, an address or an id
	}
	// CoinsParams asks for a page of coins, in an order: "" for the oldest first,
	// "newest" or "largest".
	CoinsParams struct {
		Wallet string `json:"wallet,omitempty"`
		Offset int    `json:"offset,omitempty"`
		Limit  int    `json:"limit,omitempty"`
		Filter string `json:"filter,omitempty"` // part of an id, an address, a label or a state
		Order  string `json:"order,omitempty"`
	}
	// FreezeParams freezes coins, or thaws them.
	FreezeParams struct {
		Wallet string     `json:"wallet,omitempty"`
		Coins  []Outpoint `json:"coins"`
		Frozen bool       `json:"frozen"`
	}
	// LabelParams puts a label on an address, a transaction or a coin
	// ("id:index").
	LabelParams struct {
		Wallet string `json:"wallet,omitempty"`
		Target string `json:"target"`
		Label  string `json:"label"`
	}
	// ContactParams is an entry of the address book; an empty address removes it.
	ContactParams struct {
		Wallet  string `json:"wallet,omitempty"`
		Name    string `json:"name"`
		Address string `json:"address"`
	}
	// PaymentParams names an unconfirmed transaction of one's own.
	PaymentParams struct {
		Wallet string     `json:"wallet,omitempty"`
		ID     types.Hash `json:"id"`
	}
	// ReplaceParams replaces an unconfirmed transaction of one's own.
	ReplaceParams struct {
		Wallet       string     `json:"wallet,omitempty"`
		ID           types.Hash `json:"id"`
		FeeRate      float64    `json:"feeRate,omitempty"` // 0 means just enough
		AllowHighFee bool       `json:"allowHighFee,omitempty"`
	}
	// ScanParams searches further for used addresses.
	ScanParams struct {
		Wallet   string `json:"wallet,omitempty"`
		Gap      int    `json:"gap,omitempty"`      // so many more unused addresses
		Birthday int64  `json:"birthday,omitempty"` // from this time on; 0 searches all
	}
	// MessageParams signs a message with an address's key.
	MessageParams struct {
		Wallet  string `json:"wallet,omitempty"`
		Address string `json:"address"`
		Message string `json:"message"`
	}
	// VerifyParams verifies the signature of a message.
	VerifyParams struct {
		Address   string `json:"address"`
		Message   string `json:"message"`
		Signature string `json:"signature"`
	}
	// PolicyParams is a policy in its text form, to be watched and spent by this
	// wallet where it holds keys of it.
	PolicyParams struct {
		Wallet   string `json:"wallet,omitempty"`
		Policy   string `json:"policy"`
		Label    string `json:"label,omitempty"`
		Birthday int64  `json:"birthday,omitempty"` // no coins came earlier, in milliseconds since 1970; 0 searches all
	}
	// PartialParams carries a partially signed transaction in its JSON form.
	// Several are combined into the first.
	PartialParams struct {
		Partials  []string `json:"partials"`
		Preimages []string `json:"preimages,omitempty"` // hex, of hash locks
	}
	// SignPartialParams adds a wallet's signatures to one.
	SignPartialParams struct {
		Wallet string `json:"wallet,omitempty"`
		PartialParams
	}
	// PartialRequest asks for a transaction that spends the coins of a policy's
	// address.
	PartialRequest struct {
		SendRequest
		From      string   `json:"from"`                // the address
		Preimages []string `json:"preimages,omitempty"` // hex, of hash locks
	}
)

// The results of those methods.
type (
	// Wallets lists the wallets of a node.
	Wallets struct {
		Wallets []WalletSummary `json:"wallets"`
	}
	// Created is a new wallet. The words are returned only once, when they were
	// made by the node.
	Created struct {
		Wallet WalletSummary `json:"wallet"`
		Words  Secret        `json:"words,omitempty"`
	}
	// Words are the words of a wallet.
	Words struct {
		Words      Secret `json:"words"`
		Passphrase bool   `json:"passphrase"` // there is one besides
	}
	// WalletAddresses lists addresses.
	WalletAddresses struct {
		Addresses []WalletAddress `json:"addresses"`
	}
	// WalletCoins is a page of coins, of Total coins that pass the filter.
	WalletCoins struct {
		Coins []WalletCoin `json:"coins"`
		Total int          `json:"total"`
	}
	// History is a page of history, of Total entries.
	History struct {
		Entries []HistoryEntry `json:"entries"`
		Total   int            `json:"total"`
	}
	// Contacts is the address book.
	Contacts struct {
		Contacts []Contact `json:"contacts"`
	}
	// SignedMessage is a message's signature.
	SignedMessage struct {
		Address   string `json:"address"`
		Signature string `json:"signature"`
	}
	// Verified says whether a signature is right.
	Verified struct {
		Valid bool `json:"valid"`
	}
	// Partial is a partially signed transaction in its JSON form, and what it
	// lacks in words, "" when it can be sent.
	Partial struct {
		Partial string     `json:"partial"`
		ID      types.Hash `json:"id"`
		Missing string     `json:"missing"`
	}
)

// The methods about wallets.
var (
	ListWallets    = Method[None, Wallets]{"listWallets", Wallet, "Lists the wallets with their balances."}
	CreateWallet   = Method[CreateParams, Created]{"createWallet", Wallet, "Creates, restores or watches, as the parameters say."}
	OpenWallet     = Method[WalletParams, WalletSummary]{"openWallet", Wallet, "Opens a wallet; it stays locked."}
	CloseWallet    = Method[WalletParams, None]{"closeWallet", Wallet, "Closes a wallet."}
	UnlockWallet   = Method[UnlockParams, WalletSummary]{"unlockWallet", Wallet, "Unlocks a wallet for a while."}
	LockWallet     = Method[WalletParams, WalletSummary]{"lockWallet", Wallet, "Locks a wallet and wipes its secrets from memory."}
	ChangePassword = Method[PasswordParams, None]{"changePassword", Wallet, "Puts a wallet under another password."}
	BackupWallet   = Method[FileParams, None]{"backupWallet", Wallet, "Copies the encrypted wallet file to a new file."}
	RestoreBackup  = Method[RestoreParams, WalletSummary]{"restoreBackup", Wallet, "Makes a wallet from an encrypted backup file."}
	MarkBackedUp   = Method[WalletParams, WalletSummary]{"markBackedUp", Wallet, "Notes that the owner wrote the words down and typed them again."}
	ShowWords      = Method[ConfirmParams, Words]{"showWords", Wallet, "Returns the words of a wallet; the password is asked for again."}

	GetWallet       = Method[WalletParams, WalletSummary]{"getWallet", Wallet, "Returns a wallet's balances and state."}
	NewAccount      = Method[NewAccountParams, Account]{"newAccount", Wallet, "Adds an account."}
	RenameAccount   = Method[AccountParams, Account]{"renameAccount", Wallet, "Gives an account another name."}
	NewAddress      = Method[AddressParams, WalletAddress]{"newAddress", Wallet, "Returns a fresh address to receive at."}
	GetAddresses    = Method[WalletParams, WalletAddresses]{"getAddresses", Wallet, "Lists a wallet's addresses."}
	GetCoins        = Method[CoinsParams, WalletCoins]{"getCoins", Wallet, "Lists a wallet's unspent coins, a page at a time."}
	FreezeCoins     = Method[FreezeParams, None]{"freezeCoins", Wallet, "Keeps coins from being spent, or lets them."}
	GetHistory      = Method[HistoryParams, History]{"getHistory", Wallet, "Lists what came and went, the newest first."}
	SetLabel        = Method[LabelParams, None]{"setLabel", Wallet, "Labels an address, a transaction or a coin."}
	GetContacts     = Method[WalletParams, Contacts]{"getContacts", Wallet, "Lists the address book."}
	SetContact      = Method[ContactParams, None]{"setContact", Wallet, "Adds, changes or removes a contact."}
	ImportMiningKey = Method[ConfirmParams, WalletAddress]{"importMiningKey", Wallet, "Takes the node's throwaway mining key over into a wallet."}
	ScanFurther     = Method[ScanParams, WalletSummary]{"scanFurther", Wallet, "Searches further for used addresses."}

	PlanSend       = Method[SendRequest, SendPlan]{"planSend", Wallet, "Says what sending would do, and does nothing."}
	Send           = Method[SendRequest, Sent]{"send", Wallet, "Sends coins; joins many small ones first where that is needed."}
	BumpFee        = Method[ReplaceParams, Sent]{"bumpFee", Wallet, "Sends an unconfirmed payment again with a higher fee."}
	CancelPayment  = Method[ReplaceParams, Sent]{"cancelPayment", Wallet, "Replaces an unconfirmed payment by one to oneself."}
	AbandonPayment = Method[PaymentParams, None]{"abandonPayment", Wallet, "Gives an unconfirmed payment up, so that its coins are free again."}
	SignMessage    = Method[MessageParams, SignedMessage]{"signMessage", Wallet, "Signs a message with an address's key."}
	VerifyMessage  = Method[VerifyParams, Verified]{"verifyMessage", Read, "Verifies a signed message."}

	NewPolicy      = Method[PolicyParams, WalletAddress]{"newPolicy", Wallet, "Watches the address of a policy: m-of-n, hash lock, time lock."}
	CreatePartial  = Method[PartialRequest, Partial]{"createPartial", Wallet, "Makes a transaction that others must sign as well."}
	SignPartial    = Method[SignPartialParams, Partial]{"signPartial", Wallet, "Adds this wallet's signatures."}
	CombinePartial = Method[PartialParams, Partial]{"combinePartial", Read, "Joins the signatures of several copies."}
	SendPartial    = Method[PartialParams, Submitted]{"sendPartial", Read, "Sends a transaction that lacks no signature."}
)
