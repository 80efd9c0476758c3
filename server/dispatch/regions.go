package dispatch

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"jishi/server/measure"
)

// rounds of a day in regions: each cuts the country along other lines, so that what lay at a border lies inside next time.
const rounds = 3

// many plans a day that one run of the solver can't take: regions of neighbouring loads with their share of the trucks,
// planned by themselves; then cut anew along other lines, each trip with its goods going to one region, and improved.
func (s *session) many(ctx context.Context, start draft) error {
	spots := s.spots()
	trips := start.trips
	s.told.Rounds = rounds
	for n := 0; n == 0 || n < rounds && ctx.Err() == nil; n++ { // a search that was ended keeps its best so far
		cut := s.cut(spots, trips, n)
		s.told.Regions = len(cut)
		fresh := &session{desk: s.desk, q: s.q, bonds: s.bonds}
		err := s.each(ctx, len(cut), func(ctx context.Context, k int) error {
			out, err := s.plan(ctx, cut[k], s.turn(n, len(cut)-k), 1)
			if err == nil {
				fresh.keep(out)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.told.Done++
			s.tell()
			return err
		})
		if err != nil {
			return err
		}
		slices.SortFunc(fresh.trips, func(a, b PlannedTrip) int { return cmp.Compare(a.Truck.Capacity.ID, b.Truck.Capacity.ID) })
		s.trips, s.why, s.no, s.notes = fresh.trips, fresh.why, fresh.no, fresh.notes
		if n == 0 {
			s.left = append(s.left, fresh.left...)
		}
		trips = s.trips
	}
	return nil
}

// roundEnds are the shares of the time at which the rounds end, in percent; the rest is for prices and reasons.
var roundEnds = [rounds]time.Duration{50, 73, 96}

// turn is the time for the next region of a round: its part of what is left when it begins. So what tables and rules take of a region
// comes off those behind it, and the day ends in time.
func (s *session) turn(round, regions int) time.Duration {
	if s.effort.Time <= 0 {
		return 0
	}
	left := s.effort.Time*roundEnds[round]/100 - s.effort.Now().Sub(s.begin)
	workers := max(1, s.effort.Workers)
	return max(time.Millisecond, left/time.Duration((regions+workers-1)/workers))
}

// spots are the points of loads and trucks; unknown ones stand at zero and are left out by their region.
type spots struct{ loads, ends, trucks []measure.Point }

func (s *session) spots() spots {
	var out spots
	for _, l := range s.q.Loads {
		out.loads, out.ends = append(out.loads, s.desk.pointOf(l.From.Adcode, l.From.Point)), append(out.ends, s.desk.pointOf(l.To.Adcode, l.To.Point))
	}
	for _, t := range s.q.Trucks {
		out.trucks = append(out.trucks, s.desk.pointOf(t.Capacity.Place.Adcode, t.Capacity.Place.Point))
	}
	return out
}

func (d Desk) pointOf(adcode string, p measure.Point) measure.Point {
	if p == (measure.Point{}) {
		if div, ok := d.Places.Division(adcode); ok {
			return div.Point
		}
	}
	return p
}

// cut lays the day out into regions of at most regionLoads loads.
func (s *session) cut(at spots, trips []PlannedTrip, round int) []region {
	lumps := s.lumps(at, trips)
	var out []region
	var halve func(list []lump, depth int)
	halve = func(list []lump, depth int) {
		work := 0
		for _, l := range list {
			work += l.work
		}
		if work <= regionLoads || len(list) < 2 {
			out = append(out, s.regionOf(list, trips))
			return
		}
		along(list, depth+round)
		k, sum := 0, 0
		for share := cutShare(round, depth); k < len(list)-1 && sum < work*share/100; k++ {
			sum += list[k].work
		}
		k = max(1, k)
		halve(list[:k], depth+1)
		halve(list[k:], depth+1)
	}
	halve(lumps, 0)
	s.share(out, at)
	for n := range out {
		slices.Sort(out[n].trucks)
	}
	return out
}

// cutShare moves the lines of a round away from those of the round before.
func cutShare(round, depth int) int {
	if depth > 1 {
		return 50
	}
	return []int{50, 38, 62}[round%3]
}

// along sorts lumps from south to north, or from west to east.
func along(list []lump, axis int) {
	slices.SortStableFunc(list, func(a, b lump) int {
		if axis%2 == 0 {
			return cmp.Compare(a.at.Lon, b.at.Lon)
		}
		return cmp.Compare(a.at.Lat, b.at.Lat)
	})
}

// regionOf gathers lumps. A load that several trips share in the same region counts once, with the sum of its parts.
func (s *session) regionOf(list []lump, trips []PlannedTrip) region {
	var r region
	parts := map[int]int64{}
	truck := map[string]int{}
	for v, t := range s.q.Trucks {
		truck[t.Capacity.ID] = v
	}
	for _, l := range list {
		for _, n := range l.trips {
			t := trips[n]
			r.start.trips = append(r.start.trips, t)
			r.trucks = append(r.trucks, truck[t.Truck.Capacity.ID])
			for _, part := range t.Parts {
				parts[part.Load] += partAmount(part)
			}
		}
		for k, i := range l.loads {
			parts[i] += l.left[k]
		}
		r.trucks = append(r.trucks, l.idle...)
	}
	for _, i := range slices.Sorted(maps.Keys(parts)) {
		r.loads, r.parts = append(r.loads, i), append(r.parts, parts[i])
	}
	return r
}
