package dispatch

import (
	"slices"

	"jishi/server/measure"
)

// lump is what a region gets whole: trips with their goods and trucks, loads or rests of them that no trip carries, or an idle
// truck. What must ride on the same truck is one lump, with the idle trucks that it must ride on.
type lump struct {
	at    measure.Point
	trips []int
	loads []int
	left  []int64 // of each load
	idle  []int   // trucks
	work  int     // loads in it
}

// lumping gathers lumps.
type lumping struct {
	bonds
	at    spots
	list  []lump
	where map[int]int // lump of each bond
}

// fresh begins a lump at a point.
func (g *lumping) fresh(at measure.Point) *lump {
	g.list = append(g.list, lump{at: at})
	return &g.list[len(g.list)-1]
}

// bound is the lump of everything that must ride with a load.
func (g *lumping) bound(load int) *lump {
	bond := g.find(load)
	n, known := g.where[bond]
	if !known {
		g.where[bond] = len(g.list)
		return g.fresh(g.at.loads[load])
	}
	return &g.list[n]
}

// lumpFor is the lump that a trip goes into.
func (g *lumping) lumpFor(t PlannedTrip) *lump {
	if load := g.on(t); load >= 0 {
		return g.bound(load)
	}
	if len(t.Parts) == 0 {
		return g.fresh(measure.Point{})
	}
	return g.fresh(g.at.loads[t.Parts[0].Load])
}

func (s *session) lumps(at spots, trips []PlannedTrip) []lump {
	g := lumping{bonds: s.bonds.along(trips), at: at, where: map[int]int{}}
	used := map[int]int64{}
	busy := map[string]bool{}
	for n, t := range trips {
		busy[t.Truck.Capacity.ID] = true
		l := g.lumpFor(t)
		l.trips, l.work = append(l.trips, n), l.work+len(t.Parts)
		for _, part := range t.Parts {
			used[part.Load] += partAmount(part)
		}
	}
	for i, load := range s.q.Loads {
		if left := load.amount() - used[i]; left > 0 && s.bonds.size[i] <= MaxBound {
			l := g.bound(i)
			l.loads, l.left, l.work = append(l.loads, i), append(l.left, left), l.work+1
		}
	}
	for v, t := range s.q.Trucks {
		if busy[t.Capacity.ID] {
			continue
		}
		l := (*lump)(nil)
		if load, bound := g.goesWith[t.Vehicle.ID]; bound {
			l = g.bound(load)
		} else {
			l = g.fresh(at.trucks[v])
		}
		l.idle = append(l.idle, v)
	}
	return g.list
}

// share lets idle trucks go where they are needed: regions are cut by the goods, and a county's trucks may all stand in one yard.
func (s *session) share(cut []region, at spots) {
	need, have := make([]Room, len(cut)), make([]Room, len(cut))
	for n, r := range cut {
		for k, i := range r.loads {
			need[n] = need[n].plus(s.roomOf(i, r.parts[k]))
		}
		for _, v := range r.trucks {
			have[n] = have[n].plus(s.q.Trucks[v].room())
		}
	}
	for n := range cut {
		for len(cut[n].loads) > 0 && !have[n].covers(need[n]) {
			from, v := s.spare(cut, need, have, at, n)
			if from < 0 {
				break
			}
			room := s.q.Trucks[v].room()
			have[n], have[from] = have[n].plus(room), have[from].less(room)
			cut[from].trucks = slices.DeleteFunc(cut[from].trucks, func(x int) bool { return x == v })
			cut[n].trucks = append(cut[n].trucks, v)
		}
	}
}

// spare is the idle truck nearest to a region that another one can do without, -1 for none.
func (s *session) spare(cut []region, need, have []Room, at spots, to int) (from, truck int) {
	from, truck = -1, -1
	best := 0.0
	goal := at.loads[cut[to].loads[0]]
	for n, r := range cut {
		if n == to {
			continue
		}
		for _, v := range r.trucks {
			room := s.q.Trucks[v].room()
			if _, bound := s.bonds.goesWith[s.q.Trucks[v].Vehicle.ID]; bound || r.start.uses(s.q.Trucks[v].Capacity.ID) || !have[n].less(room).covers(need[n].withSlack()) || !room.helps(need[to].less(have[to])) {
				continue
			}
			x, y := at.trucks[v].Lon-goal.Lon, at.trucks[v].Lat-goal.Lat
			if d := x*x + y*y; truck < 0 || d < best {
				from, truck, best = n, v, d
			}
		}
	}
	return from, truck
}

// roomOf is what n grams, or people, of a load take up.
func (s *session) roomOf(load int, n int64) Room {
	l := s.q.Loads[load]
	all := max(1, l.amount())
	if l.People > 0 {
		return Room{Seats: int(n)}
	}
	return Room{Grams: measure.Grams(int64(l.Goods.Gross) / 1000 * n / all * 1000), Volume: measure.Millilitres(int64(l.Goods.Volume) / 1000 * n / all * 1000)}
}

// amount is all of a load: grams, or people.
func (l Load) amount() int64 {
	if l.People > 0 {
		return int64(l.People)
	}
	return int64(l.Grams)
}

func (r Room) covers(o Room) bool {
	return r.Grams >= o.Grams && r.Volume >= o.Volume && r.Seats >= o.Seats
}

// helps reports whether the room has some of what is missing.
func (r Room) helps(missing Room) bool {
	return r.Grams > 0 && missing.Grams > 0 || r.Volume > 0 && missing.Volume > 0 || r.Seats > 0 && missing.Seats > 0
}

// withSlack is a quarter more: goods never fill trucks to the last.
func (r Room) withSlack() Room {
	return Room{r.Grams + r.Grams/4, r.Volume + r.Volume/4, r.Seats + r.Seats/4}
}

// uses reports whether some trip of the draft has the truck.
func (d draft) uses(capacity string) bool {
	for _, t := range d.trips {
		if t.Truck.Capacity.ID == capacity {
			return true
		}
	}
	return false
}
