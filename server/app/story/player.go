package story

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Player plays stories against one server.
type Player struct {
	Base     string                               // "http://127.0.0.1:8080"
	Password func(login string) string            // of the demo sign-ins
	Say      func(text string)                    // one line of the demonstration; nil for silence
	Step     func(done, all int, headline string) // progress; nil for silence
	Lang     string                               // Accept-Language, "zh-CN" if empty
	Client   *http.Client

	clock  string
	token  string
	key    string
	asked  string // the last GET
	status int
	answer any
	kept   map[string]string
	tokens map[string]string
}

// Failure is a story that did not go as told.
type Failure struct {
	Story string
	Line  Line
	Err   error
}

func (f *Failure) Error() string {
	return fmt.Sprintf("%s:%d: %s %s: %v", f.Story, f.Line.Number, f.Line.Verb, f.Line.Rest, f.Err)
}

func (f *Failure) Unwrap() error { return f.Err }

// Play plays the story to its end or to its first failure, which names the line.
func (p *Player) Play(ctx context.Context, s Story) error {
	p.kept, p.tokens = map[string]string{}, map[string]string{}
	if p.Client == nil {
		p.Client = http.DefaultClient
	}
	steps := 0
	for _, line := range s.Lines {
		if err := ctx.Err(); err != nil {
			return err
		}
		if line.Verb == "step" {
			steps++
			if p.Step != nil {
				p.Step(steps, s.Steps(), line.Rest)
			}
			continue
		}
		if at, err := p.doAll(ctx, line); err != nil {
			return &Failure{Story: s.Name, Line: at, Err: err}
		}
	}
	return nil
}

// Kept gives what a `let` of the story kept.
func (p *Player) Kept(name string) string { return p.kept[name] }

// doAll does a line, or the body of an `each` for every row of its file. It gives the line that failed.
func (p *Player) doAll(ctx context.Context, line Line) (Line, error) {
	if line.Verb != "each" {
		return line, p.do(ctx, line)
	}
	for n, row := range line.Rows {
		for column, value := range row {
			p.kept[column] = value
		}
		for _, l := range line.Body {
			if err := p.do(ctx, l); err != nil {
				return l, fmt.Errorf("row %d of %s: %w", n+1, line.Rest, err)
			}
		}
	}
	return line, nil
}

func (p *Player) do(ctx context.Context, line Line) error {
	rest, err := p.fill(line.Rest)
	if err != nil {
		return err
	}
	switch line.Verb {
	case "at":
		p.clock = rest
		return nil
	case "as":
		return p.signIn(ctx, rest)
	case "key":
		p.key = rest
		return nil
	case "say":
		return p.say(rest)
	case "photo":
		return p.photo(ctx, rest)
	case "until":
		return p.until(ctx, rest)
	case "let":
		return p.let(rest)
	case "below":
		return p.below(rest)
	case "want", "has", "lacks":
		return p.check(line.Verb, rest)
	}
	return p.request(ctx, strings.ToUpper(line.Verb), rest)
}

var variable = regexp.MustCompile(`\$(?:\{([a-zA-Z_][a-zA-Z0-9_]*)\}|([a-zA-Z_][a-zA-Z0-9_]*))`)

func (p *Player) fill(text string) (string, error) {
	var missing string
	out := variable.ReplaceAllStringFunc(text, func(m string) string {
		parts := variable.FindStringSubmatch(m)
		name := parts[1] + parts[2]
		value, ok := p.kept[name]
		if !ok {
			missing = name
		}
		return value
	})
	if missing != "" {
		return "", fmt.Errorf("nothing was kept as %s", missing)
	}
	return out, nil
}

func (p *Player) signIn(ctx context.Context, login string) error {
	if login == "-" {
		p.token = ""
		return nil
	}
	if token, ok := p.tokens[login]; ok {
		p.token = token
		return nil
	}
	body, err := json.Marshal(map[string]string{"login": login, "password": p.Password(login)})
	if err != nil {
		return err
	}
	p.token = ""
	if err = p.request(ctx, http.MethodPost, "/api/session "+string(body)); err != nil {
		return err
	}
	token, err := lookUp(p.answer, ".token")
	if err != nil {
		return err
	}
	p.token = show(token)
	p.tokens[login] = p.token
	return nil
}

func (p *Player) request(ctx context.Context, method, rest string) error {
	if method == http.MethodGet {
		p.asked = rest
	}
	want, rest := expectedStatus(rest)
	path, body, _ := strings.Cut(rest, " ")
	req, err := http.NewRequestWithContext(ctx, method, p.Base+path, bytes.NewReader([]byte(strings.TrimSpace(body))))
	if err != nil {
		return err
	}
	p.dress(req, body != "")
	return p.send(req, want)
}

// send keeps the answer; want 0 is any 2xx.
func (p *Player) send(req *http.Request, want int) error {
	res, err := p.Client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	p.status, p.answer = res.StatusCode, decode(text)
	if want != 0 && res.StatusCode != want || want == 0 && res.StatusCode/100 != 2 {
		return fmt.Errorf("answered %d: %s", res.StatusCode, text)
	}
	return nil
}

// expectedStatus reads the optional code in front of the path; 0 means any 2xx.
func expectedStatus(rest string) (int, string) {
	first, after, _ := strings.Cut(rest, " ")
	if code, err := strconv.Atoi(first); err == nil {
		return code, strings.TrimSpace(after)
	}
	return 0, rest
}

func (p *Player) dress(req *http.Request, hasBody bool) {
	lang := p.Lang
	if lang == "" {
		lang = "zh-CN"
	}
	req.Header.Set("Accept-Language", lang)
	if hasBody {
		req.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	if p.clock != "" {
		req.Header.Set("X-Jishi-Clock", p.clock)
	}
	if p.key != "" {
		req.Header.Set("Idempotency-Key", p.key)
		p.key = ""
	}
}

// decode reads JSON with its numbers as they were written, or keeps the text.
func decode(text []byte) any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return string(text)
	}
	return v
}

func (p *Player) let(rest string) error {
	name, path, _ := strings.Cut(rest, " ")
	v, err := lookUp(p.answer, strings.TrimSpace(path))
	if err != nil {
		return err
	}
	p.kept[name] = show(v)
	return nil
}

func (p *Player) check(verb, rest string) error {
	path, want, _ := strings.Cut(rest, " ")
	want = strings.TrimSpace(want)
	v, err := lookUp(p.answer, path)
	if err != nil {
		return err
	}
	got := show(v)
	switch {
	case verb == "want" && got != want:
		return fmt.Errorf("is %s", got)
	case verb == "has" && !strings.Contains(got, want):
		return fmt.Errorf("not in %s", got)
	case verb == "lacks" && strings.Contains(got, want):
		return fmt.Errorf("is in %s", got)
	}
	return nil
}

// below compares a number with a sum.
func (p *Player) below(rest string) error {
	path, sum, _ := strings.Cut(rest, " ")
	v, err := lookUp(p.answer, path)
	if err != nil {
		return err
	}
	got, err := strconv.ParseInt(show(v), 10, 64)
	if err != nil {
		return err
	}
	var limit int64
	for _, part := range strings.Split(sum, "+") {
		n, err := strconv.ParseInt(strings.TrimSpace(part), 10, 64)
		if err != nil {
			return err
		}
		limit += n
	}
	if got >= limit {
		return fmt.Errorf("%d is not below %d", got, limit)
	}
	return nil
}

var blank = regexp.MustCompile(`\{([.\[][^}|]*)(?:\|(\w+))?\}`)

func (p *Player) say(text string) error {
	var bad error
	out := blank.ReplaceAllStringFunc(text, func(m string) string {
		parts := blank.FindStringSubmatch(m)
		v, err := lookUp(p.answer, parts[1])
		if err != nil {
			bad = err
			return m
		}
		return format(show(v), parts[2])
	})
	if bad == nil && p.Say != nil {
		p.Say(out)
	}
	return bad
}

// format prints an integer as plain yuan or kilograms: 5985600 as fen is 59856.00, 5016000 as kg is 5016.
func format(value, unit string) string {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return value
	}
	switch unit {
	case "fen":
		return fmt.Sprintf("%d.%02d", n/100, abs(n%100))
	case "kg":
		return strings.TrimSuffix(fmt.Sprintf("%d.%03d", n/1000, abs(n%1000)), ".000")
	case "pct":
		return fmt.Sprintf("%d.%d %%", n/10, abs(n%10))
	}
	return value
}

func abs(n int64) int64 { return max(n, -n) }
