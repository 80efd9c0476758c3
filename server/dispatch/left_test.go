package dispatch

import (
	"fmt"
	"slices"
	"testing"

	"jishi/server/measure"
)

// Of a load that is cut, the least piece that is left is judged: what a larger piece lacks binds only where no smaller one waits.
func TestThePieceThatIsJudged(t *testing.T) {
	t.Parallel()
	p, _ := plan(t, question(t, []Truck{truck(t, "T68", "陕C·A1001", relief)}, toShip(1, apple, 5, union)))
	const kg = int64(measure.Kilogram)
	for _, row := range []struct {
		cut  []int64
		left int64
		want int64
	}{
		{[]int64{4000, 4000, 2000}, 10_000, 2000}, // all
		{[]int64{4000, 4000, 2000}, 8000, 4000},   // without the last
		{[]int64{4000, 4000, 2000}, 6000, 2000},
		{[]int64{4000, 4000, 2000}, 2000, 2000},
		{[]int64{4000, 4000, 5000}, 5000, 5000}, // only the last, a little more
		{[]int64{4000, 4000, 5000}, 9000, 4000},
		{[]int64{3000}, 3000, 3000},
		{[]int64{4000, 4000, 2000}, 1500, 1500}, // cut otherwise
		{[]int64{4000, 4000, 2000}, 7300, 2000},
	} {
		for range 2 {
			var cut []piece
			for _, n := range row.cut {
				cut = append(cut, p.piece(0, n*kg))
			}
			equal(t, fmt.Sprint(row.cut, row.left), p.oneOf(cut, row.left*kg).amount(), row.want*kg)
			slices.Reverse(row.cut)
		}
	}
}

// A load cut in three, of which a truck with little room takes the last and least piece: the others stay because they are too large for
// it, and that is what is said of them, with numbers and what would change it.
func TestALoadThatIsCutHasOneReason(t *testing.T) {
	t.Parallel()
	low := truck(t, "T68", "陕C·A1001", relief)
	full := low.room()
	size := full.Grams * 2 / 5
	load := toShip(1, apple, 1, union)
	load.Grams = 2*size + size*6/10
	p, _ := plan(t, question(t, []Truck{low}, load))
	pieces := p.pieces([]int{0})
	equal(t, "pieces", len(pieces), 3)
	last := pieces[2]
	low.Left = Room{Grams: full.Grams, Volume: last.goods.Volume + 10}
	_, a := plan(t, question(t, []Truck{low}, load))
	o := a.Options[0]
	if len(o.Unserved) != 1 || o.Unserved[0].Grams != load.Grams-measure.Grams(last.amount()) {
		t.Fatalf("left: %+v", o.Unserved)
	}
	l := o.Unserved[0]
	equal(t, "reason", []any{l.Rule, l.Need, l.Limit}, []any{"cube", int64(pieces[0].goods.Volume), int64(low.Left.Volume)})
	equal(t, "binding", len(l.Bindings) == 1 && l.Bindings[0].Rule == l.Rule && l.Bindings[0].Need == l.Need, true)
	equal(t, "hint", slices.ContainsFunc(l.Hints, func(h Hint) bool { return h.Code == "larger_truck" }), true)
}

// Goods that must ride with others are left for that, also where the solver alone knows that the others can't go: they would come when
// the receiver's hours are over, and would be too late for the next ones.
func TestGoodsBoundToWhatTheSolverLeaves(t *testing.T) {
	t.Parallel()
	q := question(t, []Truck{truck(t, "T68", "陕C·A1001", relief)}, toShip(1, apple, 2, union), toShip(2, apple, 2, zhongnan))
	q.Loads[0].Unload.To = at(t, "2020-02-04 07:00")
	q.Loads[1].With = []string{"alloc1"}
	_, a := plan(t, q)
	var rules []string
	for _, l := range a.LeftOut {
		rules = append(rules, l.Rule)
	}
	equal(t, "rules", rules, []string{"window", "bound"})
}
