package pdptw

func (m *model) compileTables() {
	m.tables = make([]table, len(m.p.Profiles))
	for i, x := range m.p.Profiles {
		t := table{size: x.Size + 1, to: make([]arc, (x.Size+1)*(x.Size+1))}
		symmetric := true
		for a := 0; a < x.Size; a++ {
			for b := 0; b < x.Size; b++ {
				e := arc{x.Distance[a*x.Size+b], x.Duration[a*x.Size+b]}
				if e.dist < 0 || e.dur < 0 {
					e, t.gaps = arc{noRoad, noRoad}, true
				}
				t.to[a*t.size+b] = e
				if b < a && e != t.to[b*t.size+a] {
					symmetric = false
				}
			}
		}
		t.from = t.to
		if !symmetric {
			t.from = transpose(t.to, t.size)
		}
		t.metric = !t.gaps && triangular(&t)
		m.tables[i] = t
	}
}

// triangular looks at a spread of triples. A miss only costs the search a good place now and then, never a wrong plan.
func triangular(t *table) bool {
	n := t.size - 1
	if n < 3 {
		return true
	}
	const tries = 5000
	for i, x := 0, uint64(1); i < tries; i++ {
		x = x*6364136223846793005 + 1442695040888963407
		a, b, c := int(x>>40)%n, int(x>>20&0xfffff)%n, int(x>>3&0xffff)%n
		if int64(t.to[a*t.size+c].dist) > int64(t.to[a*t.size+b].dist)+int64(t.to[b*t.size+c].dist)+2 {
			return false
		}
	}
	return true
}

func transpose(to []arc, n int) []arc {
	from := make([]arc, len(to))
	for a := 0; a < n; a++ {
		for b := 0; b < n; b++ {
			from[b*n+a] = to[a*n+b]
		}
	}
	return from
}
