package app

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/measure"
)

// demoPassword opens every sign-in of the demonstration, and only of it.
const demoPassword = "jishi-demo"

//go:embed seed/people.json
var peopleJSON []byte

// people are the parties, users and vehicles of the story. Keys name them in the file; ids are made from keys, so that a
// second seeding finds them.
type people struct {
	Parties []struct {
		Key, Kind, Name, Adcode, Address, Coop string
		NameEn                                 string `json:"name_en"`
		Lon, Lat                               float64
		Poor                                   bool
	}
	Users []struct {
		Login, Name string
		Grants      []auth.Grant
	}
	Vehicles []struct {
		Plate, Colour, Type, Driver string
		Passes                      []dispatch.Pass
	}
}

// partyID is the id of a seeded party: its key, filled up to the length of every other id.
func partyID(key string) string {
	const pad = "00000000000000000000000000"
	return pad[:26-len(key)] + keyed(key)
}

// keyed writes a key in the letters of an id, which lack i, l, o and u.
func keyed(key string) string {
	out := []byte(key)
	for i, c := range out {
		switch c {
		case 'i', 'l':
			out[i] = '1'
		case 'o':
			out[i] = '0'
		case 'u':
			out[i] = 'v'
		}
	}
	return string(out)
}

// seed puts the people of the story in. What is there already stays as it is.
func (s *site) seed(ctx context.Context) error {
	var p people
	if err := json.Unmarshal(peopleJSON, &p); err != nil {
		return fmt.Errorf("seed/people.json: %w", err)
	}
	by := auth.System("seed")
	for _, in := range p.Parties {
		input := market.PartyInput{ID: partyID(in.Key), Kind: market.PartyKind(in.Kind), Name: in.Name, NameEn: in.NameEn, Poor: in.Poor,
			Place: market.Place{Name: in.Address, Adcode: in.Adcode, Point: measure.Point{Lon: in.Lon, Lat: in.Lat}}}
		if in.Coop != "" {
			input.Coop = partyID(in.Coop)
		}
		known, err := s.knownParty(ctx, input.ID)
		if err == nil && !known {
			_, err = s.market.CreateParty(ctx, by, input)
		}
		if err != nil {
			return fmt.Errorf("seed party %s: %w", in.Key, err)
		}
	}
	for _, in := range p.Users {
		if err := s.seedUser(ctx, in.Login, in.Name, in.Grants); err != nil {
			return fmt.Errorf("seed user %s: %w", in.Login, err)
		}
	}
	return s.seedVehicles(ctx, p)
}

func (s *site) seedUser(ctx context.Context, login, name string, grants []auth.Grant) error {
	u, err := s.auth.UserByLogin(ctx, login)
	if fault.Is(err, fault.NotFound) {
		u, err = s.auth.CreateUser(ctx, auth.NewUser{Login: login, Password: demoPassword, Name: name, Lang: "zh"})
	}
	if err != nil {
		return err
	}
	for _, g := range grants {
		if g.Party != "" {
			g.Party = partyID(g.Party)
		}
		if err = s.auth.Grant(ctx, auth.System("seed"), u.ID, g); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) seedVehicles(ctx context.Context, p people) error {
	by := auth.System("seed")
	known, err := s.dispatch.Vehicles(ctx, by, partyID("haulier"), "", 100)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, v := range known {
		have[v.Plate] = true
	}
	for _, in := range p.Vehicles {
		if have[in.Plate] {
			continue
		}
		_, err = s.dispatch.AddVehicle(ctx, by, dispatch.VehicleInput{Carrier: partyID("haulier"), Type: in.Type, Plate: in.Plate, PlateColour: in.Colour, Driver: in.Driver, Passes: in.Passes})
		if err != nil {
			return fmt.Errorf("seed vehicle %s: %w", in.Plate, err)
		}
	}
	return nil
}
