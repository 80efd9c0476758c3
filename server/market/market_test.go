package market_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

const kg = measure.Kilogram

var firstDay = time.Date(2020, 2, 1, 9, 0, 0, 0, time.FixedZone("+08", 8*3600))

// noBooks says that nothing was ever ordered, but what a test says.
type books struct {
	demand   market.DemandNumbers
	campaign market.CampaignNumbers
	ordered  []string
}

func (b *books) OrderedLots(_ context.Context, _ store.Querier, lots ...string) ([]string, error) {
	var out []string
	for _, l := range lots {
		if slices.Contains(b.ordered, l) {
			out = append(out, l)
		}
	}
	return out, nil
}

func (b *books) OfDemands(_ context.Context, _ store.Querier, ids ...string) (map[string]market.DemandNumbers, error) {
	out := map[string]market.DemandNumbers{}
	for _, id := range ids {
		out[id] = b.demand
	}
	return out, nil
}

func (b *books) OfPledge(context.Context, store.Querier, string) (measure.Fen, error) { return 0, nil }

func (b *books) OfCampaign(context.Context, store.Querier, string) (market.CampaignNumbers, error) {
	return b.campaign, nil
}

// setup is a market with two cooperatives, three households of the first, a donor and a hospital.
type setup struct {
	*market.Service
	t     testing.TB
	ctx   context.Context
	db    *store.DB
	books *books
	told  []string // what Changed heard
}

func newSetup(t testing.TB, db *store.DB) *setup {
	t.Helper()
	s := &setup{t: t, db: db, books: &books{}}
	refs := 0
	s.Service = market.NewService(market.Deps{
		DB: db, Books: s.books, IDKey: []byte("key"),
		NewRef: func() string { refs++; return fmt.Sprint("REF", refs) },
		Produce: func(word string) (string, bool) {
			id, ok := map[string]string{"苹果": "apple", "apple": "apple", "大葱": "scallion"}[word]
			return id, ok
		},
		County: func(code string) (market.Place, bool) {
			return market.Place{Name: "凤翔县", Adcode: code, Point: measure.Point{Lon: 107.4, Lat: 34.5}}, code == "610322"
		},
		Changed: func(_ context.Context, _ store.Tx, kind market.Kind, ids ...string) error {
			for _, id := range ids {
				s.told = append(s.told, string(kind)+"/"+id)
			}
			return nil
		},
	})
	s.at(firstDay)
	for _, p := range []market.PartyInput{
		{ID: "liulin", Kind: market.Coop, Name: "Liulin"}, {ID: "biaojiao", Kind: market.Coop, Name: "Biaojiao"},
		{ID: "h1", Kind: market.HouseholdK, Name: "王秀英", Coop: "liulin", Poor: true, IDNumber: "11010519491231002X"},
		{ID: "h2", Kind: market.HouseholdK, Name: "李", Coop: "liulin"},
		{ID: "donor", Kind: market.Donor, Name: "Donor"}, {ID: "donor2", Kind: market.Donor, Name: "Second"},
		{ID: "union", Kind: market.Hospital, Name: "Union"},
	} {
		p.Place = market.Place{Adcode: "610322"}
		_, err := s.CreateParty(s.ctx, auth.System("seed"), p)
		get(t, 0, err)
	}
	return s
}

func (s *setup) at(t time.Time) { s.ctx = auth.WithTime(context.Background(), t) }

func actor(party string, role auth.Role) auth.Actor {
	return auth.Actor{User: "u-" + party, Grants: []auth.Grant{{Role: role, Party: party}}}
}

var (
	liulin   = actor("liulin", auth.Coop)
	biaojiao = actor("biaojiao", auth.Coop)
	grower   = actor("h1", auth.Grower)
	donor    = actor("donor", auth.Donor)
	donor2   = actor("donor2", auth.Donor)
	union    = actor("union", auth.Receiver)
	operator = auth.Actor{User: "op", Grants: []auth.Grant{{Role: auth.Operator}}}
	auditor  = auth.Actor{User: "aud", Grants: []auth.Grant{{Role: auth.Auditor}}}
	clerk    = auth.Actor{User: "clerk", Mandates: []auth.Mandate{{ID: "m1", Principal: "h1", Acts: []auth.Act{auth.ActLots}}}}
)

func get[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func wantFault(t testing.TB, err error, code, field string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Code != code || field != "" && f.Field != field {
		t.Errorf("got %+v (%v), want fault %s at %q", f, err, code, field)
	}
}

func (s *setup) left(lot string) measure.Grams {
	s.t.Helper()
	n, err := ledger.Balance(s.ctx, s.db.Read(), ledger.Grams, market.LotAvailable(lot))
	return measure.Grams(get(s.t, n, err))
}

func (s *setup) lot(by auth.Actor, party string, g measure.Grams) market.Lot {
	s.t.Helper()
	l, err := s.CreateLot(s.ctx, by, market.LotInput{Party: party, Produce: "苹果", Weight: g, Place: market.Place{Adcode: "610322"}})
	return get(s.t, l, err)
}

// A clerk lists for a grower under a mandate, from the line the grower sent; the lot knows the mandate and the recording.
func TestClerkListsForAGrower(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		r, err := s.Read("苹果 3吨 富士80 3元/斤")
		r = get(t, r, err)
		if r.Produce != "apple" || r.Weight != 3_000*kg || r.Price != 60_000 || r.Grade != "富士80" {
			t.Errorf("%+v", r)
		}
		in := market.LotInput{ClientID: "sms-1", Party: "h1", Produce: r.Produce, Grade: r.Grade, Weight: r.Weight,
			SourceLine: "苹果 3吨 富士80 3元/斤", Evidence: "rec-1", Place: market.Place{Adcode: "610322"}}
		l, err := s.CreateLot(s.ctx, clerk, in)
		l = get(t, l, err)
		again, err := s.CreateLot(s.ctx, clerk, in)
		if again = get(t, again, err); again.ID != l.ID || s.left(l.ID) != 3_000*kg {
			t.Errorf("sent twice: lots %s and %s, %s in the first", l.ID, again.ID, s.left(l.ID))
		}
		if l.Mandate != "m1" || l.Evidence != "rec-1" || l.Place.Name != "凤翔县" {
			t.Errorf("%+v", l)
		}
		shares, err := market.PoorShares(s.ctx, db.Read(), l.ID)
		if shares = get(t, shares, err); len(shares) != 1 || shares[0] != (market.Share{Household: "h1", Grams: 3_000 * kg}) {
			t.Errorf("%+v", shares)
		}
		_, err = s.CreateLot(s.ctx, biaojiao, in)
		wantFault(t, err, "no_such_party", "")
		events, err := ledger.Events(s.ctx, db.Read(), "lot/"+l.ID)
		if events = get(t, events, err); len(events) != 1 || events[0].Mandate != "m1" || !strings.Contains(events[0].Actor, "for h1 by mandate/m1") {
			t.Errorf("%+v", events)
		}
	})
}

func TestLineThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newSetup(t, storetest.SQLite(t))
	for line, code := range map[string]string{"": "no_produce", "龙眼 3吨": "unknown_produce", "苹果": "no_weight_said", "苹果 -3吨": "negative_weight"} {
		_, err := s.Read(line)
		wantFault(t, err, code, "line")
	}
}

func TestLotNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newSetup(t, storetest.SQLite(t))
	ok := market.LotInput{Party: "liulin", Produce: "苹果", Weight: 10_032 * kg, Packs: 1_672, PackGrams: 6 * kg, HarvestedOn: "2020-01-31", Place: market.Place{Adcode: "610322"}}
	for name, row := range map[string]struct {
		change      func(*market.LotInput)
		code, field string
	}{
		"no weight":         {func(in *market.LotInput) { in.Weight = 0 }, "weight_not_positive", "weight"},
		"negative weight":   {func(in *market.LotInput) { in.Weight = -1 }, "weight_not_positive", "weight"},
		"absurd weight":     {func(in *market.LotInput) { in.Weight = 1_000_001 * kg }, "weight_absurd", "weight"},
		"unknown produce":   {func(in *market.LotInput) { in.Produce = "龙眼" }, "unknown_produce", "produce"},
		"unknown county":    {func(in *market.LotInput) { in.Place.Adcode = "999999" }, "unknown_adcode", "place.adcode"},
		"point off earth":   {func(in *market.LotInput) { in.Place.Point.Lat = 91 }, "bad_point", "place"},
		"packs miss by 2 %": {func(in *market.LotInput) { in.Packs = 1_638 }, "packs_miss_weight", "packs"}, // 9,828 kg: 2.03 % less
		"packs overflow":    {func(in *market.LotInput) { in.Packs = 1 << 62 }, "packs_miss_weight", "packs"},
		"packs unsaid":      {func(in *market.LotInput) { in.Packs = 0 }, "bad_packs", "packs"},
		"no such day":       {func(in *market.LotInput) { in.HarvestedOn = "2020-02-30" }, "bad_date", "harvested_on"},
		"harvest ahead":     {func(in *market.LotInput) { in.HarvestedOn = "2020-02-02" }, "date_ahead", "harvested_on"},
		"harvest long ago":  {func(in *market.LotInput) { in.HarvestedOn = "2018-12-01" }, "date_too_old", "harvested_on"},
		"bad UTF-8":         {func(in *market.LotInput) { in.Grade = "\xff" }, "bad_text", "grade"},
		"shares miss":       {func(in *market.LotInput) { in.Shares = []market.Share{{Household: "h1", Grams: 9_000 * kg}} }, "shares_miss_weight", "shares"},
		"strange household": {func(in *market.LotInput) { in.Shares = []market.Share{{Household: "union", Grams: 10_032 * kg}} }, "no_such_household", "shares[0].household"},
	} {
		in := ok
		row.change(&in)
		_, err := s.CreateLot(s.ctx, liulin, in)
		if f := fault.Of(err); f == nil || f.Code != row.code || f.Field != row.field {
			t.Errorf("%s: got %v, want %s at %s", name, err, row.code, row.field)
		}
	}
	_, err := s.CreateLot(s.ctx, liulin, ok)
	get(t, 0, err)
	ok.Packs = 1_639 // 9,834 kg: 1.97 % less
	_, err = s.CreateLot(s.ctx, liulin, ok)
	get(t, 0, err)
}

// A joined lot weighs what the packhouse scale says; the parts are empty, and the households keep what they brought.
func TestJoinedLotKeepsWhoBroughtWhat(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		a, b := s.lot(grower, "h1", 3_000*kg), s.lot(liulin, "liulin", 7_000*kg)
		in := market.JoinInput{
			LotInput: market.LotInput{ClientID: "join-1", Party: "liulin", Produce: "苹果", Weight: 10_032 * kg, Packs: 1_672, PackGrams: 6 * kg, Place: market.Place{Adcode: "610322"}},
			Parts:    []market.Part{{Lot: a.ID, Grams: 3_000 * kg}, {Lot: b.ID, Grams: 7_000 * kg}},
		}
		for range 2 { // sent twice: one effect
			_, err := s.JoinLots(s.ctx, liulin, in)
			get(t, 0, err)
		}
		l, err := s.JoinLots(s.ctx, liulin, in)
		l = get(t, l, err)
		if s.left(a.ID) != 0 || s.left(b.ID) != 0 || s.left(l.ID) != 10_032*kg {
			t.Errorf("left %s, %s and %s", s.left(a.ID), s.left(b.ID), s.left(l.ID))
		}
		shares, err := market.Shares(s.ctx, db.Read(), l.ID)
		if shares = get(t, shares, err); !slices.Equal(shares, []market.Share{{Household: "h1", Grams: 3_000 * kg}}) {
			t.Errorf("%+v", shares)
		}

		in.ClientID = ""
		_, err = s.JoinLots(s.ctx, liulin, in)
		wantFault(t, err, "not_enough", "") // both are empty by now
		other := s.lot(biaojiao, "biaojiao", 7_000*kg)
		in.Parts[1].Lot = other.ID
		_, err = s.JoinLots(s.ctx, liulin, in)
		wantFault(t, err, "not_found", "parts[1].lot") // another cooperative's
		in.Parts = []market.Part{{Lot: b.ID, Grams: 9_000 * kg}}
		_, err = s.JoinLots(s.ctx, liulin, in)
		wantFault(t, err, "parts_miss_weight", "weight")
		if report, err := ledger.Verify(s.ctx, db); err != nil || !report.OK() {
			t.Errorf("%+v, %v", report, err)
		}
	})
}

func TestSplitLosesNothing(t *testing.T) {
	t.Parallel()
	shares := []market.Share{{Household: "a", Grams: 1}, {Household: "b", Grams: 1}, {Household: "c", Grams: 1}}
	if got := market.Split(100, shares); !slices.Equal(got, []int64{34, 33, 33}) {
		t.Errorf("%v", got)
	}
	shares[2].Grams = 1 << 60
	if got := market.Split(1<<62, shares); got[0]+got[1]+got[2] != 1<<62 {
		t.Errorf("%v", got)
	}
}

// The offer's state follows the seller's acts, the lot and the clock.
func TestOfferStates(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		l := s.lot(liulin, "liulin", 1_000*kg)
		o, err := s.CreateOffer(s.ctx, liulin, "", market.OfferInput{Lot: l.ID, Price: 60_000, Min: 100 * kg, ExpiresAt: measure.Millis(firstDay.Add(time.Hour).UnixMilli())})
		o = get(t, o, err)
		_, _, _, err = s.Offer(s.ctx, donor, o.ID)
		wantFault(t, err, "not_found", "") // a draft is the seller's alone
		do := func(by auth.Actor, act string) error {
			_, _, err := s.ActOnOffer(s.ctx, by, o.ID, act, "")
			return err
		}
		wantFault(t, do(biaojiao, "publish"), "not_found", "")
		wantFault(t, do(liulin, "pause"), "wrong_state", "")
		listed := func(by auth.Actor) int {
			list, err := s.Listings(s.ctx, by, market.OffersWanted{Seller: "liulin"})
			return len(get(t, list, err))
		}
		for _, act := range []struct {
			name   string
			others int // how many of the seller's offers others find behind it
		}{{"publish", 1}, {"pause", 0}, {"resume", 1}} {
			if err := do(liulin, act.name); err != nil {
				t.Fatalf("%s: %v", act.name, err)
			}
			if own, others := listed(liulin), listed(donor); own != 1 || others != act.others {
				t.Errorf("after %s its seller finds %d offers, others %d", act.name, own, others)
			}
		}
		wantFault(t, do(liulin, "expire"), "wrong_state", "") // the clock's, not a person's
		if !slices.Contains(s.told, "offer/"+o.ID) {
			t.Error("search was not told")
		}
		now, _, n, err := s.Offer(s.ctx, donor, o.ID)
		now = get(t, now, err)
		for left, want := range map[measure.Grams]market.OfferState{n.Available: market.OfferLive, 100 * kg: market.OfferLive, 100*kg - 1: market.OfferSoldOut, 0: market.OfferSoldOut} {
			if got := now.State(left, firstDay); got != want {
				t.Errorf("%s left: %s, want %s", left, got, want)
			}
		}
		if got := now.State(n.Available, firstDay.Add(2*time.Hour)); got != market.OfferExpired {
			t.Errorf("after its last hour it is %s", got)
		}
		s.at(firstDay.Add(2 * time.Hour))
		wantFault(t, do(liulin, "withdraw"), "wrong_state", "")
	})
}

// The county office checks an offer with the poverty mark before it is seen.
func TestPovertyMarkIsChecked(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		l := s.lot(liulin, "liulin", 1_000*kg)
		o, err := s.CreateOffer(s.ctx, liulin, "", market.OfferInput{Lot: l.ID, Price: 60_000, Poverty: true})
		o = get(t, o, err)
		p, _, err := s.ActOnOffer(s.ctx, liulin, o.ID, "publish", "")
		if p = get(t, p, err); p.Act != market.OfferPendingCheck {
			t.Errorf("published: %s", p.Act)
		}
		_, _, err = s.ActOnOffer(s.ctx, liulin, o.ID, "approve", "")
		wantFault(t, err, "operators_only", "")
		p, _, err = s.ActOnOffer(s.ctx, operator, o.ID, "approve", "")
		if p = get(t, p, err); p.Act != market.OfferLive {
			t.Errorf("approved: %s", p.Act)
		}
	})
}

func TestOfferNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newSetup(t, storetest.SQLite(t))
	l := s.lot(liulin, "liulin", 1_000*kg)
	for field, in := range map[string]market.OfferInput{
		"price":      {Lot: l.ID},
		"benefit":    {Lot: l.ID, Price: 10, Benefit: 11},
		"min_weight": {Lot: l.ID, Price: 10, Min: -1},
		"pickup.to":  {Lot: l.ID, Price: 10, Pickup: measure.Window{From: 2, To: 1}},
		"orders.to":  {Lot: l.ID, Price: 10, Orders: measure.Window{From: 1, To: 2}}, // fifty years ago
		"until":      {Lot: l.ID, Price: 10, ExpiresAt: measure.Millis(firstDay.UnixMilli())},
		"lot":        {Price: 10},
	} {
		_, err := s.CreateOffer(s.ctx, liulin, "", in)
		if f := fault.Of(err); f == nil || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := s.CreateOffer(s.ctx, biaojiao, "", market.OfferInput{Lot: l.ID, Price: 10})
	wantFault(t, err, "not_found", "lot")
}

// A need ages: 48 hours for relief, 14 days for trade, and a confirmation starts the clock anew.
func TestNeedGoesStale(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		d, err := s.CreateDemand(s.ctx, union, "", market.DemandInput{Party: "union", Produce: "苹果", Kind: market.Unknown, Relief: true})
		d = get(t, d, err)
		state := func(at time.Time) market.DemandState {
			v, err := s.Demand(s.ctx, d.ID)
			v = get(t, v, err)
			return v.State(v.Numbers, at)
		}
		if got := state(firstDay.Add(48 * time.Hour)); got != market.DemandPosted {
			t.Errorf("after 48 h: %s", got)
		}
		late := firstDay.Add(48*time.Hour + time.Second)
		if got := state(late); got != market.DemandStale {
			t.Errorf("after 48 h and a second: %s", got)
		}
		s.at(late)
		_, err = s.ActOnDemand(s.ctx, donor, d.ID, "confirm", "")
		wantFault(t, err, "not_found", "")
		_, err = s.ActOnDemand(s.ctx, union, d.ID, "confirm", "")
		get(t, 0, err)
		if got := state(late); got != market.DemandPosted {
			t.Errorf("confirmed but never verified: %s", got)
		}
		_, err = s.VerifyDemand(s.ctx, union, d.ID, market.Call{How: "me"})
		wantFault(t, err, "operators_only", "")
		v, err := s.VerifyDemand(s.ctx, operator, d.ID, market.Call{How: "called 027-1", Kind: market.UpTo, Grams: 6_000 * kg})
		if v = get(t, v, err); v.Kind != market.UpTo || v.Grams != 6_000*kg || !v.Verified() || state(late) != market.DemandVerified {
			t.Errorf("%+v", v.Demand)
		}
	})
}

func TestListsNarrow(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		var ids []string
		for _, produce := range []string{"苹果", "苹果", "苹果", "大葱"} {
			d, err := s.CreateDemand(s.ctx, union, "", market.DemandInput{Party: "union", Produce: produce, Kind: market.Unknown})
			ids = append(ids, get(t, d, err).ID)
		}
		for i, act := range []string{"refuse_more", "cancel"} {
			_, err := s.ActOnDemand(s.ctx, union, ids[i], act, "够了")
			get(t, 0, err)
		}
		apple, leek := ids[2], ids[3]
		one, err := s.Demand(s.ctx, apple)
		produce := get(t, one, err).Produce
		for want, in := range map[string]market.NeedsWanted{
			leek + apple + ids[1] + ids[0]: {},
			leek + apple:                   {Open: true},
			apple + ids[1] + ids[0]:        {Produce: produce},
			apple:                          {Open: true, Produce: produce, Party: "union"},
			ids[0]:                         {Produce: produce, After: ids[1]},
		} {
			list, err := s.Demands(s.ctx, in)
			got := ""
			for _, d := range get(t, list, err) {
				got += d.ID
			}
			if got != want {
				t.Errorf("%+v: %s, want %s", in, got, want)
			}
		}
	})
}

func TestNeedStatesByNumbers(t *testing.T) {
	t.Parallel()
	d := market.Demand{Kind: market.UpTo, Grams: 100 * kg, Act: market.DemandVerified, VerifiedAt: 1, ConfirmedAt: measure.Millis(firstDay.UnixMilli())}
	for _, row := range []struct {
		n    market.DemandNumbers
		want market.DemandState
		open measure.Grams
	}{
		{market.DemandNumbers{}, market.DemandVerified, 100 * kg},
		{market.DemandNumbers{OnTruck: 100 * kg}, market.DemandVerified, 0}, // on the road is not met
		{market.DemandNumbers{Accepted: 1, Allocated: 10 * kg, Committed: 5 * kg}, market.DemandPartMet, 85*kg - 1},
		{market.DemandNumbers{Accepted: 100 * kg}, market.DemandMet, 0},
		{market.DemandNumbers{Accepted: 120 * kg}, market.DemandMet, 0},
		{market.DemandNumbers{Rejected: 100 * kg}, market.DemandVerified, 100 * kg},
	} {
		open, limited := d.Open(row.n)
		if got := d.State(row.n, firstDay); got != row.want || open != row.open || !limited {
			t.Errorf("%+v: %s, %s open; want %s, %s", row.n, got, open, row.want, row.open)
		}
	}
	d.Kind, d.Grams = market.Unknown, 0
	if _, limited := d.Open(market.DemandNumbers{Accepted: 5}); limited || d.State(market.DemandNumbers{Accepted: 5}, firstDay) != market.DemandPartMet {
		t.Error("a need of unknown amount has no limit and is never met by weight")
	}
}

// From its opening on the use of a campaign is locked; it changes only when every donor says yes, and no answer is a no.
func TestNamedUseNeedsEveryDonorsYes(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		d, err := s.CreateDemand(s.ctx, union, "", market.DemandInput{Party: "union", Produce: "苹果", Kind: market.Unknown, Relief: true})
		d = get(t, d, err)
		c, err := s.OpenCampaign(s.ctx, donor, "", market.CampaignInput{Donor: "donor", Title: "t", NamedUse: "patients", Demands: []string{d.ID}})
		c = get(t, c, err)
		if err := db.InTx(s.ctx, func(tx store.Tx) error { return market.AddDonor(s.ctx, tx, c.ID, "donor2", 1) }); err != nil {
			t.Fatal(err)
		}
		use := func() string {
			v, err := s.Campaign(s.ctx, c.ID)
			return get(t, v, err).NamedUse
		}
		ask := func() {
			t.Helper()
			_, err := s.AskUseChange(s.ctx, donor, c.ID, "sell on the market", "spoils", nil)
			get(t, 0, err)
		}
		answer := func(by auth.Actor, yes bool) error {
			_, err := s.AnswerUseChange(s.ctx, by, c.ID, yes)
			return err
		}
		wantFault(t, answer(donor, true), "nothing_asked", "")
		_, err = s.AskUseChange(s.ctx, union, c.ID, "x", "", nil)
		wantFault(t, err, "not_found", "")

		ask()
		v, err := s.Campaign(s.ctx, c.ID)
		if v = get(t, v, err); v.State(v.Numbers) != market.CampaignUseAsked {
			t.Errorf("asked: %s", v.State(v.Numbers))
		}
		_, err = s.AskUseChange(s.ctx, donor, c.ID, "another", "", nil)
		wantFault(t, err, "already_asked", "")
		wantFault(t, answer(union, true), "not_found", "")
		if err := answer(donor, true); err != nil {
			t.Fatal(err)
		}
		wantFault(t, answer(donor, false), "already_answered", "")
		if use() != "patients" {
			t.Error("one of two said yes, and the use changed")
		}
		s.at(firstDay.Add(24*time.Hour + time.Second)) // donor2 was silent
		wantFault(t, answer(donor2, true), "nothing_asked", "")
		if use() != "patients" {
			t.Error("silence counted as a yes")
		}

		ask()
		if err := answer(donor2, false); err != nil {
			t.Fatal(err)
		}
		wantFault(t, answer(donor, true), "nothing_asked", "") // one no ends it

		ask()
		both := donor
		both.Grants = append(slices.Clone(donor.Grants), donor2.Grants...)
		get(t, 0, answer(both, true))
		get(t, 0, answer(both, false)) // the other donor's answer
		wantFault(t, answer(both, true), "nothing_asked", "")

		ask()
		for _, by := range []auth.Actor{donor, donor2} {
			if err := answer(by, true); err != nil {
				t.Fatal(err)
			}
		}
		if use() != "sell on the market" {
			t.Errorf("all said yes, and it is %q", use())
		}
		get(t, 0, db.InTx(s.ctx, func(tx store.Tx) error { return market.AddDonor(s.ctx, tx, c.ID, "union", 1) }))
		v, err = s.Campaign(s.ctx, c.ID)
		if v = get(t, v, err); v.State(v.Numbers) == market.CampaignUseAsked {
			t.Error("who joins after the answer is asked as well")
		}
	})
}

func TestCampaignStatesByNumbers(t *testing.T) {
	t.Parallel()
	c := market.Campaign{Act: market.CampaignOpen, GoalFen: 100}
	for _, row := range []struct {
		n    market.CampaignNumbers
		want market.CampaignState
	}{
		{market.CampaignNumbers{Paid: 99}, market.CampaignOpen},
		{market.CampaignNumbers{Paid: 100}, market.CampaignFunded},
		{market.CampaignNumbers{Paid: 100, Reserved: 1}, market.CampaignBuying},
		{market.CampaignNumbers{Loaded: 2, OnTruck: 2}, market.CampaignShipping},
		{market.CampaignNumbers{Loaded: 2, Accepted: 1, Reserved: 1}, market.CampaignShipping},
		{market.CampaignNumbers{Loaded: 2, Accepted: 2}, market.CampaignDelivered},
		{market.CampaignNumbers{Loaded: 2, Accepted: 2, UseAsked: true}, market.CampaignUseAsked},
	} {
		if got := c.State(row.n); got != row.want {
			t.Errorf("%+v: %s, want %s", row.n, got, row.want)
		}
	}
}

func TestReportComesAfterDeliveryAndClosesByTheAuditor(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		d, err := s.CreateDemand(s.ctx, union, "", market.DemandInput{Party: "union", Produce: "苹果", Kind: market.Unknown})
		d = get(t, d, err)
		c, err := s.OpenCampaign(s.ctx, donor, "", market.CampaignInput{Donor: "donor", Title: "t", NamedUse: "u", Demands: []string{d.ID}})
		c = get(t, c, err)
		_, err = s.Report(s.ctx, donor, c.ID)
		wantFault(t, err, "wrong_state", "")
		s.books.campaign = market.CampaignNumbers{Loaded: 5, Accepted: 5}
		_, err = s.CloseCampaign(s.ctx, auditor, c.ID)
		wantFault(t, err, "wrong_state", "") // not reported yet
		_, err = s.Report(s.ctx, donor2, c.ID)
		wantFault(t, err, "no_such_party", "")
		v, err := s.Report(s.ctx, donor, c.ID)
		if v = get(t, v, err); v.State(v.Numbers) != market.CampaignReported {
			t.Errorf("reported: %s", v.State(v.Numbers))
		}
		_, err = s.CloseCampaign(s.ctx, donor, c.ID)
		wantFault(t, err, "auditor_closes", "")
		v, err = s.CloseCampaign(s.ctx, auditor, c.ID)
		if v = get(t, v, err); v.Act != market.CampaignClosed {
			t.Errorf("closed: %s", v.Act)
		}
	})
}

// A household is seen by its own people alone, and its identity number by nobody.
func TestHouseholdsAreNotOnShow(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := newSetup(t, db)
		for _, by := range []auth.Actor{biaojiao, donor, union, {}} {
			_, err := s.Party(s.ctx, by, "h1")
			wantFault(t, err, "not_found", "")
			list, err := s.Parties(s.ctx, by, market.HouseholdK, "")
			if list = get(t, list, err); len(list) != 0 {
				t.Errorf("%s sees %d households", by.ID(), len(list))
			}
		}
		for _, by := range []auth.Actor{liulin, grower, operator} {
			_, err := s.Party(s.ctx, by, "h1")
			get(t, 0, err)
		}
		for range 101 { // a page of another cooperative's households, which stand before
			_, err := s.CreateParty(s.ctx, biaojiao, market.PartyInput{Kind: market.HouseholdK, Name: "某", Coop: "biaojiao", Place: market.Place{Adcode: "610322"}})
			get(t, 0, err)
		}
		for _, seen := range []struct {
			by   auth.Actor
			want int
		}{{liulin, 2}, {grower, 1}, {biaojiao, 100}, {operator, 100}} {
			list, err := s.Parties(s.ctx, seen.by, market.HouseholdK, "")
			if list = get(t, list, err); len(list) != seen.want {
				t.Errorf("%s sees %d households, not %d", seen.by.ID(), len(list), seen.want)
			}
		}
		h, err := market.HouseholdByParty(s.ctx, db.Read(), "h1")
		if h = get(t, h, err); h.IDMasked != "1101**********002X" {
			t.Errorf("mask %q", h.IDMasked)
		}
		_, err = s.CreateParty(s.ctx, liulin, market.PartyInput{Kind: market.HouseholdK, Name: "Twice", Coop: "liulin", IDNumber: "11010519491231002X", Place: market.Place{Adcode: "610322"}})
		wantFault(t, err, "known_id_number", "id_number")
		_, err = s.CreateParty(s.ctx, liulin, market.PartyInput{Kind: market.HouseholdK, Name: "Typo", Coop: "liulin", IDNumber: "110105194912310021", Place: market.Place{Adcode: "610322"}})
		wantFault(t, err, "bad_id_number", "id_number")
		_, err = s.CreateParty(s.ctx, liulin, market.PartyInput{Kind: market.HouseholdK, Name: "Theirs", Coop: "biaojiao", Place: market.Place{Adcode: "610322"}})
		wantFault(t, err, "operators_only", "")
		if got := market.MaskName("王秀英"); got != "王**" {
			t.Errorf("masked name %q", got)
		}
	})
}

// The tables of states: what they start from is reached, and a step says who takes it.
func TestStepsReachEveryState(t *testing.T) {
	t.Parallel()
	checkSteps(t, market.OfferSteps, market.OfferDraft)
	checkSteps(t, market.DemandSteps, market.DemandDraft)
	checkSteps(t, market.CampaignSteps, market.CampaignOpen)
}

func checkSteps[S ~string](t *testing.T, steps []market.Step[S], start S) {
	t.Helper()
	reached := map[S]bool{start: true, "*": true}
	for range steps {
		for _, s := range steps {
			if reached[s.From] {
				reached[s.To] = true
			}
		}
	}
	for _, s := range steps {
		if !reached[s.From] || s.Who == "" || s.Act == "" {
			t.Errorf("step %+v starts where nobody comes, or says not who", s)
		}
	}
}
