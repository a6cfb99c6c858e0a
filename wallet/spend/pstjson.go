package spend

import (
	"bytes"
	"encoding/hex"
	"encoding/json"

	"github.com/jio-dag/jio/chain/params"
	"github.com/jio-dag/jio/chain/types"
)

// PSTVersion is the version of the text form of a PST.
const PSTVersion = 1

// pstFormat marks the text form of a PST.
const pstFormat = "jio-pst"

// A pstText is the text form of a PST. Hex is lower-case; signatures are in
// ascending order of their keys, preimages of their images.
type pstText struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Network string `json:"network"`
	// Transaction is the canonical encoding in hex. Each unlock is the opaque
	// policy of the coin's address, without signatures and preimages.
	Transaction string          `json:"transaction"`
	Coins       []coinText      `json:"coins"` // behind the inputs, in order
	Signatures  []signatureText `json:"signatures"`
	Preimages   []string        `json:"preimages"`
}

type coinText struct {
	Value   types.Amount `json:"value"` // JIO with eight decimals
	Address string       `json:"address"`
	Policy  string       `json:"policy"` // as Policy.String writes it
}

type signatureText struct {
	Key       string `json:"key"`
	Signature string `json:"signature"`
}

// MarshalJSON returns the canonical form, an object with these members in this
// order:
//
//	format       "jio-pst"
//	version      1
//	network      the network's name
//	transaction  its encoding in hex, each unlock the opaque policy of the coin's
//	             address without signatures and preimages
//	coins        behind the inputs, in order: value in JIO with eight decimals,
//	             address in bech32m, policy as ParsePolicy reads it
//	signatures   key and signature in hex, in ascending order of keys
//	preimages    in hex, in ascending order of their images
func (s *PST) MarshalJSON() ([]byte, error) {
	t := pstText{
		Format:      pstFormat,
		Version:     PSTVersion,
		Network:     s.params.Name,
		Transaction: hex.EncodeToString(types.Encode(&s.draft.Tx)),
		Signatures:  []signatureText{},
		Preimages:   []string{},
	}
	for i := range s.draft.Coins {
		c := &s.draft.Coins[i]
		t.Coins = append(t.Coins, coinText{
			Value:   c.Coin.Value,
			Address: c.Coin.Address.Text(s.params.AddressPrefix),
			Policy:  c.Policy.String(),
		})
	}
	for _, key := range s.asked(types.PolicyKey) {
		if signature, ok := s.signatures[key]; ok {
			t.Signatures = append(t.Signatures, signatureText{hex.EncodeToString(key[:]), hex.EncodeToString(signature[:])})
		}
	}
	for _, image := range s.asked(types.PolicyHash) {
		if preimage, ok := s.preimages[image]; ok {
			t.Preimages = append(t.Preimages, hex.EncodeToString(preimage[:]))
		}
	}
	return json.Marshal(t)
}

// ParsePST reads what MarshalJSON wrote, for the same network. Only the canonical
// form is read, white space between tokens aside; every signature and preimage
// is verified and must be asked for. The error is ErrPST.
func ParsePST(p *params.Params, data []byte) (*PST, error) {
	s, err := parsePST(p, data)
	if err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		return nil, refused(ErrPST, "%v", err)
	}
	canonical, err := s.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(compact.Bytes(), canonical) {
		return nil, refused(ErrPST, "it is not in the canonical form: members out of order, twice or written in another way")
	}
	return s, nil
}

func parsePST(p *params.Params, data []byte) (*PST, error) {
	var t pstText
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return nil, refused(ErrPST, "%v", err)
	}
	switch {
	case t.Format != pstFormat:
		return nil, refused(ErrPST, "its format is %.20q, not %q", t.Format, pstFormat)
	case t.Version != PSTVersion:
		return nil, refused(ErrPST, "it is of version %d, this program knows version %d", t.Version, PSTVersion)
	case t.Network != p.Name:
		return nil, refused(ErrPST, "it is for %.20s, this is %s", t.Network, p.Name)
	}
	draft, err := t.draft(p)
	if err != nil {
		return nil, err
	}
	s, err := draft.PST(p)
	if err != nil {
		return nil, refused(ErrPST, "%v", err)
	}
	return s, t.collect(s)
}

// draft reads the transaction and its coins.
func (t *pstText) draft(p *params.Params) (*Draft, error) {
	d := &Draft{Change: -1}
	raw, err := hex.DecodeString(t.Transaction)
	if err != nil {
		return nil, refused(ErrPST, "transaction: %v", err)
	}
	if err := types.Decode(raw, &d.Tx); err != nil {
		return nil, refused(ErrPST, "transaction: %v", err)
	}
	if len(t.Coins) != len(d.Tx.Inputs) {
		return nil, refused(ErrPST, "%d coins for %d inputs", len(t.Coins), len(d.Tx.Inputs))
	}
	for i := range t.Coins {
		c, err := t.Coins[i].coin(p, &d.Tx.Inputs[i])
		if err != nil {
			return nil, refused(ErrPST, "input %d: %v", i, err)
		}
		d.Coins = append(d.Coins, c)
	}
	d.Fee, err = d.fee()
	return d, err
}

// fee returns what the coins bring beyond the outputs.
func (d *Draft) fee() (types.Amount, error) {
	var in, out uint64
	for i := range d.Coins {
		in = saturatingAdd(in, d.Coins[i].Coin.Value.Jots())
	}
	for i := range d.Tx.Outputs {
		out = saturatingAdd(out, d.Tx.Outputs[i].Value.Jots())
	}
	fee, ok := types.Jots(in).Sub(types.Jots(out))
	if !ok {
		return fee, refused(ErrPST, "it pays %v JIO from coins of %v JIO", types.Jots(out), types.Jots(in))
	}
	return fee, nil
}

func (t *coinText) coin(p *params.Params, in *types.Input) (c Coin, err error) {
	address, err := types.ParseAddress(p.AddressPrefix, t.Address)
	if err != nil {
		return c, err
	}
	if in.Unlock.Policy.Kind != types.PolicyOpaque || in.Unlock.Policy.Hidden != address ||
		len(in.Unlock.Signatures) != 0 || len(in.Unlock.Preimages) != 0 {
		return c, refused(ErrPST, "the unlock is not the opaque policy of the coin's address alone")
	}
	c.Outpoint = in.Outpoint
	c.Coin.Output = types.Output{Value: t.Value, Address: address}
	c.Policy, err = ParsePolicy(t.Policy)
	return c, err
}

// collect reads the signatures and preimages into a PST.
func (t *pstText) collect(s *PST) error {
	for _, text := range t.Signatures {
		var key [32]byte
		var signature types.Signature
		if err := fromHex(key[:], text.Key); err != nil {
			return err
		}
		if err := fromHex(signature[:], text.Signature); err != nil {
			return err
		}
		if err := s.addSignature(key, signature); err != nil {
			return err
		}
	}
	for _, text := range t.Preimages {
		var preimage types.Preimage
		if err := fromHex(preimage[:], text); err != nil {
			return err
		}
		if err := s.Reveal(preimage); err != nil {
			return err
		}
	}
	return nil
}

func fromHex(to []byte, text string) error {
	if len(text) != hex.EncodedLen(len(to)) {
		return refused(ErrPST, "%d digits of hex where %d are due", len(text), hex.EncodedLen(len(to)))
	}
	if _, err := hex.Decode(to, []byte(text)); err != nil {
		return refused(ErrPST, "%v", err)
	}
	return nil
}
