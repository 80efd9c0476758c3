package market

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"jishi/server/fault"
	"jishi/server/measure"
)

// PartyKind says what a party is.
type PartyKind string

// The kinds of party.
const (
	Coop       PartyKind = "coop"       // cooperative, packer
	HouseholdK PartyKind = "household"  // a farming family
	Enterprise PartyKind = "enterprise" // buys for its canteen or its trade
	Donor      PartyKind = "donor"      // gives
	Hospital   PartyKind = "hospital"   // receives
	Carrier    PartyKind = "carrier"    // hauls
	Office     PartyKind = "office"     // county relief or transport office
	DriverK    PartyKind = "driver"     // one driver with a truck of their own
)

var partyKinds = map[PartyKind]bool{
	Coop: true, HouseholdK: true, Enterprise: true, Donor: true, Hospital: true, Carrier: true, Office: true, DriverK: true,
}

// Party is anyone who owns, needs, gives, pays or hauls.
type Party struct {
	ID        string
	Kind      PartyKind
	Name      string
	NameEn    string
	USCC      string // 统一社会信用代码, 18 characters, "" unknown
	Place     Place
	CreatedAt measure.Millis
}

// Household is the file of a farming family: who it belongs to and whether it is registered poor (建档立卡户).
type Household struct {
	Party    string
	Coop     string
	Poor     bool
	IDMasked string // "6103**********1234", "" when no number was given
}

// PartyInput is what is typed in about a party.
type PartyInput struct {
	ID       string // "" for a new id; seeds give their own
	Kind     PartyKind
	Name     string
	NameEn   string
	USCC     string
	Place    Place
	Coop     string // household: the cooperative it belongs to
	Poor     bool   // household: registered poor
	IDNumber string // household: identity number, hashed and masked at once, never kept
}

// check gives the fault of the input, or nil.
func (in PartyInput) check() error {
	if !partyKinds[in.Kind] {
		return fault.At("kind", "unknown_party_kind", "There is no kind of party called %q.", clip(in.Kind))
	}
	if err := checkText("name", in.Name, 1, 120); err != nil {
		return err
	}
	if err := checkText("name_en", in.NameEn, 0, 120); err != nil {
		return err
	}
	if in.USCC != "" && !validUSCC(in.USCC) {
		return fault.At("uscc", "bad_uscc", "A unified social credit code has 18 digits and capital letters with a right check character.")
	}
	if in.Kind != HouseholdK && (in.Coop != "" || in.IDNumber != "" || in.Poor) {
		return fault.At("kind", "not_a_household", "Only a household has a cooperative, an identity number and a poverty mark.")
	}
	if in.Kind == HouseholdK && in.Coop == "" {
		return fault.At("coop", "required", "A household belongs to a cooperative: name it.")
	}
	if in.IDNumber != "" && !validID(in.IDNumber) {
		return fault.At("id_number", "bad_id_number", "An identity number has 17 digits and a check character that fits them.")
	}
	return nil
}

// usccAlphabet are the characters of a unified social credit code in their value order (GB 32100-2015, from memory).
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// validUSCC checks length, alphabet and the check character: sum of value x 3^i mod 31 (GB 32100-2015, from memory).
func validUSCC(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(usccAlphabet, s[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return usccAlphabet[(31-sum%31)%31] == s[17]
}

// validID checks an 18-character identity number by its check character (GB 11643-1999, ISO 7064 MOD 11-2; from memory).
func validID(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum := 0
	for i := range 17 {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		sum = (sum + int(s[i]-'0')) * 2 % 11
	}
	return "0123456789X"[(12-sum)%11] == s[17]
}

// maskID shows the area and the last four characters only.
func maskID(s string) string { return s[:4] + "**********" + s[14:] }

// hashID gives the keyed hash by which a number entered twice is found. Without the key the few possible numbers
// can't be tried out.
func hashID(key []byte, s string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(s))
	return hex.EncodeToString(m.Sum(nil))
}

// MaskName shows a person by the first character alone: 王秀英 becomes 王**.
func MaskName(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(r) + "**"
}

// checkText faults a text that is no valid UTF-8, holds control characters, or is too short or too long in runes.
func checkText(field, s string, least, most int) error {
	if !utf8.ValidString(s) {
		return fault.At(field, "bad_text", "This text is not valid UTF-8.")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }) {
		return fault.At(field, "bad_text", "This text holds control characters.")
	}
	n := utf8.RuneCountInString(strings.TrimSpace(s))
	if n < least {
		return fault.At(field, "required", "This can't be empty.")
	}
	if n > most {
		return fault.At(field, "too_long", "At most %d characters, please.", most)
	}
	return nil
}

// clip shortens a text from outside for use in a sentence.
func clip[S ~string](s S) string {
	r := []rune(strings.ToValidUTF8(string(s), "?"))
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return string(r)
}
