package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"jishi/search"
	"jishi/server/web"
)

// searchCommand answers like the page: `jishi search --data DIR [--to ADCODE --kg N] [--limit N] [--json] QUERY`.
func searchCommand(ctx context.Context, args []string, s Streams, env func(string) string) error {
	f := flags("search", s)
	var c config
	c.stores(f, env)
	var in web.SearchQuery
	f.StringVar(&in.To, "to", "", "county the goods shall go to, six digits: shows the price at the door")
	kg := f.Int64("kg", 0, "wanted quantity in kilograms; 0: the one named in the query, or a tonne")
	f.IntVar(&in.Limit, "limit", 20, "hits, 1 to 100")
	f.StringVar(&in.Sort, "sort", "", "delivered, price, distance, newest, expiry or grams; empty: the best first")
	f.StringVar(&in.Kinds, "kinds", "", "offer, demand, capacity, campaign; several with commas")
	asJSON := f.Bool("json", false, "print the answer as the page gets it")
	words, err := parseWords(f, args)
	if err != nil {
		return err
	}
	if *kg < 0 || *kg > 1_000_000_000 {
		return usageError{"--kg takes 1 to 1000000000"}
	}
	if *kg > 0 {
		in.Weight = strconv.FormatInt(*kg, 10) + " kg"
	}
	in.Q = strings.Join(words, " ")
	if c.dsn == "" {
		if err := mustExist(c.data); err != nil {
			return err
		}
	}
	site, err := openToRead(ctx, c, quiet())
	if err != nil {
		return err
	}
	defer func() { _ = site.close() }()
	found, err := site.services().Find(ctx, in)
	if err != nil {
		return err
	}
	if *asJSON {
		out := json.NewEncoder(s.Out)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(found)
	}
	printFound(s.Out, found)
	return nil
}

// printFound writes a page for people: one line for a hit, one below it for what the price at the door is made of.
func printFound(w io.Writer, v web.FoundView) {
	if v.Notice != "" {
		fmt.Fprintln(w, v.Notice)
	}
	for _, c := range v.Parsed {
		fmt.Fprintf(w, "[%s] ", c.Label)
	}
	fmt.Fprintf(w, "%d found\n", v.Total)
	if v.DidYouMean != "" {
		fmt.Fprintf(w, "Did you mean: %s\n", v.DidYouMean)
	}
	for i, h := range v.Hits {
		printHit(w, i+1, h)
	}
	if more := v.Total - len(v.Hits); more > 0 {
		fmt.Fprintf(w, "… and %d more\n", more)
	}
}

func printHit(w io.Writer, n int, h web.HitView) {
	price := ""
	switch {
	case h.Kind != search.Offer || h.PriceE4 == nil:
	case *h.PriceE4 == 0:
		price = "gift"
	default:
		price = yuanPerKg(*h.PriceE4)
	}
	fmt.Fprintf(w, "%2d. %-8s %s  %s  %.1f t  %s  %s\n", n, h.Kind, h.Title, h.Place.Name, float64(h.Grams)/1e6, price, h.Seller)
	if d := h.Delivered; d != nil {
		how := d.Vehicle
		if how == "" {
			how = "part load"
		}
		fmt.Fprintf(w, "    %s at the door = %s + freight %s + toll %s (%d km, %d x %s)\n", yuanPerKg(d.TotalE4), yuanPerKg(d.PriceE4),
			yuanPerKg(d.FreightE4), yuanPerKg(d.TollE4), d.Metres/1000, max(d.Vehicles, 1), how)
	}
}

func yuanPerKg(e4 int64) string { return fmt.Sprintf("%.2f yuan/kg", float64(e4)/1e4) }
