package planfile

import (
	"encoding/json"
	"fmt"
	"io"

	"jishi/server/dispatch/pdptw"
)

// Plan is a plan file. Times are milliseconds, distances metres, money in the unit of the problem.
type Plan struct {
	Complete   bool       `json:"complete"` // every mandatory request is served
	Cost       Cost       `json:"cost"`
	Distance   int64      `json:"distance"`
	Routes     []Route    `json:"routes"`
	Unserved   []Unserved `json:"unserved"`
	Unused     []Unused   `json:"unused"`
	Iterations int        `json:"iterations"`
}

// Cost is money by cause.
type Cost struct {
	Total     int64 `json:"total"`
	Fixed     int64 `json:"fixed"`
	Distance  int64 `json:"distance"`
	Time      int64 `json:"time"`
	Minimum   int64 `json:"minimum"`
	Surcharge int64 `json:"surcharge"`
	Prices    int64 `json:"prices"`
	Entries   int64 `json:"entries"`
	Home      int64 `json:"home"`
	Promises  int64 `json:"promises"`
	Unserved  int64 `json:"unserved"`
}

// Route is what one vehicle does.
type Route struct {
	Vehicle  string  `json:"vehicle"`
	Depart   int64   `json:"depart"`
	Return   int64   `json:"return"`
	Distance int64   `json:"distance"`
	Driving  int64   `json:"driving"`
	Waiting  int64   `json:"waiting"`
	Service  int64   `json:"service"`
	Cost     Cost    `json:"cost"`
	Visits   []Visit `json:"visits"`
	Rests    []Halt  `json:"rests"`
	Stands   []Halt  `json:"stands"`
}

// Visit is one stop of a route.
type Visit struct {
	Request string     `json:"request"`
	Kind    pdptw.Kind `json:"kind"`
	Arrive  int64      `json:"arrive"`
	Start   int64      `json:"start"`
	Leave   int64      `json:"leave"`
	Load    []int64    `json:"load"`
	Metres  int64      `json:"metres"`
}

// Halt is a time without driving on the leg to visit Before.
type Halt struct {
	Before int   `json:"before"`
	Start  int64 `json:"start"`
	Length int64 `json:"length"`
}

// Unserved is a request left out, and why.
type Unserved struct {
	Request string   `json:"request"`
	Reasons []Reason `json:"reasons"`
}

// Unused is a vehicle that stays where it is, and why.
type Unused struct {
	Vehicle string   `json:"vehicle"`
	Reasons []Reason `json:"reasons"`
}

// Reason is one rule that binds, with its numbers and a sentence.
type Reason struct {
	Rule      pdptw.ReasonRule `json:"rule"`
	Text      string           `json:"text"`
	Vehicle   string           `json:"vehicle,omitempty"`
	Request   string           `json:"request,omitempty"`
	Other     string           `json:"other,omitempty"`
	Dimension *int             `json:"dimension,omitempty"`
	Need      int64            `json:"need"`
	Limit     int64            `json:"limit"`
	Detail    string           `json:"detail,omitempty"`
	Count     int              `json:"count"`
}

// Write prints plan s of problem p.
func Write(w io.Writer, p *pdptw.Problem, s *pdptw.Solution) error {
	v := view{p}
	out := Plan{Complete: true, Cost: Cost(s.Cost), Iterations: s.Iterations, Routes: []Route{}, Unserved: []Unserved{}, Unused: []Unused{}}
	for i := range s.Routes {
		out.Distance += s.Routes[i].Distance
		out.Routes = append(out.Routes, v.route(&s.Routes[i]))
	}
	for _, u := range s.Unserved {
		out.Complete = out.Complete && p.Requests[u.Request].Optional
		out.Unserved = append(out.Unserved, Unserved{v.request(u.Request), v.reasons(u.Reasons)})
	}
	for _, u := range s.Unused {
		out.Unused = append(out.Unused, Unused{v.vehicle(u.Vehicle), v.reasons(u.Reasons)})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(out)
}

type view struct{ p *pdptw.Problem }

// request is the name of request i, its number where it has none.
func (v view) request(i int) string {
	if i < 0 {
		return ""
	}
	if id := v.p.Requests[i].ID; id != "" {
		return id
	}
	return fmt.Sprint(i)
}

func (v view) vehicle(i int) string {
	if i < 0 {
		return ""
	}
	if id := v.p.Vehicles[i].ID; id != "" {
		return id
	}
	return fmt.Sprint(i)
}

func (v view) route(r *pdptw.Route) Route {
	out := Route{Vehicle: v.vehicle(r.Vehicle), Depart: r.Depart, Return: r.Return, Distance: r.Distance, Driving: r.Driving,
		Waiting: r.Waiting, Service: r.Service, Cost: Cost(r.Cost), Rests: halts(r.Rests), Stands: halts(r.Stands)}
	for _, x := range r.Visits {
		out.Visits = append(out.Visits, Visit{v.request(x.Request), x.Kind, x.Arrive, x.Start, x.Leave, x.Load, x.Metres})
	}
	return out
}

func halts(list []pdptw.Halt) []Halt {
	out := []Halt{}
	for _, x := range list {
		out = append(out, Halt(x))
	}
	return out
}

func (v view) reasons(list []pdptw.Reason) []Reason {
	out := []Reason{}
	for i := range list {
		r := &list[i]
		x := Reason{Rule: r.Rule, Text: r.String(), Vehicle: v.vehicle(r.Vehicle), Request: v.request(r.Request), Other: v.request(r.Other),
			Need: r.Need, Limit: r.Limit, Detail: r.Detail, Count: r.Count}
		if r.Dimension >= 0 {
			x.Dimension = &r.Dimension
		}
		out = append(out, x)
	}
	return out
}
