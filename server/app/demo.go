package app

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"jishi/server/app/story"
	"jishi/server/ledger"
)

//go:embed testdata/fengxiang.txtar
var fengxiang string

// demo plays the story of Fengxiang and Wuhan into a new folder, through the interface that everybody uses.
func demo(ctx context.Context, args []string, s Streams, _ func(string) string) error {
	f := flags("demo", s)
	data := f.String("data", "", "folder to make; it must not hold data yet")
	lang := f.String("lang", "zh", "language of what the server says: zh or en")
	until := f.Int("until", 0, "the last step to play; 0 plays all")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if *data == "" {
		return usageError{"say where to: jishi demo --data DIR"}
	}
	if used, err := inUse(*data); err != nil || used {
		return errors.Join(err, fmt.Errorf("%s holds data already: take a new folder, or serve it", *data))
	}
	began := time.Now()
	site, err := open(ctx, config{data: *data, demo: true}, quiet())
	if err != nil {
		return err
	}
	defer func() { _ = site.close() }()
	if err = site.seed(ctx); err != nil {
		return err
	}
	if err = site.play(ctx, s, *lang, *until); err != nil {
		return err
	}
	if _, err = ledger.Seal(ctx, site.db); err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "\nThe story is in %s after %.1f s. Open it: jishi serve --data %s --demo\nCheck it:  jishi audit verify --data %s\n",
		*data, time.Since(began).Seconds(), *data, *data)
	return nil
}

// play tells the story of the demonstration up to a step; 0 is to its end.
func (s *site) play(ctx context.Context, out Streams, lang string, until int) error {
	return s.tell(ctx, out, lang, "fengxiang", fengxiang, until)
}

// tell serves the site on a port of its own while a story is told, up to a step; 0 is to its end.
func (s *site) tell(ctx context.Context, out Streams, lang, name, text string, until int) error {
	tale, err := story.Parse(name, text)
	if err != nil {
		return err
	}
	if until > 0 {
		tale = tale.Until(until)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	url, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- s.run(ctx, "127.0.0.1:0", false, func(u string) { url <- u }) }()
	var base string
	select {
	case base = <-url:
	case err = <-ended:
		return err
	}
	player := story.Player{
		Base: base, Lang: lang, Password: func(string) string { return demoPassword },
		Step: func(done, all int, headline string) {
			fmt.Fprintf(out.Out, "\n[%2d/%d] %s %s\n", done, all, bar(done, all), headline)
		},
		Say: func(text string) { fmt.Fprintf(out.Out, "        %s\n", text) },
	}
	err = player.Play(ctx, tale)
	cancel()
	return errors.Join(err, <-ended)
}

// bar draws how far the story is.
func bar(done, all int) string {
	const width = 20
	full := done * width / max(all, 1)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}
