package sheet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"jishi/server/dispatch"
	"jishi/server/dispatch/wording"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
	tables "jishi/server/sheet"
)

// Row is one load or one truck as it is written in a file. In CSV the columns have these names.
type Row struct {
	Kind    string  `json:"kind"` // "load" or "truck"
	ID      string  `json:"id"`
	What    string  `json:"what"`    // produce, "people", or a truck's type
	Amount  float64 `json:"amount"`  // kg, or people
	Packing string  `json:"packing"` // "" for loose goods
	PackKg  float64 `json:"pack_kg"`
	Place   string  `json:"place"` // where the load or the truck stands: area code
	Lon     float64 `json:"lon"`
	Lat     float64 `json:"lat"`
	To      string  `json:"to"`
	ToLon   float64 `json:"to_lon"`
	ToLat   float64 `json:"to_lat"`
	From    string  `json:"from"`  // ready, or on offer, from: "2020-02-20 06:00"
	Until   string  `json:"until"` // wanted, or on offer, until
	Plate   string  `json:"plate"`
	Speed   int     `json:"speed_kmh"` // 0: as usual for the type
	Price   float64 `json:"yuan_km"`   // yuan for each km; 0: as usual for the type
	Pass    string  `json:"pass"`      // area code of a pass that holds on the day, "CN" for anywhere
	Home    string  `json:"return_to"` // area code that a truck wants to come back to
	Waited  int     `json:"waited"`    // days left behind already
	With    string  `json:"ride_with"` // ids, with bars between them
	n       int     // as the file counts
}

// File is a day to plan.
type File struct {
	Day  string `json:"day"`
	Now  string `json:"now"` // "2020-02-20 04:00"; "": the day's first moment
	Rows []Row  `json:"rows"`
}

// maxFile is the longest file read, in bytes.
const maxFile = 64 << 20

var china = time.FixedZone("+08:00", 8*3600)

// Read reads a file by its name: a table where it ends in .csv or .xlsx, else JSON. A row that can't be used becomes a note that names it;
// the rest is planned.
func Read(in io.Reader, name, day string, book *rules.Book) (dispatch.Question, []dispatch.Note, error) {
	in = io.LimitReader(in, maxFile)
	f, notes := File{Day: day}, []dispatch.Note(nil)
	var err error
	if strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".xlsx") {
		f.Rows, notes, err = rowsOf(in, name)
	} else {
		d := json.NewDecoder(in)
		d.DisallowUnknownFields()
		if err = d.Decode(&f); err == nil && day != "" {
			f.Day = day
		}
	}
	if err != nil {
		return dispatch.Question{}, nil, fmt.Errorf("the file can't be read: %w", err)
	}
	q, more, err := f.question(book)
	return q, append(notes, more...), err
}

func (f File) question(book *rules.Book) (dispatch.Question, []dispatch.Note, error) {
	if !rules.Day(f.Day).Valid() {
		return dispatch.Question{}, nil, fmt.Errorf("day %q: a day is written 2020-02-03", f.Day)
	}
	if f.Now == "" {
		f.Now = f.Day + " 00:00"
	}
	now, err := instant(f.Now)
	if err != nil {
		return dispatch.Question{}, nil, fmt.Errorf("now: %w", err)
	}
	q := dispatch.Question{Day: f.Day, Now: now}
	var notes []dispatch.Note
	seen, loads := map[string]bool{}, map[string]string{}
	for n, r := range f.Rows {
		item := fmt.Sprintf("row %d (%s)", max(r.n, n+1), r.ID)
		if why := r.add(&q, book, now, seen); why != nil {
			notes = append(notes, dispatch.Note{Item: item, Said: why})
		} else if r.Kind == "load" {
			loads[r.ID] = item
		}
	}
	return q, append(notes, takeBound(&q, loads)...), nil
}

// add puts a row into the question, or says why it can't be used.
func (r Row) add(q *dispatch.Question, book *rules.Book, now measure.Millis, seen map[string]bool) wording.Text {
	if r.ID == "" || seen[r.Kind+r.ID] {
		return wording.Just("row_id")
	}
	from, until, why := r.times(now)
	if why != nil {
		return why
	}
	switch r.Kind {
	case "load":
		l, why := r.load(book, from, until)
		if why != nil {
			return why
		}
		q.Loads = append(q.Loads, l)
	case "truck":
		t, why := r.truck(book, q.Day, from, until)
		if why != nil {
			return why
		}
		q.Trucks = append(q.Trucks, t)
	default:
		return wording.Just("row_kind", wording.Named(clip(r.Kind), ""))
	}
	seen[r.Kind+r.ID] = true
	return nil
}

func (r Row) times(now measure.Millis) (from, until measure.Millis, why wording.Text) {
	from = now
	for _, w := range []struct {
		text string
		into *measure.Millis
	}{{r.From, &from}, {r.Until, &until}} {
		if w.text == "" {
			continue
		}
		at, err := instant(w.text)
		if err != nil {
			return 0, 0, wording.Just("row_moment", wording.Named(clip(w.text), ""))
		}
		*w.into = at
	}
	return from, until, nil
}

// clip keeps what a file says short enough for a sentence.
func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}

func instant(text string) (measure.Millis, error) {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, china)
	if err != nil {
		return 0, fmt.Errorf("%q: a moment is written 2020-02-20 06:00", text)
	}
	return measure.Millis(t.UnixMilli()), nil
}

func (r Row) load(book *rules.Book, from, until measure.Millis) (dispatch.Load, wording.Text) {
	ship := orders.ToShip{Allocation: r.ID, Seller: r.ID, Receiver: r.To,
		From:  orders.Stop{Name: r.ID, Adcode: r.Place, Point: measure.Point{Lon: r.Lon, Lat: r.Lat}},
		To:    orders.Stop{Name: r.To, Adcode: r.To, Point: measure.Point{Lon: r.ToLon, Lat: r.ToLat}},
		Ready: measure.Window{From: from}, Unload: measure.Window{To: until}}
	if !(r.Amount > 0 && r.Amount <= 1_000_000) {
		return dispatch.Load{}, wording.Just("row_amount", plain(r.Amount))
	}
	l := dispatch.Load{ToShip: ship, People: int(r.Amount)}
	if r.What != "people" {
		p, ok := book.FindProduce(r.What)
		if !ok {
			return l, wording.Just("row_produce", wording.Named(clip(r.What), ""))
		}
		ship.Produce, ship.Grams, ship.Packing, ship.Packed = p.ID, measure.Grams(r.Amount*1000), r.Packing, r.Packing != ""
		ship.PackGrams = measure.Grams(max(0, r.PackKg) * 1000)
		l = dispatch.NewLoad(ship, book)
	}
	l.Waited = min(max(0, r.Waited), 9)
	if r.With != "" {
		if n := strings.Count(r.With, "|") + 1; n > dispatch.MaxBound {
			return l, wording.Just("row_with", wording.Count(n), wording.Count(dispatch.MaxBound))
		}
		l.With = strings.Split(r.With, "|")
	}
	return l, nil
}

func (r Row) truck(book *rules.Book, day string, from, until measure.Millis) (dispatch.Truck, wording.Text) {
	kind, ok := book.TruckType(r.What)
	if !ok {
		return dispatch.Truck{}, wording.Just("row_truck", wording.Named(clip(r.What), ""))
	}
	if !(r.Price >= 0 && r.Price <= 10_000) {
		return dispatch.Truck{}, wording.Just("row_price", plain(r.Price))
	}
	limits := dispatch.Limits{Speed: r.Speed}
	if limits.Check() != nil {
		return dispatch.Truck{}, wording.Just("row_speed", wording.Count(r.Speed))
	}
	if until == 0 {
		until = from + 24*3_600_000
	}
	v := dispatch.Vehicle{ID: r.ID, Type: kind.ID, Plate: r.Plate, Limits: limits}
	if v.Plate == "" {
		v.Plate = r.ID
	}
	if r.Pass != "" {
		v.Passes = []dispatch.Pass{{Number: r.ID, Area: strings.TrimPrefix(r.Pass, rules.Everywhere), From: day, Until: day}}
	}
	c := dispatch.Capacity{ID: r.ID, Vehicle: r.ID, From: from, Until: until, ReturnTo: r.Home,
		Place: orders.Stop{Name: r.Place, Adcode: r.Place, Point: measure.Point{Lon: r.Lon, Lat: r.Lat}}}
	if r.Price > 0 {
		c.Price = dispatch.Price{Kind: dispatch.PerKm, Fen: measure.Fen(r.Price*100 + 0.5)}
	}
	return dispatch.Truck{Vehicle: v, Capacity: c, Type: limits.Of(kind)}, nil
}

// rowsOf reads a table: each cell is put under its column's name, numbers as numbers.
func rowsOf(in io.Reader, name string) ([]Row, []dispatch.Note, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, nil, err
	}
	table, err := tables.Read(name, data)
	if err != nil {
		return nil, nil, err
	}
	var out []Row
	var notes []dispatch.Note
	for _, row := range table.Rows {
		fields := map[string]any{}
		for i, head := range table.Header {
			if c := row.Cells[i]; c.Text != "" || c.Formula {
				fields[head] = value(head, c)
			}
		}
		text, _ := json.Marshal(fields)
		r := Row{}
		if err := json.Unmarshal(text, &r); err != nil {
			notes = append(notes, dispatch.Note{Item: fmt.Sprintf("row %d", row.N), Said: wording.Just("row_number", wording.Named(badColumn(err), ""))})
			continue
		}
		r.n = row.N
		out = append(out, r)
	}
	return out, notes, nil
}

func plain(x float64) wording.Value { return wording.Named(strconv.FormatFloat(x, 'g', 8, 64), "") }

// badColumn is the column in which no number stands.
func badColumn(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return wrong.Field
	}
	return ""
}

// value is what a cell says: a number in the columns of numbers, unless a formula stands there or its dot may be meant for thousands.
func value(head string, c tables.Cell) any {
	switch head {
	case "amount", "pack_kg", "yuan_km":
		if _, decimals, _ := strings.Cut(c.Text, "."); len(decimals) == 3 && !c.Number && !strings.HasPrefix(c.Text, "0.") {
			return c.Text
		}
	case "lon", "lat", "to_lon", "to_lat", "waited", "speed_kmh":
	case "from", "until":
		return c.Spelt()
	default:
		return c.Text
	}
	if f, err := strconv.ParseFloat(c.Text, 64); err == nil && !c.Formula {
		return f
	}
	return c.Text
}
