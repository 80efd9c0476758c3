package market

import (
	"context"
	"database/sql"
	"errors"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/store"
)

// CreateParty adds a party. An operator adds any; a cooperative and a village clerk add households.
func (s *Service) CreateParty(ctx context.Context, by auth.Actor, in PartyInput) (Party, error) {
	if err := in.check(); err != nil {
		return Party{}, err
	}
	if !by.Can(auth.Operator, "") && !(in.Kind == HouseholdK && (by.MayActFor(in.Coop, auth.ActLots) || by.Is(auth.Clerk))) {
		return Party{}, fault.New(fault.Forbidden, "operators_only", "Only an operator adds parties of this kind.")
	}
	place, err := s.place("place", in.Place)
	if err != nil {
		return Party{}, err
	}
	p := Party{ID: in.ID, Kind: in.Kind, Name: in.Name, NameEn: in.NameEn, USCC: in.USCC, Place: place, CreatedAt: s.millis(ctx)}
	if p.ID == "" {
		p.ID = store.NewID()
	}
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		if err := insertParty(ctx, tx, p, by.ID()); err != nil {
			return err
		}
		if in.Kind == HouseholdK {
			if err := s.createHousehold(ctx, tx, p.ID, in); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, by, "party.create", "party/"+p.ID, "", nil, p)
	})
	return p, err
}

func (s *Service) createHousehold(ctx context.Context, tx store.Tx, id string, in PartyInput) error {
	coop, err := PartyByID(ctx, tx, in.Coop)
	if errors.Is(err, sql.ErrNoRows) || err == nil && coop.Kind != Coop {
		return fault.At("coop", "no_such_coop", "There is no such cooperative.")
	}
	if err != nil {
		return err
	}
	h := Household{Party: id, Coop: in.Coop, Poor: in.Poor}
	hash := ""
	if in.IDNumber != "" {
		h.IDMasked, hash = maskID(in.IDNumber), hashID(s.IDKey, in.IDNumber)
	}
	err = insertHousehold(ctx, tx, h, hash)
	if store.IsUnique(err) {
		return fault.At("id_number", "known_id_number", "A household with this identity number is known already.")
	}
	return err
}

// Party gives one party. Households are shown to their cooperative, to those who act for them, and to the platform only.
func (s *Service) Party(ctx context.Context, by auth.Actor, id string) (Party, error) {
	p, err := PartyByID(ctx, s.DB.Read(), id)
	if err != nil {
		return Party{}, found(err, "party")
	}
	if p.Kind == HouseholdK && !s.seesHousehold(ctx, by, id) {
		return Party{}, notFound("party")
	}
	return p, nil
}

// seesHouseholds tells whether somebody sees every household.
func seesHouseholds(by auth.Actor) bool {
	return by.Can(auth.Operator, "") || by.Can(auth.Auditor, "") || by.Is(auth.Clerk)
}

func (s *Service) seesHousehold(ctx context.Context, by auth.Actor, id string) bool {
	if seesHouseholds(by) || by.MayActFor(id, auth.ActLots) {
		return true
	}
	h, err := HouseholdByParty(ctx, s.DB.Read(), id)
	return err == nil && by.MayActFor(h.Coop, auth.ActLots)
}

// Parties lists the parties of a kind, oldest first, after an id; of households those that the actor may see.
func (s *Service) Parties(ctx context.Context, by auth.Actor, kind PartyKind, after string) ([]Party, error) {
	if !partyKinds[kind] {
		return nil, fault.At("kind", "unknown_party_kind", "There is no kind of party called %q.", clip(kind))
	}
	if kind == HouseholdK && !seesHouseholds(by) {
		own := by.PartiesFor(auth.ActLots)
		return householdsOf(ctx, s.DB.Read(), own, after, pageSize)
	}
	return partiesOfKind(ctx, s.DB.Read(), kind, after, pageSize)
}
