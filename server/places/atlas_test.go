package places_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jishi/server/measure"
	"jishi/server/places"
)

func atlas(t testing.TB) *places.Atlas {
	t.Helper()
	a, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func names(list []places.Division) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.Name)
	}
	return out
}

func TestEveryDivisionLiesInChinaBelowItsParent(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	count := map[string]int{}
	for _, d := range a.All() {
		count[d.Level]++
		if d.Point.Lon < 73 || d.Point.Lon > 136 || d.Point.Lat < 3 || d.Point.Lat > 54 {
			t.Errorf("%s %s lies at %v", d.Code, d.Name, d.Point)
		}
		path := a.Path(d.Code)
		if top := path[len(path)-1]; top.Level != places.Province || top.Code != d.Code[:2]+"0000" {
			t.Errorf("%s %s ends in %s", d.Code, d.Name, top.Name)
		}
	}
	if diff := cmp.Diff(map[string]int{places.Province: 34, places.City: 333, places.County: 2847}, count); diff != "" {
		t.Error(diff)
	}
}

func TestAnOldCodeMeansTheSameCounty(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	now, ok := a.Division("610305")
	before, okBefore := a.Division("610322")
	if !ok || !okBefore || now != before || now.Name != "凤翔区" || now.OldCode != "610322" {
		t.Errorf("610305 is %+v, 610322 is %+v", now, before)
	}
	if got := a.Current("610322"); got != "610305" {
		t.Errorf("610322 is now %s", got)
	}
	if got := a.Current("999999"); got != "999999" {
		t.Errorf("an unknown code became %s", got)
	}
	if !a.Same("610322", "610305") || a.Same("610322", "610323") || a.Same("", "") {
		t.Error("Same mistakes counties")
	}
	// 330110 was cut up: one part kept the code, so as a code it is that part and not the other.
	if d, _ := a.Division("330110"); d.Name != "余杭区" || a.Same("330110", "330113") {
		t.Errorf("330110 is %s", d.Name)
	}
	for _, code := range []string{"", "6103", "61030x", "999999"} {
		if d, ok := a.Division(code); ok {
			t.Errorf("%q is %v", code, d)
		}
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, row := range []struct {
		code, area string
		want       bool
	}{
		{"610305", "610300", true}, {"610322", "610300", true}, {"610322", "610000", true}, {"610305", "610322", true}, {"610322", "610305", true},
		{"610305", "610305", true}, {"610300", "610305", false}, {"610305", "420000", false}, {"610305", "610400", false},
		{"429004", "420000", true}, // 仙桃 stands below its province, without a city
		{"429004", "429000", false}, {"420102", "420100", true},
		{"610199", "610100", true}, {"610199", "610000", true}, {"610199", "610300", false}, // unknown: by its digits
		{"", "", false}, {"", "610000", false}, {"610305", "", false}, {"61", "610000", false},
	} {
		if got := a.Within(row.code, row.area); got != row.want {
			t.Errorf("Within(%q, %q) = %v", row.code, row.area, got)
		}
	}
}

func TestWithinIsAnOrder(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	all := a.All()
	rapid.Check(t, func(t *rapid.T) {
		d, e := rapid.SampledFrom(all).Draw(t, "d"), rapid.SampledFrom(all).Draw(t, "e")
		if !a.Within(d.Code, d.Code) {
			t.Fatalf("%s is not within itself", d.Name)
		}
		if d.Code != e.Code && a.Within(d.Code, e.Code) && a.Within(e.Code, d.Code) {
			t.Fatalf("%s and %s are within each other", d.Name, e.Name)
		}
		onPath := slices.ContainsFunc(a.Path(d.Code), func(p places.Division) bool { return p.Code == e.Code })
		if a.Within(d.Code, e.Code) != onPath {
			t.Fatalf("%s in %s: Within and Path differ", d.Name, e.Name)
		}
	})
}

func TestPath(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"凤翔区", "宝鸡市", "陕西省"}, names(atlas(t).Path("610322"))); diff != "" {
		t.Error(diff)
	}
	if got := atlas(t).Path("999999"); len(got) != 0 {
		t.Errorf("an unknown code has the path %v", got)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, row := range []struct{ q, first string }{
		{"凤翔", "610305"}, {"凤翔区", "610305"}, {"fengxiang", "610305"}, {"Feng Xiang", "610305"}, {"baojifengx", "610305"},
		{"610322", "610305"}, {"610305", "610305"}, {"陕西凤翔", "610305"}, {"陕西省宝鸡市凤翔区", "610305"}, {"宝鸡 凤翔", "610305"}, {"shaanxi fengxiang", "610305"},
		{"武汉", "420100"}, {"wuhan", "420100"}, {"4201", "420100"}, {"42", "420000"}, {"湖北", "420000"}, {"广西", "450000"}, {"hongkong", "810000"},
		{"北京朝阳区", "110105"}, {"黟县", "341023"}, {"lu'an", "341500"}, {"luan", "341500"}, {"lüliang", "141100"},
	} {
		got := a.Search(row.q, 5)
		if len(got) == 0 || got[0].Code != row.first {
			t.Errorf("%q finds %v, wants %s first", row.q, names(got), row.first)
		}
	}
	if got := a.Search("朝阳", 10); len(got) < 3 || got[0].Name != "朝阳市" {
		t.Errorf("朝阳 finds %v; the city comes first, then the districts", names(got))
	}
	if got := a.Search("330110", 5); len(got) != 2 || got[0].Name != "余杭区" || got[1].Name != "临平区" {
		t.Errorf("330110 finds %v; what it means today comes first, then what it meant", names(got))
	}
	for _, q := range []string{"", " ", "xyzzy", "engxiang", "999", "陕西武汉"} {
		if got := a.Search(q, 5); len(got) > 0 {
			t.Errorf("%q finds %v", q, names(got))
		}
	}
	if got := a.Search("区", 7); len(got) != 7 {
		t.Errorf("a limit of 7 gives %d", len(got))
	}
	if got := a.Search("武汉", 0); got != nil {
		t.Errorf("a limit of 0 gives %v", got)
	}
}

// Whoever types a division's full path in Chinese finds it first; every 97th is tried.
func TestSearchFindsADivisionByItsPath(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for i, d := range a.All() {
		if i%97 > 0 {
			continue
		}
		q := ""
		for _, up := range a.Path(d.Code) {
			q = up.Name + q
		}
		if got := a.Search(q, 1); len(got) != 1 || got[0].Code != d.Code {
			t.Errorf("%s finds %v", q, got)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	d, off := a.Nearest(measure.Point{Lon: 107.4010, Lat: 34.5222})
	if d.Code != "610305" || off > 1_000 {
		t.Errorf("the market town of Fengxiang lies in %s, %v off", d.Name, off)
	}
	for i, d := range a.All() {
		if d.Level != places.County || i%10 > 0 {
			continue
		}
		if e, off := a.Nearest(d.Point); off > 0 { // the same county, or one with the same point
			t.Errorf("%s: the nearest is %s, %v off", d.Name, e.Name, off)
		}
	}
}

func FuzzSearch(f *testing.F) {
	a := atlas(f)
	for _, s := range []string{"凤翔", "陕西 fengxiang", "6103", "lu'an", "\xff\xfe", "市市市"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range a.Search(s, 3) {
			if e, ok := a.Division(d.Code); !ok || e != d {
				t.Errorf("%q finds %v, which is not in the atlas", s, d)
			}
		}
	})
}
