package web

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/fault"
	"jishi/server/measure"
)

// Mass is a net weight in a body: a text with a unit ("5016 kg", "3吨", "30斤") or a whole number of grams.
type Mass struct {
	measure.Grams
	Given bool
	err   error
}

// Price is a price in a body: a text with its units ("6.00元/公斤", "3元/斤") or a whole number of 1/10000 yuan per kg.
type Price struct {
	E4    measure.PriceE4
	Given bool
	err   error
}

// Money is an amount in a body: a text ("59,856.00 元") or a whole number of fen.
type Money struct {
	measure.Fen
	Given bool
	err   error
}

// UnmarshalJSON reads it; what is wrong is told by Resolve, which knows the field.
func (m *Mass) UnmarshalJSON(b []byte) error {
	m.Given, m.err = read(b, (*int64)(&m.Grams), func(s string) (int64, error) {
		g, err := measure.ParseMass(s)
		return int64(g), err
	})
	if m.err == nil && m.Given {
		m.err = measure.CheckMass(m.Grams)
	}
	return nil
}

// UnmarshalJSON reads it.
func (p *Price) UnmarshalJSON(b []byte) error {
	p.Given, p.err = read(b, (*int64)(&p.E4), func(s string) (int64, error) {
		v, err := measure.ParsePrice(s)
		return int64(v), err
	})
	switch {
	case p.err == nil && p.E4 < 0:
		p.err = fault.New(fault.Invalid, "negative_price", "A price can't be below zero.")
	case p.err == nil && p.E4 > measure.MaxPrice:
		p.err = fault.New(fault.Invalid, "price_too_high", "No produce costs more than 1,000 yuan per kg.")
	}
	return nil
}

// UnmarshalJSON reads it.
func (m *Money) UnmarshalJSON(b []byte) error {
	m.Given, m.err = read(b, (*int64)(&m.Fen), func(s string) (int64, error) {
		v, err := measure.ParseMoney(s)
		return int64(v), err
	})
	switch {
	case m.err == nil && m.Fen < 0:
		m.err = fault.New(fault.Invalid, "negative_money", "An amount can't be below zero.")
	case m.err == nil && m.Fen > measure.MaxMoney:
		m.err = fault.New(fault.Invalid, "too_much_money", "One amount is a billion yuan at most.")
	}
	return nil
}

// read takes a whole number as it is and a text through parse. null is "not given".
func read(b []byte, into *int64, parse func(string) (int64, error)) (given bool, err error) {
	var text string
	switch {
	case string(b) == "null":
		return false, nil
	case json.Unmarshal(b, &text) == nil:
		*into, err = parse(text)
		return true, err
	}
	*into, err = strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		err = fault.New(fault.Invalid, "not_whole", "A whole number or a text with its unit is expected.")
	}
	return true, err
}

// Resolve tells what was wrong, at the value's own place.
func (m *Mass) Resolve(_ huma.Context, at *huma.PathBuffer) []error { return resolve(m.err, at) }

// Resolve tells what was wrong, at the value's own place.
func (p *Price) Resolve(_ huma.Context, at *huma.PathBuffer) []error { return resolve(p.err, at) }

// Resolve tells what was wrong, at the value's own place.
func (m *Money) Resolve(_ huma.Context, at *huma.PathBuffer) []error { return resolve(m.err, at) }

func resolve(err error, at *huma.PathBuffer) []error {
	if err == nil {
		return nil
	}
	f := fault.Of(err)
	if f == nil {
		return []error{err}
	}
	g := *f
	g.Field = place(at)
	return []error{&fieldError{&g}}
}

// place gives the field's name without the part of the request it is in.
func place(at *huma.PathBuffer) string {
	path := at.String()
	for _, where := range []string{"body", "query", "path", "header"} {
		if rest, ok := strings.CutPrefix(path, where); ok {
			return strings.TrimPrefix(rest, ".")
		}
	}
	return path
}

func unitSchema(description string, examples ...any) *huma.Schema {
	return &huma.Schema{
		AnyOf:       []*huma.Schema{{Type: huma.TypeString, MaxLength: ptr(100)}, {Type: huma.TypeInteger, Format: "int64"}},
		Description: description,
		Examples:    examples,
	}
}

func ptr[T any](v T) *T { return &v }

// Schema describes it in the document.
func (Mass) Schema(huma.Registry) *huma.Schema {
	return unitSchema("Net weight: a text with its unit, or whole grams", "5016 kg", "3吨", 5016000)
}

// Schema describes it in the document.
func (Price) Schema(huma.Registry) *huma.Schema {
	return unitSchema("Price: a text with its units, or whole 1/10000 yuan per kg", "6.00元/公斤", "3元/斤", 60000)
}

// Schema describes it in the document.
func (Money) Schema(huma.Registry) *huma.Schema {
	return unitSchema("Amount: a text in yuan, or whole fen", "59,856.00 元", 5985600)
}

// Instant is a point in time: RFC 3339 with an offset in, +08:00 out.
type Instant measure.Millis

var china = time.FixedZone("+08:00", 8*60*60)

// Millis gives it as milliseconds.
func (i Instant) Millis() measure.Millis { return measure.Millis(i) }

// MarshalJSON writes it; zero is the empty text.
func (i Instant) MarshalJSON() ([]byte, error) {
	if i == 0 {
		return []byte(`""`), nil
	}
	return json.Marshal(time.UnixMilli(int64(i)).In(china).Format(time.RFC3339))
}

// badInstant stands for a text that is no time until Resolve tells it.
const badInstant = Instant(-1 << 62)

// UnmarshalJSON reads it; the empty text and null are zero.
func (i *Instant) UnmarshalJSON(b []byte) error {
	var text string
	if string(b) == "null" || string(b) == `""` {
		*i = 0
		return nil
	}
	*i = badInstant
	if json.Unmarshal(b, &text) != nil {
		return nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil && t.Year() >= 1990 && t.Year() < 2200 {
		*i = Instant(t.UnixMilli())
	}
	return nil
}

// Resolve tells a text that is no time.
func (i *Instant) Resolve(_ huma.Context, at *huma.PathBuffer) []error {
	if *i != badInstant {
		return nil
	}
	return resolve(fault.New(fault.Invalid, "bad_instant", "A time is written like %s.", "2020-02-01T09:00:00+08:00"), at)
}

// Schema describes it in the document.
func (Instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: "RFC 3339 with an offset; empty when there is none", Examples: []any{"2020-02-01T09:00:00+08:00"}}
}

// Day is a calendar day in China, "2020-02-01".
type Day string

// Start gives the first instant of the day, 00:00 at +08:00; 0 for the empty day.
func (d Day) Start() measure.Millis {
	t, err := time.ParseInLocation(time.DateOnly, string(d), china)
	if err != nil {
		return 0
	}
	return measure.Millis(t.UnixMilli())
}

// Resolve refuses a day that the calendar lacks.
func (d *Day) Resolve(_ huma.Context, at *huma.PathBuffer) []error {
	if *d == "" {
		return nil
	}
	if t, err := time.Parse(time.DateOnly, string(*d)); err == nil && t.Year() >= 1990 && t.Year() < 2200 {
		return nil
	}
	return resolve(fault.New(fault.Invalid, "bad_day", "There is no such day; a day is written like %s.", "2020-02-01"), at)
}

// Schema describes it in the document.
func (Day) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: "Calendar day at +08:00", Examples: []any{"2020-02-01"}}
}

// TimeOfDay is minutes after midnight at +08:00, "08:00" in a body.
type TimeOfDay int

var timeOfDay = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})$`)

const badTimeOfDay = TimeOfDay(-1)

// MarshalJSON writes it as "08:00".
func (t TimeOfDay) MarshalJSON() ([]byte, error) {
	return json.Marshal(fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60))
}

// UnmarshalJSON reads "08:00" up to "24:00".
func (t *TimeOfDay) UnmarshalJSON(b []byte) error {
	*t = badTimeOfDay
	var text string
	if json.Unmarshal(b, &text) != nil {
		return nil
	}
	found := timeOfDay.FindStringSubmatch(text)
	if found == nil {
		return nil
	}
	h, _ := strconv.Atoi(found[1])
	m, _ := strconv.Atoi(found[2])
	if m < 60 && h*60+m <= 24*60 {
		*t = TimeOfDay(h*60 + m)
	}
	return nil
}

// Resolve tells a text that is no time of day.
func (t *TimeOfDay) Resolve(_ huma.Context, at *huma.PathBuffer) []error {
	if *t != badTimeOfDay {
		return nil
	}
	return resolve(fault.New(fault.Invalid, "bad_time_of_day", "A time of day is written like %s.", "08:00"), at)
}

// Schema describes it in the document.
func (TimeOfDay) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: "Time of day at +08:00", Examples: []any{"08:00"}}
}
