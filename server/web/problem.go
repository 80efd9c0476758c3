package web

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/fault"
	"jishi/server/measure"
)

// Problem is an RFC 9457 problem detail.
type Problem struct {
	Type   string         `json:"type" doc:"Stable name of the kind of problem, /problems/<code>" example:"/problems/bad_weight"`
	Title  string         `json:"title" doc:"The kind in a few words"`
	Status int            `json:"status"`
	Detail string         `json:"detail" doc:"One sentence in the language of the request"`
	Field  string         `json:"field,omitempty" doc:"The input at fault" example:"lines[0].weight"`
	Errors []ProblemField `json:"errors,omitempty" doc:"Every field at fault, when there are several"`
}

// ProblemField is one field at fault.
type ProblemField struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Error gives the sentence.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes it a problem document.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders says when to ask again, and how to sign in; the cookie of a session that is over is taken back.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	switch {
	case p.Type == "/problems/in_progress":
		h.Set("Retry-After", "1")
	case p.Status == http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	case p.Status == http.StatusTooManyRequests:
		h.Set("Retry-After", "60")
	case p.Status == http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	}
	if p.Type == "/problems/signed_out" {
		h.Set("Set-Cookie", (&http.Cookie{Name: cookieName, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode}).String())
	}
	return h
}

var statuses = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Forbidden:   http.StatusForbidden,
	fault.SignIn:      http.StatusUnauthorized,
	fault.Unavailable: http.StatusServiceUnavailable,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.TooLarge:    http.StatusRequestEntityTooLarge,
}

// titles of the statuses, in Chinese; in English net/http has them.
var titles = map[int]string{
	400: "请求无法读取", 401: "请先登录", 403: "没有权限", 404: "没有找到", 405: "不能这样做", 406: "格式不支持",
	409: "与现状冲突", 413: "内容太大", 415: "格式不支持", 422: "填写有误", 429: "太频繁", 500: "系统出错", 503: "暂时不可用",
}

func title(lang string, status int) string {
	if text, ok := titles[status]; ok && lang == "zh" {
		return text
	}
	return http.StatusText(status)
}

//go:embed messages_zh.json
var messagesZH []byte

// zh holds the Chinese sentences by code, filled in with the fault's Args. Where a code is used with different numbers of
// them, "code/2" is the sentence for two.
var zh = func() map[string]string {
	m := map[string]string{}
	if err := json.Unmarshal(messagesZH, &m); err != nil {
		panic("web: messages_zh.json: " + err.Error())
	}
	return m
}()

// sentence says the fault in the reader's language. Without a Chinese sentence, or with too little to fill it in, the
// English one is shown.
func sentence(lang string, f *fault.Fault) string {
	if lang != "zh" {
		return f.Text
	}
	text, ok := zh[fmt.Sprintf("%s/%d", f.Code, len(f.Args))]
	if !ok {
		text, ok = zh[f.Code]
	}
	n := blanks(text)
	if !ok || n > len(f.Args) {
		return f.Text
	}
	args := worded(f.Args, lang)
	if strings.Contains(text, "%[") { // it names its blanks, and so may leave some out
		return fmt.Sprintf(text, args...)
	}
	return fmt.Sprintf(text, args[:n]...)
}

// worded puts those values of a fault into the reader's language that can say themselves in several.
func worded(args []any, lang string) []any {
	out := slices.Clone(args)
	for i, a := range out {
		switch w := a.(type) {
		case interface{ In(lang string) string }:
			out[i] = w.In(lang)
		case measure.PriceE4:
			out[i] = w.Text(lang)
		}
	}
	return out
}

// blanks counts what a sentence wants to be filled in with.
func blanks(text string) int {
	text = strings.ReplaceAll(text, "%%", "")
	n := strings.Count(text, "%")
	for i := n + 1; i <= 9; i++ {
		if strings.Contains(text, fmt.Sprintf("%%[%d]", i)) {
			n = i
		}
	}
	return n
}

// statused is a fault with a status that no kind has.
type statused struct {
	*fault.Fault
	status int
}

func (s statused) Unwrap() error { return s.Fault }

func badRequest(code, text string) error {
	return statused{fault.New(fault.Invalid, code, "%s", text), http.StatusBadRequest}
}

// problemOf says an error in the language of the request: a fault as it is, anything else as a fixed sentence and a line
// in the log.
func problemOf(ctx context.Context, err error) *Problem {
	f := fault.Of(err)
	if f == nil {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return problemOfStatus(ctx, http.StatusServiceUnavailable)
		}
		logOf(ctx).ErrorContext(ctx, "request failed", "error", err)
		return problemOfStatus(ctx, http.StatusInternalServerError)
	}
	status := statuses[f.Kind]
	var s statused
	if errors.As(err, &s) {
		status = s.status
	}
	lang := languageOf(ctx)
	return &Problem{Type: "/problems/" + f.Code, Title: title(lang, status), Status: status, Detail: sentence(lang, f), Field: f.Field}
}

func logOf(ctx context.Context) *slog.Logger {
	if log := requestOf(ctx).log; log != nil {
		return log
	}
	return slog.Default()
}

// codes and English sentences of the problems that come from the frame, not from a service.
var framed = map[int]*fault.Fault{
	http.StatusBadRequest:           fault.New(fault.Invalid, "bad_request", "This request can't be read."),
	http.StatusNotFound:             fault.New(fault.NotFound, "no_such_path", "There is nothing under this address."),
	http.StatusMethodNotAllowed:     fault.New(fault.Invalid, "no_such_method", "This address can't be used in this way."),
	http.StatusNotAcceptable:        fault.New(fault.Invalid, "no_such_format", "The answer can only be given as JSON."),
	http.StatusUnsupportedMediaType: fault.New(fault.Invalid, "not_json", "The request must be JSON."),
	http.StatusServiceUnavailable:   fault.New(fault.Unavailable, "unavailable", "Something we depend on is away; please try again."),
	http.StatusInternalServerError:  fault.New(fault.Unavailable, "internal", "Something went wrong on our side. Nothing was lost; please try again."),
}

func problemOfStatus(ctx context.Context, status int) *Problem {
	f, ok := framed[status]
	if !ok {
		f = framed[http.StatusBadRequest]
	}
	lang := languageOf(ctx)
	return &Problem{Type: "/problems/" + f.Code, Title: title(lang, status), Status: status, Detail: sentence(lang, f)}
}

func writeProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	_ = json.NewEncoder(w).Encode(p)
}

// huma builds its errors through these two variables; ours neither repeat what was sent nor show what is inside.
func init() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		return frameProblem(ctx.Context(), status, errs)
	}
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		if status == 0 {
			return &Problem{} // the example that the OpenAPI document is made from
		}
		return frameProblem(context.Background(), status, errs)
	}
}

func frameProblem(ctx context.Context, status int, errs []error) *Problem {
	lang := languageOf(ctx)
	if status < http.StatusInternalServerError && status != http.StatusUnprocessableEntity { // no field was looked at
		errs = nil
	}
	var fields []ProblemField
	for _, err := range errs {
		if f := fieldFault(err); f != nil {
			fields = append(fields, ProblemField{Field: f.Field, Code: f.Code, Detail: sentence(lang, f)})
		} else if status >= http.StatusInternalServerError || fault.Of(err) != nil {
			return problemOf(ctx, err)
		}
	}
	if len(fields) == 0 {
		return problemOfStatus(ctx, status)
	}
	first := fields[0]
	if len(fields) == 1 {
		fields = nil
	}
	return &Problem{Type: "/problems/" + first.Code, Title: title(lang, status), Status: status, Detail: first.Detail, Field: first.Field, Errors: fields}
}

// fieldFault turns a finding of the schema check, or of a value's own check, into a fault at its field; nil for others.
func fieldFault(err error) *fault.Fault {
	var at *fieldError
	if errors.As(err, &at) {
		return at.fault
	}
	var d huma.ErrorDetailer
	if !errors.As(err, &d) {
		return nil
	}
	detail := d.ErrorDetail()
	field := detail.Location
	for _, where := range []string{"body", "query", "path", "header"} {
		if rest, ok := strings.CutPrefix(field, where); ok {
			field = strings.TrimPrefix(rest, ".")
			break
		}
	}
	return schemaFault(field, detail.Message)
}

var (
	requiredProperty = regexp.MustCompile(`^expected required property (\S+) to be present$`)
	tooShort         = regexp.MustCompile(`^expected (?:length|array length) >= (\d+)$`)
	tooLong          = regexp.MustCompile(`^expected (?:length|array length) <= (\d+)$`)
	expected         = regexp.MustCompile(`^expected (?:value to be one of "(.*)"|(string|number|integer|boolean|array|object))$`)
	bound            = regexp.MustCompile(`^expected number (>=|<=|>|<) (\S+)$`)
)

// schemaFault says huma's English findings with codes of our own, so that they can be said in Chinese.
func schemaFault(field, message string) *fault.Fault {
	join := func(name string) string { return strings.TrimPrefix(field+"."+name, ".") }
	if m := requiredProperty.FindStringSubmatch(message); m != nil {
		return fault.At(join(m[1]), "required", "This can't be empty.")
	}
	if strings.HasPrefix(message, "required ") {
		return fault.At(field, "required", "This can't be empty.")
	}
	if message == "unexpected property" {
		return fault.At(field, "unknown_field", "There is no such field.")
	}
	if m := tooShort.FindStringSubmatch(message); m != nil {
		return fault.At(field, "too_short", "At least %s, please.", m[1])
	}
	if m := tooLong.FindStringSubmatch(message); m != nil {
		return fault.At(field, "too_many", "At most %s, please.", m[1])
	}
	if m := bound.FindStringSubmatch(message); m != nil {
		return fault.At(field, "out_of_bounds", "A number %s %s is expected.", m[1], m[2])
	}
	if m := expected.FindStringSubmatch(message); m != nil && m[1] != "" {
		return fault.At(field, "unknown_word", "One of these is expected: %s.", strings.ReplaceAll(m[1], `", "`, ", "))
	} else if m != nil {
		return fault.At(field, "wrong_type", "A value of type %s is expected.", m[2])
	}
	return fault.At(field, "bad_value", "This value can't be used.")
}

// fieldError is a fault found by a value of the body while it was read.
type fieldError struct{ fault *fault.Fault }

func (e *fieldError) Error() string { return e.fault.Error() }
