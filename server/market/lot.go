package market

import (
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
)

// Lot is a harvested or packed quantity of one produce at one place. How much of it is left is LotAvailable in the ledger.
type Lot struct {
	ID          string
	Party       string // owner: household or cooperative
	Produce     string // canonical name
	Grade       string
	Packing     string        // "box", "bundle", "bag", "crate", "loose", or free words
	Packs       int64         // 0: loose
	PackGrams   measure.Grams // nominal net weight of a pack
	Weighed     measure.Grams // net, on the farm scale
	HarvestedOn string        // 2006-01-02, "" unknown
	Place       Place
	Certificate string // number of the certificate of conformity (合格证), "" none yet
	CertifiedAt measure.Millis
	SourceLine  string         // the line the grower sent, "" when typed into a form
	Evidence    string         // id of the recording or photo that shows the grower agreed
	Mandate     string         // id of the mandate the lister acted under, "" when acting for oneself
	Photo       string         // id, "" none
	StoredAt    int            // how warm it is kept, tenths of °C; NoTemperature: not known
	ActedAt     measure.Millis // when it was listed on the device; 0 in lots from before this was kept
	CreatedAt   measure.Millis
}

// Share is what one household brought to a lot.
type Share struct {
	Household string
	Grams     measure.Grams
}

// LotInput is what is typed in about a lot.
type LotInput struct {
	ClientID    string // of the device; the same one again has no second effect
	Party       string
	Produce     string
	Grade       string
	Packing     string
	Weight      measure.Grams
	Packs       int64
	PackGrams   measure.Grams
	HarvestedOn string
	Place       Place
	Shares      []Share // who brought how much; "" for a household's own lot: itself
	SourceLine  string
	Evidence    string
	Photo       string
	StoredAt    *int           // tenths of °C, nil: not known
	ActedAt     measure.Millis // by the device's clock, 0: now
}

// NoTemperature stands for a temperature that nobody told.
const NoTemperature = -10_000

// stored gives the temperature of the input, or NoTemperature.
func (in LotInput) stored() int {
	if in.StoredAt == nil {
		return NoTemperature
	}
	return *in.StoredAt
}

// Stored gives how warm a lot is kept in tenths of °C, nil where nobody told.
func (l Lot) Stored() *int {
	if l.StoredAt == NoTemperature {
		return nil
	}
	return &l.StoredAt
}

// MaxLot is the most that one lot may weigh: 1,000 t. The county's whole daily harvest is 600 t, so more is a slip
// of the unit.
const MaxLot = 1000 * measure.Tonne

// maxPackPart is the share of the net weight, in 1/100, by which packs x pack weight may miss it.
const maxPackPart = 2

// maxHarvestAge is how old a harvest may be: apples keep seven months, nothing fresh keeps longer than a year.
const maxHarvestAge = 400 * 24 * time.Hour

// check gives the fault of the input on a day, or nil.
func (in LotInput) check(now time.Time) error {
	if in.Produce == "" {
		return fault.At("produce", "required", "Say which produce it is.")
	}
	if err := checkText("grade", in.Grade, 0, 60); err != nil {
		return err
	}
	if err := checkText("packing", in.Packing, 0, 60); err != nil {
		return err
	}
	if err := checkText("evidence", in.Evidence, 0, 200); err != nil {
		return err
	}
	if err := checkText("photo", in.Photo, 0, 64); err != nil {
		return err
	}
	if in.StoredAt != nil && (*in.StoredAt < -400 || *in.StoredAt > 500) {
		return fault.At("stored_tenths", "bad_stored", "Goods are kept between -40 and 50 °C.")
	}
	if err := checkMass("weight", in.Weight, MaxLot); err != nil {
		return err
	}
	if err := checkPacks(in.Packs, in.PackGrams, in.Weight); err != nil {
		return err
	}
	return checkHarvest(in.HarvestedOn, now)
}

// checkMass faults a mass that is not above zero or above most.
func checkMass(field string, g, most measure.Grams) error {
	if g <= 0 {
		return fault.At(field, "weight_not_positive", "A weight must be above zero.")
	}
	if g > most {
		return fault.At(field, "weight_absurd", "%s is more than the %s that can be right here: check the unit.", g, most)
	}
	return nil
}

// checkPacks faults packs whose nominal weight misses the net weight by more than 2 %. No packs: loose goods.
func checkPacks(packs int64, each, net measure.Grams) error {
	if packs == 0 && each == 0 {
		return nil
	}
	if packs <= 0 {
		return fault.At("packs", "bad_packs", "The number of packs must be above zero when a pack weight is given.")
	}
	if each <= 0 || each > net {
		return fault.At("pack_weight", "bad_pack_weight", "The weight of one pack must be above zero and at most the whole.")
	}
	if packs > int64(2*MaxLot/each) {
		return fault.At("packs", "packs_miss_weight", "That many packs can't weigh %s.", net)
	}
	sum := measure.Grams(packs) * each
	if diff := max(sum-net, net-sum); diff*100 > net*maxPackPart {
		return fault.At("packs", "packs_miss_weight", "%d packs of %s make %s, but the scale says %s: more than 2 %% apart.", packs, each, sum, net)
	}
	return nil
}

// china is the clock the dates of the trade are read on.
var china = time.FixedZone("+08", 8*3600)

// checkHarvest faults a date that does not exist, lies ahead, or is too old for anything fresh.
func checkHarvest(day string, now time.Time) error {
	if day == "" {
		return nil
	}
	at, err := time.ParseInLocation(time.DateOnly, day, china)
	if err != nil {
		return fault.At("harvested_on", "bad_date", "%q is no date; write it as 2020-02-01.", clip(day))
	}
	if at.After(now) {
		return fault.At("harvested_on", "date_ahead", "A harvest can't lie in the future.")
	}
	if now.Sub(at) > maxHarvestAge {
		return fault.At("harvested_on", "date_too_old", "Fresh produce is not more than 400 days old.")
	}
	return nil
}

// checkShares faults shares that are not above zero, name a household twice, or miss the lot's weight by more than 2 %.
func checkShares(shares []Share, weight measure.Grams) error {
	seen := map[string]bool{}
	var sum measure.Grams
	for _, s := range shares {
		if s.Grams <= 0 || s.Grams > MaxLot || seen[s.Household] {
			return fault.At("shares", "bad_share", "Each household is named once, with a weight above zero.")
		}
		seen[s.Household] = true
		sum += s.Grams
	}
	if diff := max(sum-weight, weight-sum); len(shares) > 0 && diff*100 > weight*maxPackPart {
		return fault.At("shares", "shares_miss_weight", "The households brought %s, but the lot weighs %s: more than 2 %% apart.", sum, weight)
	}
	return nil
}
