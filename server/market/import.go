package market

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/sheet"
)

// Import is a table of lots that was sent in: read and checked at once, made into lots and offers when somebody says yes, taken back
// whole while nothing of it was ordered.
type Import struct {
	ID        string
	Party     string
	Name      string // of the file
	Good      int    // rows that can be made into lots
	Wrong     int    // rows with a fault
	Faults    []sheet.RowFault
	Ignored   []string // heads of columns that nothing is read from
	Made      int      // rows that became lots
	Undone    int      // rows whose lots were taken back
	Mandate   string
	CreatedAt measure.Millis
	Rows      []ImportRow // the first of them, as they were understood
}

// State is where an import stands: checked, importing, imported, undoing or undone.
func (i Import) State() string { return sheet.State(i.Good, i.Made, i.Undone) }

// ImportRow is one row as it was understood.
type ImportRow struct {
	N           int             `json:"n"`
	Produce     string          `json:"produce"`
	Grade       string          `json:"grade,omitempty"`
	Packing     string          `json:"packing,omitempty"`
	Weight      measure.Grams   `json:"weight"`
	Packs       int64           `json:"packs,omitempty"`
	PackGrams   measure.Grams   `json:"pack_grams,omitempty"`
	Price       measure.PriceE4 `json:"price"` // measure.NoPrice: a lot without an offer; 0: a gift
	Min         measure.Grams   `json:"min,omitempty"`
	Pickup      measure.Window  `json:"pickup"`
	HarvestedOn string          `json:"harvested_on,omitempty"`
	PlaceName   string          `json:"place_name,omitempty"`
	Adcode      string          `json:"adcode,omitempty"`
	Certificate string          `json:"certificate,omitempty"`
	Line        string          `json:"line,omitempty"`
}

// Bounds of an import.
const (
	pieceRows  = 250 // worked through in one transaction
	maxFaults  = 500 // that are kept and shown
	shownRows  = 50
	maxCellLen = 500
)

// fieldHeads are the words that heads of columns begin with, by what is read from them. The longest word wins.
var fieldHeads = map[string][]string{
	"line":        {"一句话", "货物说明", "line"},
	"produce":     {"品类", "品名", "货物", "产品", "produce"},
	"grade":       {"等级", "规格", "grade"},
	"weight":      {"净重", "过磅净重", "重量", "数量", "weight", "weighed", "net"},
	"gross":       {"毛重", "gross"},
	"tare":        {"皮重", "tare"},
	"packs":       {"件数", "箱数", "袋数", "packs"},
	"pack_weight": {"每件净重", "每箱净重", "单件净重", "pack", "pack weight"},
	"packing":     {"包装", "packing"},
	"price":       {"单价", "价格", "售价", "price"},
	"min":         {"起订", "min"},
	"harvested":   {"采收", "采摘", "harvested"},
	"place":       {"地点 名称", "地点", "产地", "place name", "place"},
	"adcode":      {"地点 区划代码", "区划代码", "行政区划", "place adcode", "adcode"},
	"certificate": {"合格证", "certificate"},
	"":            {"地点 坐标", "place point"}, // of our own table of lots: the county gives the point
}

// codeOf are columns of our own table of lots that give by a code what a column beside it says in words. With both there the code is not read.
var codeOf = map[string]string{"品类代码": "品类", "produce": "produce name"}

// field is one column of an import.
type field struct {
	name string // of fieldHeads, "" nothing is read from it
	unit string // of the head, in brackets: 公斤, 元/斤
	head string
}

func fieldOf(head string) field {
	text := strings.ToLower(strings.NewReplacer("（", "(", "）", ")", "／", "/").Replace(strings.TrimSpace(head)))
	f, best := field{head: head}, 0
	word, unit, _ := strings.Cut(text, "(")
	f.unit = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(unit), ")"))
	for name, words := range fieldHeads {
		for _, w := range words {
			if strings.HasPrefix(strings.TrimSpace(word), w) && len(w) > best {
				f.name, best = name, len(w)
			}
		}
	}
	return f
}

func plainHead(head string) string { return strings.ToLower(strings.TrimSpace(head)) }

// fieldsOf reads the header. A head named twice, or a table from which no lot can be read, is a fault.
func fieldsOf(header []string) (fields []field, ignored []string, err error) {
	seen, named := map[string]bool{}, map[string]bool{}
	for _, h := range header {
		named[plainHead(h)] = true
	}
	for _, h := range header {
		f := fieldOf(h)
		if named[codeOf[plainHead(h)]] {
			f.name = ""
		}
		if f.name != "" && seen[f.name] {
			return nil, nil, fault.At("file", "column_twice", "The column %q says for the second time what another says.", clip(h))
		}
		seen[f.name] = true
		if fields = append(fields, f); f.name == "" && h != "" {
			ignored = append(ignored, clip(h))
		}
	}
	if !seen["line"] && (!seen["produce"] || !seen["weight"] && !seen["gross"]) {
		return nil, nil, fault.At("file", "no_columns", "The first row must name the columns: %s.", "品类, 净重 (公斤)")
	}
	return fields, ignored, nil
}

// rowReader reads the cells of one row; the first fault stays.
type rowReader struct {
	cells map[string]sheet.Cell
	field map[string]field
	fault *sheet.RowFault
	n     int
}

func readerOf(r sheet.Row, fields []field) *rowReader {
	out := &rowReader{cells: map[string]sheet.Cell{}, field: map[string]field{}, n: r.N}
	for i, f := range fields {
		if f.name != "" {
			out.cells[f.name], out.field[f.name] = r.Cells[i], f
		}
	}
	return out
}

// bad keeps the first fault of a row, at the column of a field.
func (r *rowReader) bad(name string, err error) {
	if r.fault == nil {
		r.fault = sheet.FaultIn(r.n, r.head(name), err)
	}
}

// standIn says which column holds what another one would say, in a table that has no such column.
var standIn = map[string]string{"weight": "gross", "pack_weight": "packs", "packs": "pack_weight"}

// head is what the file calls the column of a field: its own, the one that stands in for it, or that of the one-line entry that said it.
func (r *rowReader) head(name string) string {
	if r.cells[name].Text == "" && r.cells["line"].Text != "" {
		return r.field["line"].head
	}
	return cmp.Or(r.field[name].head, r.field[standIn[name]].head, r.field["line"].head)
}

// text gives a cell's words. A formula is refused: what it works out may be another thing tomorrow.
func (r *rowReader) text(name string) string {
	c := r.cells[name]
	switch {
	case c.Formula:
		r.bad(name, fault.New(fault.Invalid, "formula", "A formula stands here; put in the value itself."))
	case utf8.RuneCountInString(c.Text) > maxCellLen:
		r.bad(name, fault.New(fault.Invalid, "too_long", "At most %d characters, please.", maxCellLen))
	default:
		return c.Text
	}
	return ""
}

// amount gives the text of an amount with the unit of its head where the cell has none. Merged cells are refused: it can't be known
// whether the amount is each row's or all rows' together.
func (r *rowReader) amount(name string) string {
	text := r.text(name)
	c := r.cells[name]
	if text == "" {
		return ""
	}
	if c.Merged != "" {
		r.bad(name, fault.New(fault.Invalid, "merged_amount", "The cells %s are merged: write the amount in each row.", c.Merged))
		return ""
	}
	if strings.Trim(text, "0123456789.,-−+ ０１２３４５６７８９．，") != "" {
		return text
	}
	if _, decimals, dot := strings.Cut(text, "."); c.Number && dot && len(decimals) == 3 {
		text += "0" // a spreadsheet's number: its dot is no thousands dot
	}
	return text + r.field[name].unit
}

func (r *rowReader) mass(name string) measure.Grams {
	text := r.amount(name)
	if text == "" {
		return 0
	}
	g, err := measure.ParseMass(text)
	r.bad(name, err)
	return g
}

// massIfAny is a mass that a lot may do without: a zero says that there is none.
func (r *rowReader) massIfAny(name string) measure.Grams {
	if strings.Trim(r.text(name), "0.") == "" {
		return 0
	}
	return r.mass(name)
}

// grossMass reads a gross or tare weight; its head has said that it is none of the net weights.
func (r *rowReader) grossMass(name string) measure.Grams {
	text := r.amount(name)
	if text == "" {
		return 0
	}
	g, err := measure.ParseMass(strings.NewReplacer("毛重", "", "皮重", "", "gross", "").Replace(text))
	r.bad(name, err)
	return g
}

// weight is the net weight, held against gross and tare where they are given.
func (r *rowReader) weight() measure.Grams {
	net, gross, tare := r.mass("weight"), r.grossMass("gross"), r.grossMass("tare")
	switch {
	case r.fault != nil || gross == 0 && tare == 0:
	case gross == 0:
	case net == 0 && tare == 0:
		r.bad("gross", fault.New(fault.Invalid, "gross_alone", "A gross weight alone doesn't say what the goods weigh: give the net weight or the tare."))
	case net == 0:
		net = gross - tare
		if net <= 0 {
			r.bad("tare", fault.New(fault.Invalid, "tare_above_gross", "The tare is not below the gross weight."))
		}
	case gross < net:
		r.bad("gross", fault.New(fault.Invalid, "gross_below_net", "The gross weight %s is below the net weight %s: are the two columns mixed up?", gross, net))
	case tare > 0 && max(gross-tare-net, net-gross+tare)*100 > net*maxPackPart:
		r.bad("tare", fault.New(fault.Invalid, "tare_misses", "Gross %s less tare %s is not the net weight %s.", gross, tare, net))
	}
	return net
}

func (r *rowReader) price() measure.PriceE4 {
	text := r.amount("price")
	switch text {
	case "":
		return measure.NoPrice
	case "免费", "捐", "捐赠", "赠送", "gift", "free":
		return 0
	}
	p, err := measure.ParsePrice(text)
	r.bad("price", err)
	return p
}

func (r *rowReader) count(name string) int64 {
	text := strings.TrimRight(r.text(name), "箱袋捆筐件包托盒个 ")
	if text == "" {
		return 0
	}
	var n int64
	for _, c := range text {
		if c < '0' || c > '9' || n > 1e9 {
			r.bad(name, fault.New(fault.Invalid, "bad_count", "%q is no number of packs.", clip(text)))
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

func (r *rowReader) day(name string) string {
	text := r.text(name)
	if text == "" {
		return ""
	}
	if at, ok := r.cells[name].Moment(time.UTC); ok {
		return at.Format(time.DateOnly)
	}
	r.bad(name, fault.New(fault.Invalid, "bad_date", "%q is no date; write it as 2020-02-01.", clip(text)))
	return ""
}
