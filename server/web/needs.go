package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
)

// AmountBody is how much is needed.
type AmountBody struct {
	Kind   string `json:"kind" enum:"known,unknown,up_to"`
	Weight Mass   `json:"weight,omitempty"`
}

// HoursBody is a part of the day.
type HoursBody struct {
	From TimeOfDay `json:"from"`
	To   TimeOfDay `json:"to"`
}

// DemandBody is a need.
type DemandBody struct {
	Party      string     `json:"party" maxLength:"64"`
	Produce    string     `json:"produce" maxLength:"60"`
	Amount     AmountBody `json:"amount"`
	By         Instant    `json:"by,omitempty"`
	Why        string     `json:"why,omitempty" maxLength:"2000"`
	Relief     bool       `json:"relief,omitempty"`
	Storage    string     `json:"storage,omitempty" enum:",dry,cool,cold"`
	Unload     *HoursBody `json:"unload,omitempty"`
	NoForklift bool       `json:"no_forklift,omitempty"`
	Place      PlaceBody  `json:"place,omitempty" required:"false"`
}

// CallBody is what an operator learnt by calling the receiver back.
type CallBody struct {
	How        string      `json:"how" minLength:"1" maxLength:"200"`
	Amount     *AmountBody `json:"amount,omitempty"`
	Unload     *HoursBody  `json:"unload,omitempty"`
	NoForklift *bool       `json:"no_forklift,omitempty"`
	Storage    string      `json:"storage,omitempty" enum:",dry,cool,cold"`
}

// AmountView is how much is needed.
type AmountView struct {
	Kind  market.AmountKind `json:"kind"`
	Grams int64             `json:"grams,omitempty"`
}

// NeedView is a need with what became of it.
type NeedView struct {
	ID          string             `json:"id"`
	Party       string             `json:"party"`
	PartyName   string             `json:"party_name"`
	Produce     string             `json:"produce"`
	ProduceName string             `json:"produce_name"`
	Amount      AmountView         `json:"amount"`
	By          Instant            `json:"by,omitempty"`
	Why         string             `json:"why,omitempty"`
	Relief      bool               `json:"relief"`
	Storage     string             `json:"storage,omitempty"`
	Unload      *HoursBody         `json:"unload,omitempty"`
	NoForklift  bool               `json:"no_forklift"`
	Place       PlaceView          `json:"place"`
	State       market.DemandState `json:"state"`
	Committed   int64              `json:"committed_grams"`
	Allocated   int64              `json:"allocated_grams"`
	OnTruck     int64              `json:"on_truck_grams"`
	Accepted    int64              `json:"accepted_grams"`
	HandedOut   int64              `json:"handed_out_grams" doc:"of the accepted: to wards"`
	Rejected    int64              `json:"rejected_grams"`
	Lost        int64              `json:"lost_grams"`
	Open        *int64             `json:"open_grams,omitempty" doc:"still to be ordered; absent when there is no limit"`
	ConfirmedAt Instant            `json:"confirmed_at"`
	StaleAt     Instant            `json:"stale_at,omitempty" doc:"unless somebody says before that it stands"`
	VerifiedAt  Instant            `json:"verified_at,omitempty"`
	VerifiedHow string             `json:"verified_how,omitempty"`
}

func (s Services) needView(ctx context.Context, d market.DemandView) NeedView {
	v := NeedView{ID: d.ID, Party: d.Party, PartyName: d.Receiver.Name, Produce: d.Produce, ProduceName: s.produceName(ctx, d.Produce),
		Amount: AmountView{d.Kind, int64(d.Grams)}, By: Instant(d.By), Why: d.Why, Relief: d.Relief, Storage: d.Storage, NoForklift: d.NoForklift,
		Place: placeView(d.Place), State: d.State(d.Numbers, auth.SystemClock(ctx)), Committed: int64(d.Numbers.Committed),
		Allocated: int64(d.Numbers.Allocated), OnTruck: int64(d.Numbers.OnTruck), Accepted: int64(d.Numbers.Accepted), HandedOut: int64(d.Numbers.HandedOut),
		Rejected: int64(d.Numbers.Rejected), Lost: int64(d.Numbers.Lost), ConfirmedAt: Instant(d.ConfirmedAt), VerifiedAt: Instant(d.VerifiedAt),
		VerifiedHow: d.VerifiedHow, StaleAt: Instant(d.StaleAt(d.Numbers))}
	if open, limited := d.Open(d.Numbers); limited {
		v.Open = ptr(int64(open))
	}
	if d.UnloadTo > 0 {
		v.Unload = &HoursBody{TimeOfDay(d.UnloadFrom), TimeOfDay(d.UnloadTo)}
	}
	return v
}

// ShareOutBody asks how goods should be shared out over needs.
type ShareOutBody struct {
	Offer   string   `json:"offer,omitempty" maxLength:"64" doc:"what is left of it, in its packs"`
	Weight  Mass     `json:"weight,omitempty" doc:"without an offer, or less than is left of it"`
	Pack    Mass     `json:"pack,omitempty" doc:"parts are whole packs of so much"`
	Floor   Mass     `json:"floor,omitempty" doc:"nobody gets less, if it asked as much"`
	Demands []string `json:"demands" minItems:"1" maxItems:"200"`
}

// FairPartView is what one need would get.
type FairPartView struct {
	Demand     string `json:"demand"`
	Wants      int64  `json:"wants_grams,omitempty" doc:"what it still asks; absent with guess"`
	Guess      bool   `json:"guess,omitempty" doc:"nobody knows how much is needed: the mean of the others was taken"`
	Asked      int64  `json:"asked_grams" doc:"as it was counted: in whole packs"`
	AskedPacks int64  `json:"asked_packs"`
	Floor      int64  `json:"floor_grams"`
	FloorPacks int64  `json:"floor_packs"`
	Grams      int64  `json:"grams"`
	Packs      int64  `json:"packs"`
}

// FairLineView is what one need gets in a round: packs of the round x weight = whole x sum of the round + rest.
type FairLineView struct {
	Demand string `json:"demand"`
	Weight int64  `json:"weight" doc:"packs that it still asks; where not even the floors are there, its floor"`
	Whole  int64  `json:"whole"`
	Rest   int64  `json:"rest" doc:"what the division leaves over, of sum"`
	Extra  bool   `json:"extra,omitempty" doc:"among the largest rests: one pack more"`
	Full   bool   `json:"full,omitempty" doc:"it would get more than it asks: it gets what it asks, and the others share anew in the next round"`
	Given  int64  `json:"given" doc:"packs"`
}

// FairRoundView is one dealing out in proportion.
type FairRoundView struct {
	Packs int64          `json:"packs" doc:"dealt out"`
	Sum   int64          `json:"sum" doc:"of the weights"`
	Over  int64          `json:"over" doc:"left by the whole packs: one each to the largest rests"`
	Lines []FairLineView `json:"lines"`
}

// FairAsideView is a need of the same produce that is not in a fair share, as its numbers were then.
type FairAsideView struct {
	Demand       string          `json:"demand"`
	ReceiverName string          `json:"receiver_name"`
	Why          market.WhyAside `json:"not_in" doc:"why"`
	Asked        int64           `json:"asked_grams,omitempty" doc:"all that it asks; absent with unknown"`
	Unknown      bool            `json:"unknown,omitempty" doc:"nobody knows how much it asks"`
	Got          int64           `json:"got_grams" doc:"accepted"`
	Coming       int64           `json:"coming_grams" doc:"ordered, promised or on the road"`
}

// FairShareView is a fair share, with its method and all that is needed to work it out again by hand.
type FairShareView struct {
	Method market.FairMethod `json:"method"`
	Text   string            `json:"text" doc:"the method in words"`
	Total  int64             `json:"total_grams"`
	Pack   int64             `json:"pack_grams" doc:"1 for loose goods"`
	Packs  int64             `json:"packs" doc:"whole ones in the total"`
	Least  int64             `json:"least_grams" doc:"what was asked for as the floor"`
	Floor  int64             `json:"floor_packs" doc:"that in whole packs, rounded up: everybody gets them first, if it asks as much"`
	Floors int64             `json:"floors_packs" doc:"all floors together"`
	Known  int64             `json:"known_packs" doc:"asked by those who know how many; their mean stands for the others"`
	Knows  int64             `json:"known_needs"`
	Left   int64             `json:"left_grams"`
	Parts  []FairPartView    `json:"parts"`
	Rounds []FairRoundView   `json:"rounds" doc:"empty where there is enough for everybody"`
	Aside  []FairAsideView   `json:"aside" doc:"who is not in it, and why; null where an older share did not keep it"`
}

// fairTexts say the methods of sharing.
var fairTexts = map[market.FairMethod]map[string]string{
	market.AllMet: {"en": "There is enough for everybody.", "zh": "够分，各得所需。"},
	market.FloorsThenShares: {
		"en": "First everybody's floor; the rest in proportion to what is still asked, in whole packs by the largest remainder. An unknown amount counts as the mean of the known ones.",
		"zh": "先各给保底；余下按还缺的数量成比例分，按整件、最大余数法取整；数量不明的按其余的平均数算。",
	},
	market.FloorsCut: {"en": "Not enough even for the floors: in proportion to the floors, in whole packs by the largest remainder.", "zh": "连保底都不够：按保底数成比例分，按整件、最大余数法取整。"},
}

// fairShareView shows a share; names are those of the receivers, by need.
func fairShareView(d market.Division, lang string, names map[string]string) FairShareView {
	if lang != "zh" {
		lang = "en"
	}
	weigh := func(packs int64) int64 { return packs * int64(d.Pack) }
	return FairShareView{Method: d.Method, Text: fairTexts[d.Method][lang], Total: int64(d.Total), Pack: int64(d.Pack), Packs: d.Packs, Least: int64(d.Least), Floor: d.Floor, Floors: d.Floors,
		Known: d.Known, Knows: d.Knows,
		Left: int64(d.Left), Parts: mapped(d.Parts, func(p market.FairPart) FairPartView {
			return FairPartView{p.Demand, int64(p.Wants), p.Guess, weigh(p.Asked), p.Asked, weigh(p.Floor), p.Floor, weigh(p.Packs), p.Packs}
		}), Rounds: mapped(d.Rounds, func(r market.FairRound) FairRoundView {
			v := FairRoundView{Packs: r.Packs, Sum: r.Sum, Over: r.Over}
			for i, l := range r.Lines {
				v.Lines = append(v.Lines, FairLineView{d.Parts[i].Demand, l.Weight, l.Whole, l.Rest, l.Extra, l.Full, l.Given})
			}
			return v
		}), Aside: asideViews(d.Aside, names)}
}

func asideViews(list []market.FairAside, names map[string]string) []FairAsideView {
	if list == nil {
		return nil
	}
	return mapped(list, func(a market.FairAside) FairAsideView {
		return FairAsideView{a.Demand, names[a.Demand], a.Why, int64(a.Asked), a.Unknown, int64(a.Got), int64(a.Coming)}
	})
}

type demandsQuery struct {
	Party   string `query:"party" maxLength:"64"`
	Produce string `query:"produce" maxLength:"60" doc:"its code"`
	Open    bool   `query:"open" doc:"only those that nobody has ended or said enough of"`
	After   string `query:"after" maxLength:"64"`
}

type silentQuery struct {
	After string `query:"after" maxLength:"64"`
}

func registerDemands(api huma.API, s Services) {
	post(api, "/demands", "Posts a need", func(ctx context.Context, by auth.Actor, in *with[DemandBody]) (NeedView, error) {
		b := in.Body
		input := market.DemandInput{Party: b.Party, Produce: b.Produce, Kind: market.AmountKind(b.Amount.Kind), Grams: b.Amount.Weight.Grams,
			By: b.By.Millis(), Why: b.Why, Relief: b.Relief, Storage: b.Storage, NoForklift: b.NoForklift, Place: b.Place.place()}
		if b.Unload != nil {
			input.UnloadFrom, input.UnloadTo = int(b.Unload.From), int(b.Unload.To)
		}
		d, err := s.Market.CreateDemand(ctx, by, clientID(ctx), input)
		if err != nil {
			return NeedView{}, err
		}
		return s.showNeed(ctx, d.ID)
	})
	openGet(api, "/demands", "Lists needs, newest first", func(ctx context.Context, _ auth.Actor, in *demandsQuery) ([]NeedView, error) {
		list, err := s.Market.Demands(ctx, market.NeedsWanted{Party: in.Party, Produce: in.Produce, Open: in.Open, After: in.After})
		return mapped(list, func(d market.DemandView) NeedView { return s.needView(ctx, d) }), err
	})
	get(api, "/demands/to-confirm", "Needs that are stale or soon will be, the longest silent first", func(ctx context.Context, by auth.Actor, in *silentQuery) ([]NeedView, error) {
		list, err := s.Market.ToConfirm(ctx, by, in.After)
		return mapped(list, func(d market.DemandView) NeedView { return s.needView(ctx, d) }), err
	})
	post(api, "/shares", "Proposes a fair share of goods that are too few; writes nothing down", func(ctx context.Context, _ auth.Actor, in *with[ShareOutBody]) (FairShareView, error) {
		b := in.Body
		d, err := s.Market.ShareOut(ctx, market.ShareInput{Offer: b.Offer, Grams: b.Weight.Grams, Pack: b.Pack.Grams, Floor: b.Floor.Grams, Demands: b.Demands})
		if err != nil {
			return FairShareView{}, err
		}
		names, err := s.receiverNames(ctx, d.Needs())
		return fairShareView(d, requestOf(ctx).lang, names), err
	})
	openGet(api, "/demands/{id}", "Shows a need", func(ctx context.Context, _ auth.Actor, in *byID) (NeedView, error) {
		return s.showNeed(ctx, in.ID)
	})
	post(api, "/demands/{id}/verify", "Writes down the operator's call", func(ctx context.Context, by auth.Actor, in *idWith[CallBody]) (NeedView, error) {
		b := in.Body
		call := market.Call{How: b.How, NoForklift: b.NoForklift, Storage: b.Storage}
		if b.Amount != nil {
			call.Kind, call.Grams = market.AmountKind(b.Amount.Kind), b.Amount.Weight.Grams
		}
		if b.Unload != nil {
			call.HasUnload, call.UnloadFrom, call.UnloadTo = true, int(b.Unload.From), int(b.Unload.To)
		}
		d, err := s.Market.VerifyDemand(ctx, by, in.ID, call)
		if err != nil {
			return NeedView{}, err
		}
		return s.needView(ctx, d), nil
	})
	for path, act := range map[string]string{"confirm": "confirm", "refuse-more": "refuse_more", "close": "close", "cancel": "cancel"} {
		post(api, "/demands/{id}/"+path, "Moves a need on: "+act, func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (NeedView, error) {
			d, err := s.Market.ActOnDemand(ctx, by, in.ID, act, in.Body.Reason)
			if err != nil {
				return NeedView{}, err
			}
			return s.needView(ctx, d), nil
		})
	}
}

func (s Services) showNeed(ctx context.Context, id string) (NeedView, error) {
	d, err := s.Market.Demand(ctx, id)
	if err != nil {
		return NeedView{}, err
	}
	return s.needView(ctx, d), nil
}
