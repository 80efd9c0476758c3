package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
)

// MandateBody asks for a mandate.
type MandateBody struct {
	Principal string     `json:"principal" maxLength:"64" doc:"The party to act for"`
	Acts      []auth.Act `json:"acts" minItems:"1" maxItems:"20"`
	From      Instant    `json:"from,omitempty"`
	Until     Instant    `json:"until"`
}

// ConsentBody records a yes.
type ConsentBody struct {
	How      string `json:"how" enum:"voice,paper_photo,sms_yes"`
	Evidence string `json:"evidence" maxLength:"200" doc:"Id of the recording, photo or message"`
}

// ReasonBody gives a reason.
type ReasonBody struct {
	Reason string `json:"reason,omitempty" maxLength:"500"`
}

// MandateView is a mandate with its state.
type MandateView struct {
	auth.Mandate
	State       auth.MandateState `json:"state"`
	FromAt      Instant           `json:"from"`
	UntilAt     Instant           `json:"until"`
	ConsentedAt Instant           `json:"consented_at,omitempty"`
	EndedAt     Instant           `json:"ended_at,omitempty"`
}

func mandateView(ctx context.Context, m auth.Mandate) MandateView {
	return MandateView{
		Mandate: m, State: m.State(auth.SystemClock(ctx)), FromAt: Instant(m.From), UntilAt: Instant(m.Until),
		ConsentedAt: Instant(m.ConsentedAt), EndedAt: Instant(m.EndedAt),
	}
}

func registerMandates(api huma.API, s Services) {
	get(api, "/mandates", "Lists the mandates given and held", func(ctx context.Context, by auth.Actor, _ *none) ([]MandateView, error) {
		list, err := s.Auth.Mandates(ctx, by)
		out := make([]MandateView, len(list))
		for i, m := range list {
			out[i] = mandateView(ctx, m)
		}
		return out, err
	})
	post(api, "/mandates", "Offers to act for a party", func(ctx context.Context, by auth.Actor, in *with[MandateBody]) (MandateView, error) {
		b := in.Body
		m, err := s.Auth.Offer(ctx, by, auth.MandateOffer{Principal: b.Principal, Acts: b.Acts, From: b.From.Millis(), Until: b.Until.Millis()})
		return mandateView(ctx, m), err
	})
	post(api, "/mandates/{id}/consent", "Records the principal's yes", func(ctx context.Context, by auth.Actor, in *idWith[ConsentBody]) (MandateView, error) {
		m, err := s.Auth.Consent(ctx, by, in.ID, in.Body.How, in.Body.Evidence)
		return mandateView(ctx, m), err
	})
	post(api, "/mandates/{id}/end", "Ends a mandate", func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (MandateView, error) {
		m, err := s.Auth.End(ctx, by, in.ID, in.Body.Reason)
		return mandateView(ctx, m), err
	})
}
