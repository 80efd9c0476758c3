package web

import (
	"context"
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/payment"
)

// CheckoutBody says in which language the payment page is shown.
type CheckoutBody struct {
	Lang string `json:"lang,omitempty" enum:"zh,en" doc:"of the payment page"`
}

// GiftCheckoutBody says how much a donor gives to a campaign.
type GiftCheckoutBody struct {
	Payer   string         `json:"payer" minLength:"1" maxLength:"64" doc:"party that gives"`
	Amount  Money          `json:"amount"`
	Lang    string         `json:"lang,omitempty" enum:"zh,en" doc:"of the payment page"`
	Unspent market.Unspent `json:"unspent,omitempty" enum:"back,next" doc:"what becomes of the giver's part of what is left over; back when it is left out"`
	Named   bool           `json:"named,omitempty" doc:"the giver's name is shown on the public page"`
}

// CheckoutView is a payment by card or wallet.
type CheckoutView struct {
	ID       string          `json:"id"`
	State    orders.PayState `json:"state"`
	URL      string          `json:"url,omitempty" doc:"where to pay, while it is open"`
	For      payment.Kind    `json:"for"`
	ForID    string          `json:"for_id"`
	Fen      int64           `json:"fen" doc:"that was asked"`
	Got      int64           `json:"got,omitempty" doc:"that came, in the smallest unit of its currency, where it is held"`
	Currency string          `json:"currency,omitempty" doc:"of what came, where it is held"`
	Returned int64           `json:"returned_fen" doc:"that went back or is on its way back"`
	MadeAt   Instant         `json:"made_at"`
	Refunds  []RefundView    `json:"refunds" doc:"the oldest first"`
	Disputes []DisputeView   `json:"disputes" doc:"the oldest first"`
}

// RefundView is a part of a payment on its way back to its payer.
type RefundView struct {
	Fen     int64             `json:"fen"`
	State   payment.RefundAct `json:"state" enum:"due,asked,done,failed" doc:"failed: it did not go through, and is owed by bank transfer"`
	AskedAt Instant           `json:"asked_at"`
	EndedAt Instant           `json:"ended_at"`
}

// DisputeView is a payment that its payer's bank took back.
type DisputeView struct {
	Fen      int64              `json:"fen"`
	State    payment.DisputeAct `json:"state" enum:"open,won,lost" doc:"won: the money came again"`
	Reason   string             `json:"reason" doc:"the payment service's word"`
	OpenedAt Instant            `json:"opened_at"`
	ClosedAt Instant            `json:"closed_at"`
}

func checkoutView(c orders.CheckoutView) CheckoutView {
	return CheckoutView{
		c.ID, c.State, c.URL, c.For, c.ForID, int64(c.Fen), int64(c.Got), c.GotCurrency, int64(c.Returned), Instant(c.MadeAt),
		mapped(c.Refunds, func(r payment.GatewayRefund) RefundView {
			return RefundView{int64(r.Fen), r.Act, Instant(r.AskedAt), Instant(r.EndedAt)}
		}),
		mapped(c.Disputes, func(d payment.GatewayDispute) DisputeView {
			return DisputeView{int64(d.Fen), d.Act, d.Reason, Instant(d.OpenedAt), Instant(d.ClosedAt)}
		}),
	}
}

// ReleaseBody is what finance decides about a held payment.
type ReleaseBody struct {
	Take   bool   `json:"take" doc:"it counts for what it was for; else it goes back the way it came"`
	Reason string `json:"reason" minLength:"1" maxLength:"1000"`
}

// GatewayEventView is a message of the payment service.
type GatewayEventView struct {
	ID         string  `json:"id"`
	Type       string  `json:"type"`
	ReceivedAt Instant `json:"received_at"`
	Outcome    string  `json:"outcome" enum:"waiting,done,nothing,unknown,held,other_api_version"`
	Body       string  `json:"body" doc:"as it was sent"`
}

type outcomeQuery struct {
	Outcome string `query:"outcome" enum:"waiting,done,nothing,unknown,held,other_api_version" default:"waiting"`
}

func registerPayments(api huma.API, s Services) {
	post(api, "/orders/{id}/checkout", "Opens a page to pay what an order lacks by card or wallet", func(ctx context.Context, by auth.Actor, in *idWith[CheckoutBody]) (CheckoutView, error) {
		c, err := s.Orders.Checkout(ctx, by, orders.CheckoutInput{ClientID: clientID(ctx), For: payment.ForOrder, ForID: in.ID, Lang: payLang(ctx, in.Body.Lang)})
		return checkoutView(c), err
	})
	get(api, "/orders/{id}/payments", "Lists an order's payments by card or wallet", func(ctx context.Context, by auth.Actor, in *byID) ([]CheckoutView, error) {
		list, err := s.Orders.Payments(ctx, by, in.ID)
		return mapped(list, checkoutView), err
	})
	post(api, "/campaigns/{id}/checkout", "Opens a page to give to a campaign by card or wallet", func(ctx context.Context, by auth.Actor, in *idWith[GiftCheckoutBody]) (CheckoutView, error) {
		c, err := s.Orders.Checkout(ctx, by, orders.CheckoutInput{
			ClientID: clientID(ctx), For: payment.ForCampaign, ForID: in.ID, Payer: in.Body.Payer, Fen: in.Body.Amount.Fen, Lang: payLang(ctx, in.Body.Lang),
			Unspent: in.Body.Unspent, Named: in.Body.Named,
		})
		return checkoutView(c), err
	})
	post(api, "/checkouts/{id}/look", "Asks the payment service how a payment stands", func(ctx context.Context, by auth.Actor, in *byID) (CheckoutView, error) {
		c, err := s.Orders.LookAt(ctx, by, in.ID)
		return checkoutView(c), err
	})
	get(api, "/checkouts/held", "Lists payments of another amount or currency than was asked", func(ctx context.Context, by auth.Actor, _ *none) ([]CheckoutView, error) {
		list, err := s.Orders.HeldPayments(ctx, by)
		return mapped(list, checkoutView), err
	})
	post(api, "/checkouts/{id}/release", "Decides about a held payment", func(ctx context.Context, by auth.Actor, in *idWith[ReleaseBody]) (CheckoutView, error) {
		c, err := s.Orders.Release(ctx, by, in.ID, in.Body.Take, in.Body.Reason)
		return checkoutView(c), err
	})
	get(api, "/gateway-events", "Lists messages of the payment service by what became of them", func(ctx context.Context, by auth.Actor, in *outcomeQuery) ([]GatewayEventView, error) {
		outcome := in.Outcome
		if outcome == "waiting" {
			outcome = payment.EventWaits
		}
		list, err := s.Orders.Inbox(ctx, by, outcome)
		return mapped(list, func(e payment.InboxEvent) GatewayEventView {
			return GatewayEventView{e.ID, e.Type, Instant(e.ReceivedAt), in.Outcome, e.Body}
		}), err
	})
}

// payLang is the language of the payment page: as asked, else the request's.
func payLang(ctx context.Context, asked string) string {
	if asked != "" {
		return asked
	}
	return languageOf(ctx)
}

// describeHook adds the route of the payment service's messages to the document; huma doesn't carry it, as the signature is over the
// body's own bytes.
func describeHook(api huma.API) {
	document := api.OpenAPI()
	hook := openOperation(http.MethodPost, "/gateway-events", "Takes a signed message of the payment service")
	hook.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}}}}
	hook.Parameters = []*huma.Param{{Name: "Stripe-Signature", In: "header", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}}
	hook.Responses = map[string]*huma.Response{"204": {Description: "Kept"}, "default": {Description: "Not kept: send it again", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: document.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")}}}}
	document.AddOperation(&hook)
}

// gatewayHook keeps and works a message of the payment service. Whatever fails after it was kept is worked again later, and the service
// may send it again.
func (s Services) gatewayHook(c echo.Context) error {
	ctx := c.Request().Context()
	body, err := io.ReadAll(c.Request().Body)
	if err == nil {
		err = s.Orders.GatewayEvent(ctx, body, c.Request().Header.Get("Stripe-Signature"))
	}
	if err != nil {
		writeProblem(c.Response(), c.Request(), problemOf(ctx, err))
		return nil
	}
	return c.NoContent(http.StatusNoContent)
}
