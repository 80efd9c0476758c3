package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"jishi/server/dispatch"
	"jishi/server/dispatch/sheet"
	"jishi/server/places"
	"jishi/server/rules"
)

// planFile plans a day from a file: `jishi plan FILE`.
func planFile(ctx context.Context, args []string, s Streams, env func(string) string) error {
	f := flags("plan", s)
	day := f.String("day", "", "whose rules hold, 2020-02-20; needed for CSV, for JSON it goes before the file's own")
	format := f.String("format", "json", "what is printed: json, csv or html")
	lang := f.String("lang", "zh", "language of reasons and of the page: zh or en")
	limit := f.Duration("time", 5*time.Second, "how long to search")
	osrm := f.String("osrm", env("JISHI_OSRM"), "http://... of a routing server; left out, or away: distances are estimates")
	if err := parse(f, args, 1); err != nil {
		return err
	}
	if f.NArg() != 1 || *limit <= 0 || *limit > time.Hour {
		return usageError{"say which file, and at most an hour: jishi plan [--day D] [--format json|csv|html] FILE"}
	}
	write, ok := planWriters[*format]
	if !ok {
		return usageError{"the format is json, csv or html"}
	}
	desk, err := planDesk(*osrm)
	if err != nil {
		return err
	}
	in, err := os.Open(f.Arg(0))
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	q, notes, err := sheet.Read(in, f.Arg(0), *day, desk.Rules)
	if err != nil {
		return err
	}
	a, err := desk.Day(ctx, q, dispatch.Effort{Time: *limit, Now: time.Now, Workers: 2}, nil)
	if err != nil {
		return err
	}
	a.Notes = append(notes, a.Notes...)
	a = a.In(*lang)
	for _, n := range a.Notes {
		fmt.Fprintf(s.Err, "%s: %s\n", n.Item, n.Text)
	}
	return write(s.Out, q, a, *lang)
}

func planDesk(osrm string) (dispatch.Desk, error) {
	book, err := rules.Load()
	if err != nil {
		return dispatch.Desk{}, err
	}
	atlas, err := places.Load()
	desk := dispatch.Desk{Rules: book, Places: atlas, Router: places.NewEstimator(atlas)}
	if osrm != "" {
		desk.Spare, desk.Router = desk.Router, &places.OSRM{URL: osrm}
	}
	return desk, err
}

var planWriters = map[string]func(out io.Writer, q dispatch.Question, a dispatch.Answer, lang string) error{
	"json": func(out io.Writer, q dispatch.Question, a dispatch.Answer, _ string) error {
		e := json.NewEncoder(out)
		e.SetIndent("", " ")
		return e.Encode(map[string]any{"question": q, "answer": a})
	},
	"csv": func(out io.Writer, q dispatch.Question, a dispatch.Answer, _ string) error {
		return sheet.WriteCSV(out, q, a)
	},
	"html": sheet.WriteHTML,
}
