package web

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
)

// CampaignBody opens a campaign.
type CampaignBody struct {
	Donor      string   `json:"donor" maxLength:"64"`
	Title      string   `json:"title" minLength:"1" maxLength:"200"`
	NamedUse   string   `json:"named_use" minLength:"1" maxLength:"500"`
	Demands    []string `json:"demands" minItems:"1" maxItems:"200"`
	GoalWeight Mass     `json:"goal_weight,omitempty"`
	GoalMoney  Money    `json:"goal_money,omitempty"`
}

// UseChangeView is a question put to the donors.
type UseChangeView struct {
	NewUse      string          `json:"new_use"`
	OldUse      string          `json:"old_use"`
	Reason      string          `json:"reason,omitempty"`
	AskedAt     Instant         `json:"asked_at"`
	AnswerUntil Instant         `json:"answer_until"`
	Answers     map[string]bool `json:"answers" doc:"of those donors that you may see"`
	Yes         int             `json:"said_yes"`
	No          int             `json:"said_no"`
	Outcome     market.Outcome  `json:"outcome"`
}

// CampaignView is a gift plan with its numbers.
type CampaignView struct {
	ID        string               `json:"id"`
	Donor     string               `json:"donor"`
	DonorName string               `json:"donor_name"`
	Title     string               `json:"title"`
	NamedUse  string               `json:"named_use"`
	GoalGrams int64                `json:"goal_grams"`
	GoalFen   int64                `json:"goal_fen"`
	Reference string               `json:"reference"`
	State     market.CampaignState `json:"state"`
	Demands   []string             `json:"demands"`
	Donors    []string             `json:"donors" doc:"the opener and those you act for; all of them for those who check the books"`
	Givers    int                  `json:"donor_count" doc:"of all donors, named or not"`
	Paid      int64                `json:"paid_fen"`
	Awaited   int64                `json:"awaited_fen" doc:"pledged and not yet there"`
	Room      *int64               `json:"room_fen,omitempty" doc:"what the goal still asks for; absent without a goal in money"`
	Fund      int64                `json:"fund_fen"`
	OnTruck   int64                `json:"on_truck_grams"`
	Accepted  int64                `json:"accepted_grams"`
	UseChange *UseChangeView       `json:"use_change,omitempty"`
}

func (s Services) campaignView(ctx context.Context, by auth.Actor, c market.CampaignView) (CampaignView, error) {
	v := CampaignView{ID: c.ID, Donor: c.Donor, Title: c.Title, NamedUse: c.NamedUse, GoalGrams: int64(c.GoalGrams), GoalFen: int64(c.GoalFen),
		Reference: c.Reference, State: c.State(c.Numbers), Demands: c.Demands, Donors: seenDonors(by, c.Campaign), Givers: len(c.Donors), Paid: int64(c.Numbers.Paid), Fund: int64(c.Numbers.Fund),
		OnTruck: int64(c.Numbers.OnTruck), Accepted: int64(c.Numbers.Accepted), Awaited: int64(c.Awaited)}
	if room, limited := c.Campaign.Room(c.Numbers.Paid, c.Awaited); limited {
		v.Room = ptr(int64(room))
	}
	if n := len(c.Changes); n > 0 {
		v.UseChange = ptr(useChangeView(ctx, c.Campaign, c.Changes[n-1], v.Donors))
	}
	donor, err := market.PartiesByID(ctx, s.DB.Read(), c.Donor)
	v.DonorName = donor[c.Donor].Name
	return v, err
}

// seenDonors lists the donors whom a reader may know of by id: who gave without being named is known to itself and to those who check.
func seenDonors(by auth.Actor, c market.Campaign) []string {
	if by.Is(auth.Auditor) || by.Is(auth.Finance) || by.Is(auth.Operator) {
		return c.Donors
	}
	out := []string{}
	for _, d := range c.Donors {
		if d == c.Donor || by.MayActFor(d, auth.ActCampaigns) {
			out = append(out, d)
		}
	}
	return out
}

// useChangeView shows the answers of the donors that are seen, and counts all.
func useChangeView(ctx context.Context, c market.Campaign, u market.UseChange, seen []string) UseChangeView {
	v := UseChangeView{NewUse: u.NewUse, OldUse: u.OldUse, Reason: u.Reason, AskedAt: Instant(u.AskedAt), AnswerUntil: Instant(u.AnswerUntil),
		Answers: map[string]bool{}, Outcome: u.Outcome(c.Donors, auth.SystemClock(ctx))}
	for donor, yes := range u.Answers {
		if slices.Contains(seen, donor) {
			v.Answers[donor] = yes
		}
		if yes {
			v.Yes++
		} else {
			v.No++
		}
	}
	return v
}

// UseBody asks for another use.
type UseBody struct {
	NamedUse string   `json:"named_use" minLength:"1" maxLength:"500"`
	Reason   string   `json:"reason,omitempty" maxLength:"500"`
	Demands  []string `json:"demands,omitempty" maxItems:"200"`
}

// YesBody is an answer.
type YesBody struct {
	Yes bool `json:"yes"`
}

type campaignsQuery struct {
	Donor string `query:"donor" maxLength:"64"`
	After string `query:"after" maxLength:"64"`
}

func registerCampaigns(api huma.API, s Services) {
	post(api, "/campaigns", "Opens a campaign; from now on its named use is locked", func(ctx context.Context, by auth.Actor, in *with[CampaignBody]) (CampaignView, error) {
		b := in.Body
		c, err := s.Market.OpenCampaign(ctx, by, clientID(ctx), market.CampaignInput{Donor: b.Donor, Title: b.Title, NamedUse: b.NamedUse,
			Demands: b.Demands, GoalGrams: b.GoalWeight.Grams, GoalFen: b.GoalMoney.Fen})
		if err != nil {
			return CampaignView{}, err
		}
		return s.showCampaign(ctx, by, c.ID)
	})
	openGet(api, "/campaigns", "Lists campaigns, newest first", func(ctx context.Context, by auth.Actor, in *campaignsQuery) ([]CampaignView, error) {
		list, err := s.Market.Campaigns(ctx, by, in.Donor, in.After)
		if err != nil {
			return nil, err
		}
		out := make([]CampaignView, len(list))
		for i, c := range list {
			if out[i], err = s.campaignView(ctx, by, c); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
	openGet(api, "/campaigns/{id}", "Shows a campaign", func(ctx context.Context, by auth.Actor, in *byID) (CampaignView, error) {
		return s.showCampaign(ctx, by, in.ID)
	})
	post(api, "/campaigns/{id}/use-change", "Asks the donors to agree to another use", func(ctx context.Context, by auth.Actor, in *idWith[UseBody]) (CampaignView, error) {
		if _, err := s.Market.AskUseChange(ctx, by, in.ID, in.Body.NamedUse, in.Body.Reason, in.Body.Demands); err != nil {
			return CampaignView{}, err
		}
		return s.showCampaign(ctx, by, in.ID)
	})
	post(api, "/campaigns/{id}/use-change/answer", "A donor's yes or no", func(ctx context.Context, by auth.Actor, in *idWith[YesBody]) (CampaignView, error) {
		if _, err := s.Market.AnswerUseChange(ctx, by, in.ID, in.Body.Yes); err != nil {
			return CampaignView{}, err
		}
		return s.showCampaign(ctx, by, in.ID)
	})
	post(api, "/campaigns/{id}/report", "Makes the gift report final and public", func(ctx context.Context, by auth.Actor, in *byID) (CampaignView, error) {
		c, err := s.Market.Report(ctx, by, in.ID)
		if err != nil {
			return CampaignView{}, err
		}
		return s.campaignView(ctx, by, c)
	})
	post(api, "/campaigns/{id}/fail", "Ends a campaign that comes to nothing", func(ctx context.Context, by auth.Actor, in *byID) (CampaignView, error) {
		c, err := s.Market.FailCampaign(ctx, by, in.ID)
		if err != nil {
			return CampaignView{}, err
		}
		return s.campaignView(ctx, by, c)
	})
	post(api, "/campaigns/{id}/close", "The auditor is content", func(ctx context.Context, by auth.Actor, in *byID) (CampaignView, error) {
		c, err := s.Market.CloseCampaign(ctx, by, in.ID)
		if err != nil {
			return CampaignView{}, err
		}
		return s.campaignView(ctx, by, c)
	})
}

func (s Services) showCampaign(ctx context.Context, by auth.Actor, id string) (CampaignView, error) {
	c, err := s.Market.Campaign(ctx, id)
	if err != nil {
		return CampaignView{}, err
	}
	return s.campaignView(ctx, by, c)
}
