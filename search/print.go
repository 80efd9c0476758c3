package search

import (
	"bufio"
	"fmt"
	"io"
)

// Print writes a page for a terminal, one hit a line, in Chinese or, for lang "en", in English. Prices are yuan per kg.
func Print(w io.Writer, r Result, lang string) error {
	say := func(zh, en string) string {
		if lang == "en" {
			return en
		}
		return zh
	}
	b := bufio.NewWriter(w)
	for _, c := range r.Parsed {
		fmt.Fprintf(b, "[%s] ", c.Label)
	}
	fmt.Fprintf(b, say("共 %d 条\n", "%d found\n"), r.Total)
	if r.Relaxed {
		fmt.Fprintln(b, say("没有同时符合所有词的结果", "Nothing holds all the words; these hold some."))
	}
	if r.DidYouMean != "" {
		fmt.Fprintf(b, say("您是不是要找:%s\n", "Did you mean: %s\n"), r.DidYouMean)
	}
	for i, h := range r.Hits {
		fmt.Fprintf(b, "%3d  %s  %s", i+1, h.Key(), h.Title)
		if h.PriceE4 >= 0 {
			fmt.Fprintf(b, "  %s", yuan(h.PriceE4))
		}
		if v := h.Delivered; v != nil {
			fmt.Fprintf(b, say("  到门 %s = %s + 运费 %s + 过路费 %s(%d km", "  delivered %s = %s + freight %s + toll %s (%d km"),
				yuan(v.TotalE4), yuan(v.PriceE4), yuan(v.FreightE4), yuan(v.TollE4), (v.Metres+500)/1000)
			if v.Vehicle != "" {
				fmt.Fprintf(b, ", %d × %s", v.Vehicles, v.Vehicle)
			}
			fmt.Fprint(b, ")")
		}
		fmt.Fprintln(b)
	}
	if r.Next != "" {
		fmt.Fprintln(b, say("还有更多", "There are more."))
	}
	return b.Flush()
}
