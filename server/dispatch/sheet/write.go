package sheet

import (
	"fmt"
	"html/template"
	"io"
	"strconv"
	"time"

	"jishi/server/dispatch"
	"jishi/server/measure"
	tables "jishi/server/sheet"
)

func clock(m measure.Millis) string {
	return time.UnixMilli(int64(m)).In(china).Format("2006-01-02 15:04")
}

// WriteCSV answers every row of the file. It writes one line for each part of a load (truck, where and when it is loaded and unloaded, kg
// or people), one for what of a load stays, one for each truck that stays, and one for each row that could not be used as it is, under
// the load's head, with the reason.
func WriteCSV(out io.Writer, q dispatch.Question, a dispatch.Answer) error {
	var lines [][]tables.Value
	add := func(truck, kind, load, kg, people, loaded, unloaded, to, reason string) {
		line := []tables.Value{}
		for _, text := range []string{truck, kind, load, kg, people, loaded, unloaded, to, reason} {
			line = append(line, tables.Text(text))
		}
		lines = append(lines, line)
	}
	part := func(truck, kind string, load int, g measure.Grams, people int, loaded, unloaded, reason string) {
		l := q.Loads[load]
		add(truck, kind, l.Allocation, kg(g), strconv.Itoa(people), loaded, unloaded, l.To.Name, reason)
	}
	if len(a.Options) > 0 {
		for _, t := range a.Options[0].Trips {
			for _, p := range t.Parts {
				part(t.Truck.Vehicle.Plate, t.Truck.Type.ID, p.Load, p.Goods.Net, p.People, clock(t.Stops[p.From].Start), clock(t.Stops[p.To].Start), "")
			}
		}
	}
	for _, l := range leftOut(a) {
		part("", "", l.Load, l.Grams, l.People, "", "", l.Rule+": "+l.Text)
	}
	for _, r := range a.Refused {
		add(r.Plate, r.Type, "", "", "", "", "", "", r.Rule+": "+r.Text)
	}
	for _, n := range a.Notes {
		add("", "", n.Item, "", "", "", "", "", n.Text)
	}
	text, err := tables.WriteCSV([]string{"truck", "type", "load", "kg", "people", "loaded_at", "unloaded_at", "to", "reason"}, lines)
	if err == nil {
		_, err = out.Write(text)
	}
	return err
}

func kg(g measure.Grams) string { return strconv.FormatFloat(float64(g)/1000, 'f', -1, 64) }

func leftOut(a dispatch.Answer) []dispatch.LeftOut {
	out := a.LeftOut
	if len(a.Options) > 0 {
		out = append(out[:len(out):len(out)], a.Options[0].Unserved...)
	}
	return out
}

// The page's two pictures, in pixels.
const (
	mapWidth, mapHeight = 900.0, 560.0
	barWidth, barHeight = 760.0, 16
)

type line struct {
	Label, Points, Colour string
}

type bar struct {
	X, W  float64
	Class string
	Title string
}

type ganttRow struct {
	Y     int
	Label string
	Bars  []bar
}

type page struct {
	Title, Cost     string
	W, H            float64
	Lines           []line
	Rows            []ganttRow
	GanttH, BarH    int
	First, Last     string
	Left            []dispatch.LeftOut
	Loads           []dispatch.Load
	Refused         []dispatch.Refusal
	Notes           []dispatch.Note
	Costs           []dispatch.CostLine
	Trips           []dispatch.PlannedTrip
	Trucks, Carried int
}

// WriteHTML writes one page that needs nothing else: a map of the trips, a time line for each truck, costs and reasons.
func WriteHTML(out io.Writer, q dispatch.Question, a dispatch.Answer, _ string) error {
	p := page{Title: "计划 Plan " + q.Day, W: mapWidth, H: mapHeight, BarH: barHeight, Left: leftOut(a), Loads: q.Loads, Refused: a.Refused, Notes: a.Notes}
	if len(a.Options) > 0 {
		p.draw(q, a.Options[0])
	}
	return paper.Execute(out, p)
}

func (p *page) draw(q dispatch.Question, o dispatch.Option) {
	p.Cost, p.Costs, p.Trips, p.Trucks = o.Cost.String(), o.Lines, o.Trips, len(o.Trips)
	first, last := o.Trips[0].Depart, o.Trips[0].Done
	west, south, east, north := 180.0, 90.0, -180.0, -90.0
	for _, t := range o.Trips {
		first, last = min(first, t.Depart), max(last, t.Done)
		p.Carried += len(t.Parts)
		for _, s := range t.Stops {
			if at := s.Place.Point; at != (measure.Point{}) {
				west, south, east, north = min(west, at.Lon), min(south, at.Lat), max(east, at.Lon), max(north, at.Lat)
			}
		}
	}
	p.First, p.Last = clock(first), clock(last)
	x := func(m measure.Millis) float64 { return float64(m-first) / float64(max(1, last-first)) * barWidth }
	scale := min(mapWidth/max(0.01, east-west), mapHeight/max(0.01, north-south)) * 0.94
	for n, t := range o.Trips {
		l := line{Label: t.Truck.Vehicle.Plate, Colour: fmt.Sprintf("hsl(%d 70%% 40%%)", n*47%360)}
		row := ganttRow{Y: n * (barHeight + 4), Label: t.Truck.Vehicle.Plate + " " + t.Truck.Type.ID}
		row.Bars = append(row.Bars, bar{x(t.Depart), max(1, x(t.Done)-x(t.Depart)), "drive", fmt.Sprintf("%s, %d km", l.Label, t.Metres/1000)})
		for _, s := range t.Stops {
			if at := s.Place.Point; at != (measure.Point{}) {
				l.Points += fmt.Sprintf("%.1f,%.1f ", 20+(at.Lon-west)*scale, mapHeight-20-(at.Lat-south)*scale)
			}
			row.Bars = append(row.Bars, bar{x(s.Start), max(1, x(s.Leave)-x(s.Start)), string(s.Kind), fmt.Sprintf("%s %s %s", s.Kind, s.Place.Name, clock(s.Start))})
		}
		p.Lines, p.Rows = append(p.Lines, l), append(p.Rows, row)
	}
	p.GanttH = len(p.Rows)*(barHeight+4) + 4
}

var paper = template.Must(template.New("plan").Parse(`<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>{{.Title}}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2em;max-width:70em}svg{border:1px solid #bbb;max-width:100%}
.drive{fill:#cfd8dc}.load{fill:#2e7d32}.unload{fill:#1565c0}polyline{fill:none;stroke-width:1.5}td,th{text-align:left;padding:0 1em 0 0;vertical-align:top}</style>
<h1>{{.Title}}</h1>
<p>{{.Trucks}} 辆车 trucks · {{.Carried}} 件货 loads · {{len .Left}} 未装 left out · {{.Cost}}</p>
{{range .Notes}}<p>⚠ {{.Item}}: {{.Text}}</p>{{end}}
<h2>地图 Map</h2>
<svg viewBox="0 0 {{.W}} {{.H}}" width="{{.W}}" role="img" aria-label="Map of the trips">{{range .Lines}}<polyline points="{{.Points}}" stroke="{{.Colour}}"><title>{{.Label}}</title></polyline>{{end}}</svg>
<h2>时间 Time: {{.First}} – {{.Last}}</h2>
<svg viewBox="0 0 940 {{.GanttH}}" width="940" role="img" aria-label="Time line of each truck">{{$h := .BarH}}{{range .Rows}}<g transform="translate(0 {{.Y}})"><text x="0" y="13" font-size="12">{{.Label}}</text>{{range .Bars}}<rect x="{{.X}}" width="{{.W}}" height="{{$h}}" transform="translate(170 2)" class="{{.Class}}"><title>{{.Title}}</title></rect>{{end}}</g>{{end}}</svg>
<h2>费用 Cost</h2><table>{{range .Costs}}<tr><td>{{.Kind}}<td>{{.Fen}}<td>{{.Text}}<td>{{.Source}}{{.Mark}}{{end}}</table>
<h2>每趟费用 Cost of each trip</h2>{{range .Trips}}<details><summary>{{.Truck.Vehicle.Plate}} {{.Truck.Type.ID}}: {{.Cost}}</summary><table>{{range .Lines}}<tr><td>{{.Kind}}<td>{{.Fen}}<td>{{.Text}}<td>{{.Source}}{{.Mark}}<td>{{.Since}}{{end}}</table></details>{{end}}
<h2>未装的货 Left out</h2><table>{{$l := .Loads}}{{range .Left}}<tr><td>{{(index $l .Load).Allocation}}<td>{{.Rule}}<td>{{.Text}}{{range .Hints}} {{.Text}}{{end}}<td>{{.Source}}{{.Mark}}{{end}}</table>
<h2>没用的车 Trucks not used</h2><table>{{range .Refused}}<tr><td>{{.Plate}} {{.Type}}<td>{{.Rule}}<td>{{.Text}}<td>{{.Source}}{{.Mark}}{{end}}</table>
</html>
`))
