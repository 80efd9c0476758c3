package auth

import (
	"slices"

	"jishi/server/fault"
)

// Role is what a user is to a party, or to the platform.
type Role string

// The roles.
const (
	Grower     Role = "grower"     // of a household
	Coop       Role = "coop"       // of a cooperative
	Buyer      Role = "buyer"      // of an enterprise or a budget unit
	Donor      Role = "donor"      // gives
	Receiver   Role = "receiver"   // of a hospital
	Carrier    Role = "carrier"    // of a haulier
	Driver     Role = "driver"     // of a haulier
	Dispatcher Role = "dispatcher" // plans trips; platform-wide
	Finance    Role = "finance"    // imports bank lines, settles; platform-wide
	Operator   Role = "operator"   // verifies needs, rules on claims; platform-wide
	Auditor    Role = "auditor"    // reads everything, changes nothing; platform-wide
	Clerk      Role = "clerk"      // village clerk: may ask for mandates
)

// Roles are all roles.
var Roles = []Role{Grower, Coop, Buyer, Donor, Receiver, Carrier, Driver, Dispatcher, Finance, Operator, Auditor, Clerk}

// Act is a bundle of things that can be done in the name of a party; a mandate lists acts.
type Act string

// The acts.
const (
	ActLots      Act = "lots"      // list and join lots, certificates
	ActOffers    Act = "offers"    // publish, pause, withdraw; answer orders as the seller
	ActDemands   Act = "demands"   // post and confirm needs
	ActReceive   Act = "receive"   // sign for deliveries, answer a diversion
	ActOrders    Act = "orders"    // buy, cancel
	ActCampaigns Act = "campaigns" // open a campaign, answer a change of use
	ActHaul      Act = "haul"      // vehicles, capacity offers, trips
)

// Acts are all acts.
var Acts = []Act{ActLots, ActOffers, ActDemands, ActReceive, ActOrders, ActCampaigns, ActHaul}

// actsOf lists what a role may do in the name of its own party.
var actsOf = map[Role][]Act{
	Grower:   {ActLots, ActOffers},
	Coop:     {ActLots, ActOffers},
	Buyer:    {ActOrders, ActDemands, ActReceive},
	Donor:    {ActOrders, ActCampaigns},
	Receiver: {ActDemands, ActReceive},
	Carrier:  {ActHaul},
	Driver:   {ActHaul},
}

// Grant is a role in a scope. Party "" is the whole platform.
type Grant struct {
	Role  Role   `json:"role"`
	Party string `json:"party,omitempty"`
}

// Actor is who acts. The zero value is a visitor.
type Actor struct {
	User     string // id, "" for a visitor
	Name     string
	Lang     string // "zh" or "en", "" unknown
	Grants   []Grant
	Mandates []Mandate // active now, with this user as the agent
	Mandate  *Mandate  // the one this act is done under, set by ActFor

	system bool
}

// System is the platform itself, for jobs and seeds: it has every role.
func System(name string) Actor { return Actor{User: name, Name: name, system: true} }

// SignedIn reports whether somebody is.
func (a Actor) SignedIn() bool { return a.User != "" }

// Can reports whether the actor has the role in the scope of party, or platform-wide.
func (a Actor) Can(role Role, party string) bool {
	return a.system || slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.Role == role && (g.Party == "" || g.Party == party)
	})
}

// Is reports whether the actor has the role in any scope.
func (a Actor) Is(role Role) bool {
	return a.system || slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == role })
}

// MayActFor reports whether the actor may do act in the name of party: by a role there, or by an active mandate.
func (a Actor) MayActFor(party string, act Act) bool {
	_, err := a.ActFor(party, act)
	return err == nil
}

// ActFor gives the actor as it acts for party: with the mandate set if that is what allows it, and only then. Without leave the party is
// not found: another's things are not known to exist.
func (a Actor) ActFor(party string, act Act) (Actor, error) {
	a.Mandate = nil
	if a.system || party != "" && a.hasRoleFor(party, act) {
		return a, nil
	}
	for _, m := range a.Mandates {
		if party != "" && m.Principal == party && slices.Contains(m.Acts, act) {
			a.Mandate = &m
			return a, nil
		}
	}
	return a, NoSuchParty()
}

func (a Actor) hasRoleFor(party string, act Act) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.Party == party && slices.Contains(actsOf[g.Role], act)
	})
}

// Parties gives the parties of the actor's grants and mandates, sorted, each once.
func (a Actor) Parties() []string {
	var out []string
	for _, g := range a.Grants {
		if g.Party != "" {
			out = append(out, g.Party)
		}
	}
	for _, m := range a.Mandates {
		out = append(out, m.Principal)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// PartiesFor gives those of the parties for which the actor may do an act.
func (a Actor) PartiesFor(act Act) []string {
	return slices.DeleteFunc(a.Parties(), func(p string) bool { return !a.MayActFor(p, act) })
}

// ID names the actor in the audit: "user/<id>", "user/<id> for <party> by mandate/<id>", "system/<name>" or "visitor".
func (a Actor) ID() string {
	switch {
	case a.system:
		return "system/" + a.User
	case a.User == "":
		return "visitor"
	case a.Mandate != nil:
		return "user/" + a.User + " for " + a.Mandate.Principal + " by mandate/" + a.Mandate.ID
	}
	return "user/" + a.User
}

// NoSuchParty is the answer about a party that is not there, or is another's: nobody learns which.
func NoSuchParty() *fault.Fault {
	return fault.New(fault.NotFound, "no_such_party", "There is no such party, or none that you may act for.")
}

// UnknownParty is the same of a party that somebody named in a field.
func UnknownParty(field string) *fault.Fault {
	return fault.At(field, "no_such_party", "There is no such party, or none that you may act for.")
}
