package keystore

import "errors"

// ErrPassword is returned for a password that does not open the file and
// equally for a file that was changed: the cipher cannot tell them apart.
var ErrPassword = errors.New("wrong password, or the wallet file is damaged")

// ErrNoPassword is returned for an empty password.
var ErrNoPassword = errors.New("an empty password protects nothing; please choose one of some length")

// ErrLocked is returned by a Session that is over.
var ErrLocked = errors.New("the wallet is locked; unlock it with its password")

// ErrExists is returned where a new file was to be made and something is there
// already. It was left as it is.
var ErrExists = errors.New("there is a file of that name already, and wallet files are never overwritten")

// ErrFormat is returned for a file that is not a wallet file, and for one whose
// secrets open and are not in the form known here.
var ErrFormat = errors.New("this is not a wallet file that jio can read")

// ErrVersion is returned for a wallet file in a layout of another version.
var ErrVersion = errors.New("the wallet file has another version; a newer jio may read it")

// ErrParameters is returned, before anything is derived, for a file that asks
// for weaker or far costlier argon2id parameters than jio ever writes.
var ErrParameters = errors.New("the wallet file asks for argon2id parameters outside the allowed range")

// ErrPermissions is returned for a file, or a directory around it, to which
// others than its owner have access.
var ErrPermissions = errors.New("others have access to the wallet")

// ErrNotRegular is returned for a symbolic link, a directory, a pipe or a
// device in the place of a wallet file.
var ErrNotRegular = errors.New("a wallet must be a regular file, not a link or a device")

// ErrUncertain is returned when the new file is in its place and the disk did
// not confirm that it stays there: after a power loss the previous file may
// come back, with its own password.
var ErrUncertain = errors.New("the wallet file was replaced, but the disk did not confirm it, " +
	"and a power loss may bring the previous one back")

// ErrUnproven is returned when a file just made in memory did not open again.
// It was not written.
var ErrUnproven = errors.New("the new wallet file did not open again and was not written; " +
	"the memory of this machine may be faulty")

// ErrEmpty is returned instead of writing a file without secrets.
var ErrEmpty = errors.New("there are no secrets to keep")

// ErrForgets is returned by Save for secrets that lack one of those in the
// file, as wiped or outdated ones do.
var ErrForgets = errors.New("the wallet file holds a secret that would be lost; nothing was written")

// ErrUnknown is returned for an ID that no secret of the wanted kind has.
var ErrUnknown = errors.New("the wallet has no such secret")

// ErrDuplicate is returned for a secret that is there already.
var ErrDuplicate = errors.New("the wallet has that secret already")
