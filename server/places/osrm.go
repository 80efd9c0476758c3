package places

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"jishi/server/fault"
	"jishi/server/measure"
)

// OSRM asks an osrm-routed server (HTTP API v1) for ways on a real map. It checks what it is told, and an answer that can't
// be true is an error. It never falls back on an estimate: whoever wants one asks Estimator, and says so.
//
// Its faults are Unavailable with the code router_away, router_slow, router_refused, router_bad_answer or off_map; the error
// around the fault names the cause for the log.
type OSRM struct {
	URL     string         // "http://127.0.0.1:5000"
	Profile string         // name in the path; "": driving
	Client  *http.Client   // nil: http.DefaultClient
	Timeout time.Duration  // for one request; 0: 10 s
	Snap    measure.Metres // a point farther from every road is unreachable; OSRM would take the nearest road however far. 0: 2 km
	Slower  int            // per cent that a truck takes longer than the server's profile says, which is mostly a car's
}

// What is asked for at once, and what is taken when a field is zero.
const (
	osrmTimeout = 10 * time.Second
	osrmSnap    = measure.Metres(2_000)
	osrmBlock   = 50 // starts and as many ends: osrm-routed answers for 100 points unless told otherwise
	osrmAtOnce  = 4  // requests for one table at the same time
)

// sheet is a table being filled by several requests, each in its own cells.
type sheet struct {
	Table
	from, to       []measure.Point
	offFrom, offTo []bool // too far from every road
}

// block is the part of a sheet that one request fills.
type block struct{ row, column, rows, columns int }

// Table asks for the table in blocks. Either all of them answer, or the whole is an error. Metres and times run from the
// road next to a start to the road next to an end.
func (o *OSRM) Table(ctx context.Context, from, to []measure.Point) (Table, error) {
	if err := checkPoints(from, to); err != nil {
		return Table{}, err
	}
	if err := ctx.Err(); err != nil {
		return Table{}, err
	}
	s := &sheet{newTable(len(from), len(to)), from, to, make([]bool, len(from)), make([]bool, len(to))}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(osrmAtOnce)
	for i := 0; i < len(from); i += osrmBlock {
		for j := 0; j < len(to); j += osrmBlock {
			b := block{i, j, min(osrmBlock, len(from)-i), min(osrmBlock, len(to)-j)}
			group.Go(func() error { return o.fill(ctx, s, b) })
		}
	}
	if err := group.Wait(); err != nil {
		return Table{}, err
	}
	return s.Table, s.covered()
}

// covered faults a map on which none of the points lies: most likely it is the map of another country.
func (s *sheet) covered() error {
	if len(s.from) == 0 || len(s.to) == 0 {
		return nil
	}
	for _, off := range append(append([]bool(nil), s.offFrom...), s.offTo...) {
		if !off {
			return nil
		}
	}
	return offMap()
}

func offMap() error {
	return fault.New(fault.Unavailable, "off_map", "The routing server's map has no road near any of these points.")
}

// fill asks for one block and writes it down.
func (o *OSRM) fill(ctx context.Context, s *sheet, b block) error {
	from, to := s.from[b.row:b.row+b.rows], s.to[b.column:b.column+b.columns]
	var a osrmTable
	if err := o.get(ctx, "table", append(append([]measure.Point(nil), from...), to...), tableQuery(b), &a); err != nil {
		return err
	}
	if err := a.check(b); err != nil {
		return o.badAnswer(err)
	}
	for i := range from {
		for j := range to {
			offFrom, offTo := o.isOff(from[i], a.Sources[i]), o.isOff(to[j], a.Destinations[j])
			if b.column == 0 { // one writer each
				s.offFrom[b.row+i] = offFrom
			}
			if b.row == 0 {
				s.offTo[b.column+j] = offTo
			}
			m, t := a.cell(i, j)
			if offFrom || offTo {
				m, t = Unreachable, Unreachable
			}
			s.Metres[b.row+i][b.column+j], s.Times[b.row+i][b.column+j] = m, o.slower(t)
		}
	}
	return nil
}

// isOff reports whether the server moved p too far to be believed. It measures itself.
func (o *OSRM) isOff(p measure.Point, to osrmWaypoint) bool {
	snap := o.Snap
	if snap <= 0 {
		snap = osrmSnap
	}
	return GreatCircle(p, to.point()) > snap
}

func (o *OSRM) slower(t measure.Millis) measure.Millis {
	if t < 0 {
		return t
	}
	return t * measure.Millis(100+o.Slower) / 100
}

// Route is a way through several stops.
type Route struct {
	Metres []measure.Metres // of each leg: one less than there are stops
	Times  []measure.Millis
	Line   []measure.Point // along the road, thinned out for a map of the whole way
}

// Route gives the way through at least two stops in their order. Where no road leads, it is a fault.Invalid "no_way".
func (o *OSRM) Route(ctx context.Context, stops []measure.Point) (Route, error) {
	if err := checkPoints(stops); err != nil {
		return Route{}, err
	}
	if len(stops) < 2 {
		return Route{}, fault.New(fault.Invalid, "no_way", "A way has two stops or more.")
	}
	var a osrmRoutes
	if err := o.get(ctx, "route", stops, routeQuery, &a); err != nil {
		return Route{}, err
	}
	if err := a.check(len(stops)); err != nil {
		return Route{}, o.badAnswer(err)
	}
	for i, p := range stops {
		if o.isOff(p, a.Waypoints[i]) {
			return Route{}, noWay(i+1, "has no road near it")
		}
	}
	return a.route(o.slower), nil
}

func noWay(stop int, why string) error {
	return fault.New(fault.Invalid, "no_way", "Stop %d %s.", stop, why)
}
