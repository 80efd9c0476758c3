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
	ID            string            `json:"id"`
	Agent         string            `json:"agent" doc:"User who acts"`
	Principal     string            `json:"principal" doc:"Party acted for"`
	PrincipalName string            `json:"principal_name,omitempty"`
	Acts          []auth.Act        `json:"acts"`
	State         auth.MandateState `json:"state" doc:"offered, consented, active or ended"`
	From          Instant           `json:"from"`
	Until         Instant           `json:"until"`
	How           string            `json:"how,omitempty" doc:"voice, paper_photo or sms_yes"`
	Evidence      string            `json:"evidence,omitempty"`
	ConsentedAt   Instant           `json:"consented_at,omitempty"`
	EndedAt       Instant           `json:"ended_at,omitempty"`
	EndReason     string            `json:"end_reason,omitempty"`
}

func mandateView(ctx context.Context, m auth.Mandate, names map[string]string) MandateView {
	return MandateView{
		ID: m.ID, Agent: m.Agent, Principal: m.Principal, PrincipalName: names[m.Principal], Acts: m.Acts, State: m.State(auth.SystemClock(ctx)),
		From: Instant(m.From), Until: Instant(m.Until), How: m.How, Evidence: m.Evidence,
		ConsentedAt: Instant(m.ConsentedAt), EndedAt: Instant(m.EndedAt), EndReason: m.EndReason,
	}
}

func registerMandates(api huma.API, s Services) {
	get(api, "/mandates", "Lists the mandates given and held", func(ctx context.Context, by auth.Actor, _ *none) ([]MandateView, error) {
		list, err := s.Auth.Mandates(ctx, by)
		if err != nil {
			return nil, err
		}
		return s.mandateViews(ctx, list)
	})
	post(api, "/mandates", "Offers to act for a party", func(ctx context.Context, by auth.Actor, in *with[MandateBody]) (MandateView, error) {
		b := in.Body
		m, err := s.Auth.Offer(ctx, by, auth.MandateOffer{Principal: b.Principal, Acts: b.Acts, From: b.From.Millis(), Until: b.Until.Millis()})
		return s.mandateAnswer(ctx, m, err)
	})
	post(api, "/mandates/{id}/consent", "Records the principal's yes", func(ctx context.Context, by auth.Actor, in *idWith[ConsentBody]) (MandateView, error) {
		m, err := s.Auth.Consent(ctx, by, in.ID, in.Body.How, in.Body.Evidence)
		return s.mandateAnswer(ctx, m, err)
	})
	post(api, "/mandates/{id}/end", "Ends a mandate", func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (MandateView, error) {
		m, err := s.Auth.End(ctx, by, in.ID, in.Body.Reason)
		return s.mandateAnswer(ctx, m, err)
	})
}

func (s Services) mandateAnswer(ctx context.Context, m auth.Mandate, err error) (MandateView, error) {
	if err != nil {
		return MandateView{}, err
	}
	views, err := s.mandateViews(ctx, []auth.Mandate{m})
	if err != nil {
		return MandateView{}, err
	}
	return views[0], nil
}

func (s Services) mandateViews(ctx context.Context, list []auth.Mandate) ([]MandateView, error) {
	var ids []string
	for _, m := range list {
		ids = append(ids, m.Principal)
	}
	names, err := s.partyNames(ctx, ids)
	out := make([]MandateView, len(list))
	for i, m := range list {
		out[i] = mandateView(ctx, m, names)
	}
	return out, err
}
