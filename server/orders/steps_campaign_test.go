package orders_test

import (
	"testing"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/market/markettest"
	"jishi/server/orders"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// campaigns brings gifts of 50 kg of apples into every state.
type campaigns struct {
	*world
	of map[string]orders.Order // by campaign
}

func (w *campaigns) open() string {
	w.t.Helper()
	need := w.need(union, "union", "apple", 100*kg)
	c, err := w.market.OpenCampaign(w.ctx, donor, "", market.CampaignInput{Donor: "donor", Title: "Apples", NamedUse: "apples for Union", GoalFen: 300_00, Demands: []string{need.ID}})
	id := get(w.t, c, err).ID
	offer := w.offer(liulin, market.OfferInput{Lot: w.lot(liulin, "liulin", "apple", 120*kg).ID, Price: 60_000})
	o, err := w.orders.Submit(w.ctx, donor, orders.Input{Buyer: "donor", Campaign: id, Lines: []orders.LineInput{line(offer, 50*kg, to(need, 50*kg))}})
	w.of[id] = get(w.t, o, err)
	return id
}

func (w *campaigns) funded() string {
	id := w.open()
	c, err := w.market.Campaign(w.ctx, id)
	w.pay(get(w.t, c, err).Reference, 300_00)
	return id
}

func (w *campaigns) buying() string {
	id := w.open()
	o, err := w.orders.Confirm(w.ctx, liulin, w.of[id].ID)
	w.of[id] = get(w.t, o, err)
	return id
}

func (w *campaigns) shipping() string {
	id := w.buying()
	w.take(w.of[id].Lines[0].To[0].ID, "truck-"+id, 50*kg)
	w.load("truck-"+id, 50*kg)
	return id
}

func (w *campaigns) delivered() string {
	id := w.shipping()
	w.receive("truck-"+id, 50*kg, 0, nil)
	return id
}

// TestEveryStepOfACampaign has everybody try every act on a gift in every state.
func TestEveryStepOfACampaign(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w := &campaigns{newWorld(t, db), map[string]orders.Order{}}
		acts := map[string]func(auth.Actor, string) error{
			"report": func(by auth.Actor, id string) error { _, err := w.market.Report(w.ctx, by, id); return err },
			"close":  func(by auth.Actor, id string) error { _, err := w.market.CloseCampaign(w.ctx, by, id); return err },
			"fail":   func(by auth.Actor, id string) error { _, err := w.market.FailCampaign(w.ctx, by, id); return err },
			"ask_use": func(by auth.Actor, id string) error {
				_, err := w.market.AskUseChange(w.ctx, by, id, "apples for whoever needs them", "Union has enough", nil)
				return err
			},
			"answer": func(by auth.Actor, id string) error {
				_, err := w.market.AnswerUseChange(w.ctx, by, id, true)
				return err
			},
		}
		after := func(first func() string, act string, by auth.Actor) func() string {
			return func() string {
				id := first()
				w.done(nil, acts[act](by, id))
				return id
			}
		}
		reported := after(w.delivered, "report", donor)
		machine{
			start: string(market.CampaignOpen), steps: markettest.Plain[market.CampaignState](market.CampaignSteps), ends: markettest.Words(market.CampaignEnds),
			into: map[string][]func() string{
				"open": {w.open}, "funded": {w.funded}, "buying": {w.buying}, "shipping": {w.shipping}, "delivered": {w.delivered}, "reported": {reported},
				"closed": {after(reported, "close", auditor)}, "failed": {after(w.open, "fail", operator)}, "use_change_asked": {after(w.open, "ask_use", operator)},
			},
			act: acts,
			who: []player{
				{donor, []market.Who{market.ByDonor}}, {operator, []market.Who{market.ByOperator}}, {auditor, []market.Who{market.ByAuditor}},
				{dispatcher, []market.Who{market.ByDispatcher}}, {liulin, nil}, {union, nil}, {firm, nil}, {finance, nil},
			},
			refuse: []string{"wrong_state", "nothing_asked", "already_asked"},
			unlike: []string{"use_change_asked ask_use"}, // one question at a time
			state: func(id string) string {
				v, err := w.market.Campaign(w.ctx, id)
				return string(get(t, v, err).State(v.Numbers))
			},
		}.walk(t)
	})
}
