package app

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"jishi/server/app/story"
	"jishi/server/ledger"
)

//go:embed testdata/*.txtar
var stories embed.FS

// mainStory is the one that is told when none is named.
const mainStory = "fengxiang"

// storyNamed gives the text of a story; an unknown name is answered with those there are.
func storyNamed(name string) (string, error) {
	text, err := stories.ReadFile("testdata/" + name + ".txtar")
	if err != nil {
		return "", usageError{fmt.Sprintf("there is no story %q; there are: %s", name, strings.Join(storyNames(), ", "))}
	}
	return string(text), nil
}

func storyNames() []string {
	files, err := fs.Glob(stories, "testdata/*.txtar")
	if err != nil {
		panic(err) // the pattern is written here
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(f, "testdata/"), ".txtar")
	}
	return files
}

// listStories prints the name of every story and what it is called, in Chinese and English.
func listStories(s Streams) error {
	for _, name := range storyNames() {
		text, err := storyNamed(name)
		if err != nil {
			return err
		}
		tale, err := story.Parse(name, text)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "%-12s %s (%d)\n", name, tale.Title, tale.Steps())
	}
	return nil
}

// demo plays a story into a new folder, through the interface that everybody uses.
func demo(ctx context.Context, args []string, s Streams, _ func(string) string) error {
	f := flags("demo", s)
	data := f.String("data", "", "folder to make; it must not hold data yet")
	lang := f.String("lang", "zh", "language of what the server says: zh or en")
	until := f.Int("until", 0, "the last step to play; 0 plays all")
	name := f.String("story", mainStory, "which story; --list names them")
	list := f.Bool("list", false, "list the stories and stop")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if *list {
		return listStories(s)
	}
	text, err := storyNamed(*name)
	if err != nil {
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
	if err = site.tell(ctx, s, *lang, *name, text, *until); err != nil {
		return err
	}
	if _, err = ledger.Seal(ctx, site.db); err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "\nThe story is in %s after %.1f s. Open it: jishi serve --data %s --demo\nCheck it:  jishi audit verify --data %s\n",
		*data, time.Since(began).Seconds(), *data, *data)
	return nil
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
