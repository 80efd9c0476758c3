package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/orders"
)

// CorrectionBody says what should have been accepted of a consignment.
type CorrectionBody struct {
	Consignment string `json:"consignment" minLength:"1" maxLength:"64"`
	Accepted    Mass   `json:"accepted" doc:"as it should have been written down"`
	Reason      string `json:"reason" minLength:"1" maxLength:"1000"`
	Photo       string `json:"photo,omitempty" maxLength:"64" doc:"id of an uploaded photo"`
}

// CorrectionView is a weight that was found wrong after the settlement.
type CorrectionView struct {
	ID          string  `json:"id"`
	Consignment string  `json:"consignment"`
	Line        string  `json:"line"`
	Grams       int64   `json:"grams" doc:"accepted more, below zero: less"`
	Fen         int64   `json:"fen" doc:"that the goods cost more, below zero: less"`
	Reason      string  `json:"reason"`
	Photo       string  `json:"photo,omitempty"`
	At          Instant `json:"at"`
}

// SetoffView is what one party owes another through us: paid or taken with the next payout.
type SetoffView struct {
	ID         string           `json:"id"`
	Why        orders.SetoffWhy `json:"why" enum:"correction,loss"`
	Kind       orders.LineKind  `json:"kind"`
	Party      string           `json:"party,omitempty" doc:"who gets more, or got too much"`
	PartyName  string           `json:"party_name,omitempty"`
	Fen        int64            `json:"fen" doc:"that it gets more, below zero: got too much"`
	Debtor     string           `json:"debtor,omitempty" doc:"who owes it"`
	DebtorName string           `json:"debtor_name,omitempty"`
	Open       int64            `json:"open_fen" doc:"of it, not taken yet"`
}

// ArrivalView is one truckload of an order as it was weighed in.
type ArrivalView struct {
	ID         string  `json:"id"`
	Line       string  `json:"line"`
	Demand     string  `json:"demand"`
	Loaded     int64   `json:"loaded_grams"`
	Accepted   int64   `json:"accepted_grams"`
	Rejected   int64   `json:"rejected_grams"`
	ReceivedAt Instant `json:"received_at"`
	Receiver   string  `json:"receiver" doc:"party"`
	Name       string  `json:"receiver_name"`
	AcceptedAt Instant `json:"accepted_at,omitempty" doc:"the receiver's word that it stands; absent before, and where its silence said so"`
}

func (s Services) setoff(ctx context.Context, o orders.Setoff) SetoffView {
	return SetoffView{o.ID, o.Why, o.Kind, o.Party, s.partyName(ctx, o.Party), int64(o.Fen), o.Debtor, s.partyName(ctx, o.Debtor), int64(o.Open)}
}

func correctionView(c orders.Correction) CorrectionView {
	return CorrectionView{c.ID, c.Consignment, c.Line, int64(c.Grams), int64(c.Fen()), c.Reason, c.Photo, Instant(c.At)}
}

func proofView(p orders.TransferProof) TransferProofView {
	return TransferProofView{p.ID, p.Photo, p.Note, Instant(p.At)}
}

func registerCorrections(api huma.API, s Services) {
	post(api, "/orders/{id}/corrections", "Corrects a weight after the settlement: the difference is paid or taken with the next payout",
		func(ctx context.Context, by auth.Actor, in *idWith[CorrectionBody]) (CorrectionView, error) {
			c, err := s.Orders.Correct(ctx, by, orders.CorrectionInput{
				ClientID: clientID(ctx), Order: in.ID, Consignment: in.Body.Consignment, Accepted: in.Body.Accepted.Grams, Reason: in.Body.Reason, Photo: in.Body.Photo,
			})
			return correctionView(c), err
		})
	get(api, "/orders/{id}/corrections", "Lists the weights of an order that were corrected after its settlement", func(ctx context.Context, by auth.Actor, in *byID) ([]CorrectionView, error) {
		list, err := s.Orders.Corrections(ctx, by, in.ID)
		return mapped(list, correctionView), err
	})
	get(api, "/orders/{id}/setoffs", "Lists what the parties of an order owe each other since its settlement", func(ctx context.Context, by auth.Actor, in *byID) ([]SetoffView, error) {
		list, err := s.Orders.Setoffs(ctx, by, in.ID)
		return mapped(list, func(o orders.Setoff) SetoffView { return s.setoff(ctx, o) }), err
	})
	get(api, "/orders/{id}/consignments", "Lists the truckloads of an order that arrived", func(ctx context.Context, by auth.Actor, in *byID) ([]ArrivalView, error) {
		list, err := s.Orders.Arrivals(ctx, by, in.ID)
		return mapped(list, func(a orders.Arrival) ArrivalView {
			return ArrivalView{a.Consignment, a.Line, a.Demand, int64(a.Loaded), int64(a.Accepted), int64(a.Rejected), Instant(a.ReceivedAt),
				a.Receiver, s.partyName(ctx, a.Receiver), Instant(a.AcceptedAt)}
		}), err
	})
	post(api, "/orders/{id}/proofs", "Keeps a payer's word that it has transferred for an order; moves no money", func(ctx context.Context, by auth.Actor, in *idWith[TransferProofBody]) ([]TransferProofView, error) {
		list, err := s.Orders.UploadSlip(ctx, by, orders.TransferProof{For: in.ID, Photo: in.Body.Photo, Note: in.Body.Note})
		return mapped(list, proofView), err
	})
	get(api, "/orders/{id}/proofs", "Lists the payer's words that it has transferred for an order", func(ctx context.Context, by auth.Actor, in *byID) ([]TransferProofView, error) {
		list, err := s.Orders.Slips(ctx, by, in.ID)
		return mapped(list, proofView), err
	})
}
