package places

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"jishi/server/fault"
	"jishi/server/measure"
)

// osrmAnswer is the longest answer read, in bytes.
const osrmAnswer = 16 << 20

// osrmStatus is what every answer begins with.
type osrmStatus struct {
	Code    string `json:"code"` // "Ok" or what is wrong
	Message string `json:"message"`
}

type osrmWaypoint struct {
	Location []float64 `json:"location"` // longitude, latitude of the place on the road
}

func (w osrmWaypoint) point() measure.Point {
	return measure.Point{Lon: w.Location[0], Lat: w.Location[1]}
}

type osrmTable struct {
	Durations    [][]*float64   `json:"durations"` // seconds, null where no road leads
	Distances    [][]*float64   `json:"distances"` // metres
	Sources      []osrmWaypoint `json:"sources"`
	Destinations []osrmWaypoint `json:"destinations"`
}

type osrmRoutes struct {
	Routes []struct {
		Legs []struct {
			Distance float64 `json:"distance"`
			Duration float64 `json:"duration"`
		} `json:"legs"`
		Geometry struct {
			Coordinates [][]float64 `json:"coordinates"`
		} `json:"geometry"`
	} `json:"routes"`
	Waypoints []osrmWaypoint `json:"waypoints"`
}

// tableQuery asks for the first points of the list as starts and the others as ends.
func tableQuery(b block) string {
	return "annotations=duration,distance&generate_hints=false&sources=" + numbers(0, b.rows) + "&destinations=" + numbers(b.rows, b.columns)
}

// routeQuery lets a truck turn round at a stop, as Table takes for granted: otherwise the two differ.
const routeQuery = "overview=simplified&geometries=geojson&generate_hints=false&continue_straight=false"

func numbers(first, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = strconv.Itoa(first + i)
	}
	return strings.Join(list, ";")
}

// get asks the server and reads its answer into a.
func (o *OSRM) get(ctx context.Context, service string, points []measure.Point, query string, a any) error {
	timeout := o.Timeout
	if timeout <= 0 {
		timeout = osrmTimeout
	}
	inTime, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(inTime, http.MethodGet, o.address(service, points, query), nil)
	if err != nil {
		return fmt.Errorf("routing server: %w", err)
	}
	status, body, err := o.read(request)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("routing server: %w", ctx.Err())
	case errors.Is(err, context.DeadlineExceeded):
		return o.because(fault.New(fault.Unavailable, "router_slow", "The routing server did not answer within %s.", timeout), err)
	case err != nil:
		return o.because(fault.New(fault.Unavailable, "router_away", "The routing server can't be reached."), err)
	case status >= http.StatusInternalServerError:
		return o.because(fault.New(fault.Unavailable, "router_away", "The routing server is out of order."), fmt.Errorf("status %d", status))
	}
	return o.decode(status, body, a)
}

func (o *OSRM) address(service string, points []measure.Point, query string) string {
	profile := o.Profile
	if profile == "" {
		profile = "driving"
	}
	list := make([]string, len(points))
	for i, p := range points {
		list[i] = strconv.FormatFloat(p.Lon, 'f', 6, 64) + "," + strconv.FormatFloat(p.Lat, 'f', 6, 64)
	}
	return strings.TrimSuffix(o.URL, "/") + "/" + service + "/v1/" + profile + "/" + strings.Join(list, ";") + "?" + query
}

func (o *OSRM) read(request *http.Request) (status int, body []byte, err error) {
	client := o.Client
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, osrmAnswer))
	return response.StatusCode, body, err
}

// decode reads the status first: a refusal has nothing else.
func (o *OSRM) decode(status int, body []byte, a any) error {
	var s osrmStatus
	if err := json.Unmarshal(body, &s); err != nil {
		return o.badAnswer(fmt.Errorf("status %d: %w", status, err))
	}
	switch {
	case s.Code == "NoRoute":
		return fault.New(fault.Invalid, "no_way", "No road leads through these stops.")
	case s.Code != "Ok" || status != http.StatusOK:
		return o.because(fault.New(fault.Unavailable, "router_refused", "The routing server refuses the question (%s).", s.Code),
			fmt.Errorf("status %d: %s", status, s.Message))
	}
	if err := json.Unmarshal(body, a); err != nil {
		return o.badAnswer(err)
	}
	return nil
}

func (o *OSRM) badAnswer(cause error) error {
	return o.because(fault.New(fault.Unavailable, "router_bad_answer", "The routing server's answer can't be true."), cause)
}

// because gives the fault for people with the cause for the log.
func (o *OSRM) because(f *fault.Fault, cause error) error {
	return fmt.Errorf("%w (%s: %w)", f, o.URL, cause)
}

// check finds what can't be in a table.
func (a *osrmTable) check(b block) error {
	if len(a.Sources) != b.rows || len(a.Destinations) != b.columns || len(a.Durations) != b.rows || len(a.Distances) != b.rows {
		return fmt.Errorf("%d starts, %d ends, %d rows of times and %d of distances; asked were %d and %d",
			len(a.Sources), len(a.Destinations), len(a.Durations), len(a.Distances), b.rows, b.columns)
	}
	if err := errors.Join(checkWaypoints(a.Sources), checkWaypoints(a.Destinations)); err != nil {
		return err
	}
	for i := range b.rows {
		if len(a.Durations[i]) != b.columns || len(a.Distances[i]) != b.columns {
			return fmt.Errorf("row %d has %d times and %d distances for %d ends", i, len(a.Durations[i]), len(a.Distances[i]), b.columns)
		}
		for j := range b.columns {
			if err := a.checkCell(i, j); err != nil {
				return fmt.Errorf("cell %d, %d: %w", i, j, err)
			}
		}
	}
	return nil
}

func (a *osrmTable) checkCell(i, j int) error {
	seconds, metres := a.Durations[i][j], a.Distances[i][j]
	if seconds == nil && metres == nil {
		return nil
	}
	if seconds == nil || metres == nil {
		return errors.New("a time without a distance, or the other way round")
	}
	return checkWay(*metres, *seconds, GreatCircle(a.Sources[i].point(), a.Destinations[j].point()))
}

// What no way can be: longer than the world, faster than 200 km/h, or clearly shorter than the crow flies.
const (
	longest   = 50_000_000 // metres, and a year in seconds is less
	fastest   = 200 / 3.6  // metres a second
	roundings = 100        // metres
)

func checkWay(metres, seconds float64, crow measure.Metres) error {
	switch {
	case metres < 0 || seconds < 0 || metres > longest || seconds > longest:
		return fmt.Errorf("%g m in %g s", metres, seconds)
	case metres < float64(crow)*0.99-roundings:
		return fmt.Errorf("%g m by road, %d m as the crow flies", metres, crow)
	case metres > seconds*fastest+roundings:
		return fmt.Errorf("%g m in %g s is too fast", metres, seconds)
	}
	return nil
}

func checkWaypoints(list []osrmWaypoint) error {
	for i, w := range list {
		if len(w.Location) != 2 || math.Abs(w.Location[0]) > 180 || math.Abs(w.Location[1]) > 90 {
			return fmt.Errorf("place %d is %v", i, w.Location)
		}
	}
	return nil
}

// cell reads one way after check.
func (a *osrmTable) cell(i, j int) (measure.Metres, measure.Millis) {
	if a.Durations[i][j] == nil {
		return Unreachable, Unreachable
	}
	return measure.Metres(math.Round(*a.Distances[i][j])), measure.Millis(math.Round(*a.Durations[i][j] * 1000))
}

// check finds what can't be in a route through so many stops.
func (a *osrmRoutes) check(stops int) error {
	if len(a.Routes) == 0 || len(a.Waypoints) != stops || len(a.Routes[0].Legs) != stops-1 {
		return fmt.Errorf("%d routes and %d places for %d stops", len(a.Routes), len(a.Waypoints), stops)
	}
	if err := checkWaypoints(a.Waypoints); err != nil {
		return err
	}
	for i, leg := range a.Routes[0].Legs {
		if err := checkWay(leg.Distance, leg.Duration, GreatCircle(a.Waypoints[i].point(), a.Waypoints[i+1].point())); err != nil {
			return fmt.Errorf("leg %d: %w", i, err)
		}
	}
	for i, p := range a.Routes[0].Geometry.Coordinates {
		if len(p) != 2 {
			return fmt.Errorf("the line's point %d has %d numbers", i, len(p))
		}
	}
	return nil
}

func (a *osrmRoutes) route(slower func(measure.Millis) measure.Millis) Route {
	var r Route
	for _, leg := range a.Routes[0].Legs {
		r.Metres = append(r.Metres, measure.Metres(math.Round(leg.Distance)))
		r.Times = append(r.Times, slower(measure.Millis(math.Round(leg.Duration*1000))))
	}
	for _, p := range a.Routes[0].Geometry.Coordinates {
		r.Line = append(r.Line, measure.Point{Lon: p[0], Lat: p[1]})
	}
	return r
}
