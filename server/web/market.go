package web

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
)

// PlaceBody is a spot with the county it lies in.
type PlaceBody struct {
	Name   string  `json:"name,omitempty" maxLength:"120"`
	Adcode string  `json:"adcode" maxLength:"6" doc:"Six digits, of any time"`
	Lon    float64 `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"WGS-84 degrees; without a point the county's serves"`
	Lat    float64 `json:"lat,omitempty" minimum:"-90" maximum:"90"`
}

func (p PlaceBody) place() market.Place {
	return market.Place{Name: p.Name, Adcode: p.Adcode, Point: measure.Point{Lon: p.Lon, Lat: p.Lat}}
}

// PlaceView is a spot as it is shown.
type PlaceView struct {
	Name   string        `json:"name"`
	Adcode string        `json:"adcode"`
	Point  measure.Point `json:"point"`
}

func placeView(p market.Place) PlaceView { return PlaceView{p.Name, p.Adcode, p.Point} }

// PartyBody is a new party.
type PartyBody struct {
	Kind     string    `json:"kind" enum:"coop,household,enterprise,donor,hospital,carrier,office,driver"`
	Name     string    `json:"name" minLength:"1" maxLength:"120"`
	NameEn   string    `json:"name_en,omitempty" maxLength:"120"`
	USCC     string    `json:"uscc,omitempty" maxLength:"18"`
	Place    PlaceBody `json:"place"`
	Coop     string    `json:"coop,omitempty" maxLength:"64" doc:"household: its cooperative"`
	Poor     bool      `json:"poor,omitempty" doc:"household: registered poor"`
	IDNumber string    `json:"id_number,omitempty" maxLength:"18" doc:"household: hashed and masked at once, never kept"`
}

// PartyView is a party.
type PartyView struct {
	ID     string    `json:"id"`
	Kind   string    `json:"kind"`
	Name   string    `json:"name"`
	NameEn string    `json:"name_en,omitempty"`
	Place  PlaceView `json:"place"`
}

func partyView(p market.Party) PartyView {
	return PartyView{p.ID, string(p.Kind), p.Name, p.NameEn, placeView(p.Place)}
}

type partiesQuery struct {
	Kind  string `query:"kind" maxLength:"20" default:"coop"`
	After string `query:"after" maxLength:"64"`
}

func registerParties(api huma.API, s Services) {
	post(api, "/parties", "Adds a party", func(ctx context.Context, by auth.Actor, in *with[PartyBody]) (PartyView, error) {
		b := in.Body
		p, err := s.Market.CreateParty(ctx, by, market.PartyInput{Kind: market.PartyKind(b.Kind), Name: b.Name, NameEn: b.NameEn, USCC: b.USCC,
			Place: b.Place.place(), Coop: b.Coop, Poor: b.Poor, IDNumber: b.IDNumber})
		return partyView(p), err
	})
	get(api, "/parties", "Lists parties of a kind", func(ctx context.Context, by auth.Actor, in *partiesQuery) ([]PartyView, error) {
		list, err := s.Market.Parties(ctx, by, market.PartyKind(in.Kind), in.After)
		return mapped(list, partyView), err
	})
	get(api, "/parties/{id}", "Shows a party", func(ctx context.Context, by auth.Actor, in *byID) (PartyView, error) {
		p, err := s.Market.Party(ctx, by, in.ID)
		return partyView(p), err
	})
}

// mapped applies f to each; the answer is never null.
func mapped[T, V any](list []T, f func(T) V) []V {
	out := make([]V, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

// one gives the only view of a list that was made for one thing.
func one[V any](list []V, err error) (V, error) {
	if err != nil {
		var none V
		return none, err
	}
	return list[0], nil
}

// ShareBody is what one household brought.
type ShareBody struct {
	Household string `json:"household" maxLength:"64"`
	Weight    Mass   `json:"weight"`
}

// LotBody is a new lot: a line as growers type it, or its parts.
type LotBody struct {
	Party       string      `json:"party" maxLength:"64"`
	Line        string      `json:"line,omitempty" maxLength:"500" doc:"like 苹果 3吨 富士80; what the parts below say wins"`
	Produce     string      `json:"produce,omitempty" maxLength:"60" doc:"any name of it"`
	Grade       string      `json:"grade,omitempty" maxLength:"60"`
	Weight      Mass        `json:"weight,omitempty"`
	Packs       int64       `json:"packs,omitempty" minimum:"0" maximum:"100000000"`
	PackWeight  Mass        `json:"pack_weight,omitempty"`
	Packing     string      `json:"packing,omitempty" maxLength:"60"`
	HarvestedOn Day         `json:"harvested_on,omitempty"`
	Place       PlaceBody   `json:"place"`
	Shares      []ShareBody `json:"shares,omitempty" maxItems:"2000" doc:"cooperative: who brought how much"`
	Evidence    string      `json:"evidence,omitempty" maxLength:"200" doc:"Id of the recording or message in which the grower agreed"`
	Photo       string      `json:"photo,omitempty" maxLength:"64"`
	Stored      *int        `json:"stored_tenths,omitempty" minimum:"-400" maximum:"500" doc:"how warm it is kept, in tenths of °C"`
}

func (b LotBody) input(ctx context.Context, s Services) (market.LotInput, error) {
	in := market.LotInput{ClientID: clientID(ctx), Party: b.Party, Produce: b.Produce, Grade: b.Grade, Packing: b.Packing, Weight: b.Weight.Grams,
		Packs: b.Packs, PackGrams: b.PackWeight.Grams, HarvestedOn: string(b.HarvestedOn), Place: b.Place.place(), SourceLine: b.Line, Evidence: b.Evidence, Photo: b.Photo, StoredAt: b.Stored}
	for _, sh := range b.Shares {
		in.Shares = append(in.Shares, market.Share{Household: sh.Household, Grams: sh.Weight.Grams})
	}
	if b.Line == "" {
		return in, nil
	}
	r, err := s.Market.Read(b.Line)
	if err != nil {
		return in, err
	}
	in.Produce, in.Grade, in.Packing = orText(in.Produce, r.Produce), orText(in.Grade, r.Grade), orText(in.Packing, r.Packing)
	if in.Weight == 0 {
		in.Weight = r.Weight
	}
	if in.Packs == 0 {
		in.Packs = r.Packs
	}
	if in.PackGrams == 0 && in.Packs > 0 {
		in.PackGrams = r.PackGrams
		if in.PackGrams == 0 {
			in.PackGrams = in.Weight / measure.Grams(in.Packs)
		}
	}
	return in, nil
}

func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// JoinBody makes one lot of several.
type JoinBody struct {
	LotBody
	Lots  []string   `json:"lots,omitempty" maxItems:"500" doc:"lots to take as a whole"`
	Parts []PartBody `json:"parts,omitempty" maxItems:"500" doc:"lots to take in part"`
}

// PartBody is what a joined lot takes of another.
type PartBody struct {
	Lot    string `json:"lot" maxLength:"64"`
	Weight Mass   `json:"weight"`
}

// LotView is a lot with what is left of it.
type LotView struct {
	ID          string     `json:"id"`
	Party       string     `json:"party"`
	PartyName   string     `json:"party_name,omitempty"`
	Produce     string     `json:"produce"`
	ProduceName string     `json:"produce_name"`
	Grade       string     `json:"grade,omitempty"`
	Packing     string     `json:"packing,omitempty"`
	Packs       int64      `json:"packs,omitempty"`
	PackGrams   int64      `json:"pack_grams,omitempty"`
	Weighed     int64      `json:"weighed_grams"`
	Available   int64      `json:"available_grams"`
	HarvestedOn string     `json:"harvested_on,omitempty"`
	Place       PlaceView  `json:"place"`
	Certificate string     `json:"certificate,omitempty"`
	SourceLine  string     `json:"source_line,omitempty"`
	Evidence    string     `json:"evidence,omitempty"`
	Mandate     string     `json:"mandate,omitempty"`
	Photo       string     `json:"photo,omitempty"`
	Stored      *int       `json:"stored_tenths,omitempty" doc:"how warm it is kept, in tenths of °C; absent: nobody told"`
	GoodUntil   string     `json:"good_until,omitempty" doc:"the day its shelf life ends, by the harvest, the produce and how warm it is kept"`
	Clock       *ClockView `json:"clock,omitempty" doc:"its decay clock; absent where the harvest or the shelf life is not known"`
	ActedAt     Instant    `json:"acted_at,omitempty" doc:"when it was listed on the device; without a network that is before created_at"`
	CreatedAt   Instant    `json:"created_at"`
}

func (s Services) lotView(ctx context.Context, l market.Lot, left measure.Grams) LotView {
	return LotView{ID: l.ID, Party: l.Party, Produce: l.Produce, ProduceName: s.produceName(ctx, l.Produce), Grade: l.Grade, Packing: l.Packing,
		Packs: l.Packs, PackGrams: int64(l.PackGrams), Weighed: int64(l.Weighed), Available: int64(left), HarvestedOn: l.HarvestedOn,
		Place: placeView(l.Place), Certificate: l.Certificate, SourceLine: l.SourceLine, Evidence: l.Evidence, Mandate: l.Mandate, Photo: l.Photo,
		Stored: l.Stored(), GoodUntil: s.goodUntil(ctx, l), Clock: s.clockView(ctx, l), ActedAt: Instant(l.ActedAt), CreatedAt: Instant(l.CreatedAt)}
}

// lotViews are lots as lotView shows them, with their sellers' names.
func (s Services) lotViews(ctx context.Context, list []market.Lot, left map[string]measure.Grams) ([]LotView, error) {
	names, err := s.partyNames(ctx, mapped(list, func(l market.Lot) string { return l.Party }))
	return mapped(list, func(l market.Lot) LotView {
		v := s.lotView(ctx, l, left[l.ID])
		v.PartyName = names[l.Party]
		return v
	}), err
}

// showLot is lotViews of one.
func (s Services) showLot(ctx context.Context, l market.Lot, left measure.Grams) (LotView, error) {
	return one(s.lotViews(ctx, []market.Lot{l}, map[string]measure.Grams{l.ID: left}))
}

// produceName says a produce in the language of the request.
func (s Services) produceName(ctx context.Context, id string) string {
	p, ok := s.Rules.Produce(id)
	if !ok {
		return id
	}
	return p.Called(requestOf(ctx).lang)
}

// LineBody is one line of words.
type LineBody struct {
	Line string `json:"line" minLength:"1" maxLength:"500"`
}

// ReadBackView is a line as it was understood, to be said back before anything is written down.
type ReadBackView struct {
	Text        string      `json:"text" doc:"The whole, to be read aloud"`
	Produce     string      `json:"produce"`
	ProduceName string      `json:"produce_name"`
	Grade       string      `json:"grade,omitempty"`
	Weight      int64       `json:"weight_grams"`
	PriceE4     *int64      `json:"price_e4,omitempty" doc:"absent when no price was said"`
	PerGuess    bool        `json:"per_guess,omitempty" doc:"the price had no unit; 斤 was taken"`
	Packs       int64       `json:"packs,omitempty"`
	Packing     string      `json:"packing,omitempty"`
	When        string      `json:"when,omitempty"`
	Pickup      *WindowBody `json:"pickup,omitempty" doc:"when the words name a day: 明早 is tomorrow from 6 to 10"`
}

func (s Services) readBackView(ctx context.Context, r market.ReadBack) ReadBackView {
	v := ReadBackView{Produce: r.Produce, ProduceName: s.produceName(ctx, r.Produce), Grade: r.Grade, Weight: int64(r.Weight), PerGuess: r.PerGuess,
		Packs: r.Packs, Packing: r.Packing, When: r.When}
	v.Text = v.ProduceName + " " + r.Weight.String() + " = " + r.Weight.Jin()
	if r.Price != measure.NoPrice {
		v.PriceE4 = ptr(int64(r.Price))
		v.Text += ", " + r.Price.PerJin() + " = " + r.Price.PerKilogram()
	}
	if r.Grade != "" {
		v.Text += ", " + r.Grade
	}
	if w, ok := measure.WindowOf(r.When, auth.SystemClock(ctx)); ok {
		v.Pickup = &WindowBody{Instant(w.From), Instant(w.To)}
		v.Text += ", " + clockSpan(w)
	}
	return v
}

// clockSpan says a span within one day of China: "2020-02-02 06:00-10:00".
func clockSpan(w measure.Window) string {
	from, to := time.UnixMilli(int64(w.From)).In(china), time.UnixMilli(int64(w.To)).In(china)
	return from.Format("2006-01-02 15:04") + "-" + to.Format("15:04")
}

// partyQuery asks for a page of what is one party's.
type partyQuery struct {
	Party string `query:"party" required:"true" maxLength:"64"`
	After string `query:"after" maxLength:"64"`
}

type lotsQuery struct {
	Party string `query:"party" maxLength:"64" doc:"left out: everybody's, for operators"`
	After string `query:"after" maxLength:"64"`
}

// CertificateBody is the number of a certificate of conformity.
type CertificateBody struct {
	Number string `json:"number" minLength:"1" maxLength:"60"`
}

func registerLots(api huma.API, s Services) {
	post(api, "/lots/read-back", "Says back how a line is understood; writes nothing down", func(ctx context.Context, _ auth.Actor, in *with[LineBody]) (ReadBackView, error) {
		r, err := s.Market.Read(in.Body.Line)
		if err != nil {
			return ReadBackView{}, err
		}
		return s.readBackView(ctx, r), nil
	})
	post(api, "/lots", "Lists a lot with its weight on the farm scale", func(ctx context.Context, by auth.Actor, in *with[LotBody]) (LotView, error) {
		input, err := in.Body.input(ctx, s)
		if err != nil {
			return LotView{}, err
		}
		l, err := s.Market.CreateLot(ctx, by, input)
		return s.lotView(ctx, l, l.Weighed), err
	})
	post(api, "/lots/join", "Packs lots of a cooperative and its households into one", func(ctx context.Context, by auth.Actor, in *with[JoinBody]) (LotView, error) {
		join, err := s.joinInput(ctx, by, in.Body)
		if err != nil {
			return LotView{}, err
		}
		l, err := s.Market.JoinLots(ctx, by, join)
		return s.lotView(ctx, l, l.Weighed), err
	})
	get(api, "/lots", "Lists a party's lots", func(ctx context.Context, by auth.Actor, in *lotsQuery) ([]LotView, error) {
		list, left, err := s.Market.Lots(ctx, by, in.Party, in.After)
		if err != nil {
			return nil, err
		}
		return s.lotViews(ctx, list, left)
	})
	get(api, "/lots/{id}", "Shows a lot", func(ctx context.Context, by auth.Actor, in *byID) (LotView, error) {
		l, n, err := s.Market.Lot(ctx, by, in.ID)
		if err != nil {
			return LotView{}, err
		}
		return s.showLot(ctx, l, n.Available)
	})
	post(api, "/lots/{id}/certificate", "Writes down the lot's certificate of conformity", func(ctx context.Context, by auth.Actor, in *idWith[CertificateBody]) (LotView, error) {
		if _, err := s.Market.Certify(ctx, by, in.ID, in.Body.Number); err != nil {
			return LotView{}, err
		}
		l, n, err := s.Market.Lot(ctx, by, in.ID)
		if err != nil {
			return LotView{}, err
		}
		return s.showLot(ctx, l, n.Available)
	})
}

// joinInput takes the lots named as a whole at what is left of them; without a weight their sum is the weight, without a
// produce theirs is the produce.
func (s Services) joinInput(ctx context.Context, by auth.Actor, b JoinBody) (market.JoinInput, error) {
	lot, err := b.input(ctx, s)
	if err != nil {
		return market.JoinInput{}, err
	}
	in := market.JoinInput{LotInput: lot}
	for _, p := range b.Parts {
		in.Parts = append(in.Parts, market.Part{Lot: p.Lot, Grams: p.Weight.Grams})
	}
	var sum measure.Grams
	for _, id := range b.Lots {
		l, n, err := s.Market.Lot(ctx, by, id)
		if err != nil {
			return in, err
		}
		in.Parts = append(in.Parts, market.Part{Lot: id, Grams: n.Available})
		sum += n.Available
		in.Produce, in.Grade, in.HarvestedOn = orText(in.Produce, l.Produce), orText(in.Grade, l.Grade), orText(in.HarvestedOn, l.HarvestedOn)
	}
	if in.Weight == 0 {
		in.Weight = sum
	}
	return in, nil
}

// WindowBody is a span of time.
type WindowBody struct {
	From Instant `json:"from,omitempty"`
	To   Instant `json:"to,omitempty"`
}

func windowBody(w measure.Window) WindowBody { return WindowBody{Instant(w.From), Instant(w.To)} }

func (w WindowBody) window() measure.Window {
	return measure.Window{From: w.From.Millis(), To: w.To.Millis()}
}

// OfferBody puts a lot up.
type OfferBody struct {
	Lot string `json:"lot" maxLength:"64"`
	OfferTermsBody
}

func (b OfferBody) input() market.OfferInput {
	in := b.OfferTermsBody.input()
	in.Lot = b.Lot
	return in
}

// OfferTermsBody is under which terms a lot is on offer.
type OfferTermsBody struct {
	Price     Price          `json:"price,omitempty"`
	Gift      bool           `json:"gift,omitempty"`
	Benefit   Price          `json:"benefit,omitempty" doc:"part of the price for the poor households of the lot"`
	MinWeight Mass           `json:"min_weight,omitempty"`
	Pickup    WindowBody     `json:"pickup,omitempty"`
	Orders    WindowBody     `json:"orders,omitempty" required:"false" doc:"when orders are taken; empty ends are open"`
	Tiers     []TierBody     `json:"tiers,omitempty" maxItems:"10" doc:"lower prices for more, by rising weight"`
	Until     Instant        `json:"until,omitempty" doc:"expires then; empty: never"`
	Poverty   bool           `json:"poverty,omitempty" doc:"asks for the poverty mark, which the county office checks"`
	Loss      *LossTermsBody `json:"loss,omitempty" doc:"how losses on the road are charged; absent: moisture by the rule of the day, the carrier answers for the rest"`
}

// LossTermsBody is what seller and buyer agree about losses on the road.
type LossTermsBody struct {
	Moisture int               `json:"moisture_per_mille" minimum:"-1" maximum:"100" doc:"of the loaded weight may dry out; -1: by the rule of the day"`
	Bearer   market.LossBearer `json:"bearer" enum:"carrier,seller" doc:"answers for the rest"`
}

func (b *LossTermsBody) terms() *market.LossTerms {
	if b == nil {
		return nil
	}
	return &market.LossTerms{MoisturePerMille: b.Moisture, Bearer: b.Bearer}
}

func (b OfferTermsBody) input() market.OfferInput {
	return market.OfferInput{Price: b.Price.E4, Gift: b.Gift, Benefit: b.Benefit.E4, Min: b.MinWeight.Grams, Pickup: b.Pickup.window(),
		Orders: b.Orders.window(), Tiers: mapped(b.Tiers, TierBody.tier), ExpiresAt: b.Until.Millis(), Poverty: b.Poverty, Loss: b.Loss.terms()}
}

// TierBody is the price from a weight on.
type TierBody struct {
	From  Mass  `json:"from"`
	Price Price `json:"price"`
}

func (t TierBody) tier() market.Tier { return market.Tier{From: t.From.Grams, Price: t.Price.E4} }

// OfferView is an offer with its lot.
type OfferView struct {
	ID          string            `json:"id"`
	Lot         string            `json:"lot"`
	Seller      string            `json:"seller"`
	SellerName  string            `json:"seller_name,omitempty"`
	PriceE4     int64             `json:"price_e4"`
	BenefitE4   int64             `json:"benefit_e4"`
	Gift        bool              `json:"gift"`
	Min         int64             `json:"min_grams"`
	Available   int64             `json:"available_grams"`
	Produce     string            `json:"produce"`
	ProduceName string            `json:"produce_name"`
	Grade       string            `json:"grade,omitempty"`
	Place       PlaceView         `json:"place"`
	State       market.OfferState `json:"state"`
	Poverty     bool              `json:"poverty" doc:"asks for the poverty mark; once on sale the county office found it right"`
	SentBack    string            `json:"sent_back_for,omitempty" doc:"to its seller and to operators, while it is no more than asked for: why the county office sent it back last"`
	Pickup      WindowBody        `json:"pickup"`
	Orders      WindowBody        `json:"orders"`
	Tiers       []market.Tier     `json:"tiers,omitempty"`
	Until       Instant           `json:"until,omitempty"`
	Loss        LossTermsBody     `json:"loss"`
	Version     int64             `json:"version" doc:"grows with every change; an order and a change say which one was read"`
	LotDetail   *LotView          `json:"lot_detail,omitempty"`
}

func (s Services) offerView(ctx context.Context, o market.Offer, l market.Lot, left measure.Grams) OfferView {
	detail := s.lotView(ctx, l, left)
	if o.Act != market.OfferDraft && o.Act != market.OfferPendingCheck {
		o.SentBack = "" // others see it now
	}
	return OfferView{ID: o.ID, Lot: o.Lot, Seller: o.Seller, PriceE4: int64(o.Price), BenefitE4: int64(o.Benefit), Gift: o.Gift, Min: int64(o.Min),
		Available: int64(left), Produce: l.Produce, ProduceName: detail.ProduceName, Grade: l.Grade, Place: detail.Place,
		State: o.State(left, auth.SystemClock(ctx)), Poverty: o.Poverty, SentBack: o.SentBack, Pickup: windowBody(o.Pickup),
		Orders: windowBody(o.Orders), Tiers: o.Tiers,
		Until: Instant(o.ExpiresAt), Loss: LossTermsBody{o.Loss.MoisturePerMille, o.Loss.Bearer}, Version: o.Version, LotDetail: &detail}
}

// SendBackBody says what is wrong with an offer's poverty mark.
type SendBackBody struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500"`
}

type offersQuery struct {
	Seller  string `query:"seller" maxLength:"64"`
	Produce string `query:"produce" maxLength:"60" doc:"its code"`
	After   string `query:"after" maxLength:"64"`
}

func registerOffers(api huma.API, s Services) {
	post(api, "/offers", "Puts a lot up, as a draft", func(ctx context.Context, by auth.Actor, in *with[OfferBody]) (OfferView, error) {
		b := in.Body
		o, err := s.Market.CreateOffer(ctx, by, clientID(ctx), b.input())
		if err != nil {
			return OfferView{}, err
		}
		return s.showOffer(ctx, by, o.ID)
	})
	post(api, "/offers/{id}/send_back", "An operator sends an offer back whose poverty mark is wrong", func(ctx context.Context, by auth.Actor, in *idWith[SendBackBody]) (OfferView, error) {
		if _, _, err := s.Market.ActOnOffer(ctx, by, in.ID, "send_back", in.Body.Reason); err != nil {
			return OfferView{}, err
		}
		return s.showOffer(ctx, by, in.ID)
	})
	for _, act := range []string{"publish", "approve", "pause", "resume", "close", "withdraw"} {
		post(api, "/offers/{id}/"+act, "Moves an offer on: "+act, func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (OfferView, error) {
			if _, _, err := s.Market.ActOnOffer(ctx, by, in.ID, act, in.Body.Reason); err != nil {
				return OfferView{}, err
			}
			return s.showOffer(ctx, by, in.ID)
		})
	}
	openGet(api, "/offers", "Lists what can be ordered, newest first; to a seller's own people all of its offers", func(ctx context.Context, by auth.Actor, in *offersQuery) ([]OfferView, error) {
		list, err := s.Market.Listings(ctx, by, market.OffersWanted{Seller: in.Seller, Produce: in.Produce, After: in.After})
		return mapped(list, func(l market.Listing) OfferView {
			v := s.offerView(ctx, l.Offer, l.Lot, l.Available)
			v.SellerName, v.LotDetail = l.Seller.Name, nil
			return v
		}), err
	})
	openGet(api, "/offers/{id}", "Shows an offer", func(ctx context.Context, by auth.Actor, in *byID) (OfferView, error) {
		return s.showOffer(ctx, by, in.ID)
	})
}

func (s Services) showOffer(ctx context.Context, by auth.Actor, id string) (OfferView, error) {
	o, l, n, err := s.Market.Offer(ctx, by, id)
	if err != nil {
		return OfferView{}, err
	}
	v := s.offerView(ctx, o, l, n.Available)
	seller, err := market.PartiesByID(ctx, s.DB.Read(), o.Seller)
	v.SellerName = seller[o.Seller].Name
	return v, err
}
