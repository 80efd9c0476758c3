package web

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
)

// handler binds an input, calls a service and gives the body of the answer. An error becomes a problem.
type handler[I, O any] func(ctx context.Context, by auth.Actor, in *I) (O, error)

// Ready-made inputs.
type (
	none struct{}
	byID struct {
		ID string `path:"id" maxLength:"64"`
	}
	with[T any]   struct{ Body T }
	idWith[T any] struct {
		ID   string `path:"id" maxLength:"64"`
		Body T
	}
)

// answer holds a handler's O as any, and its schema stands in the operation: huma.Register, which is large, is then compiled once for an input
// and not once more for each of its answers.
type answer struct{ Body any }

// get, post, put and remove add a route for people who are signed in; openGet and openPost one for everybody.

func get[I, O any](api huma.API, path, summary string, h handler[I, O]) {
	route(api, http.MethodGet, path, summary, actor, h)
}

func post[I, O any](api huma.API, path, summary string, h handler[I, O]) {
	route(api, http.MethodPost, path, summary, actor, h)
}

func put[I, O any](api huma.API, path, summary string, h handler[I, O]) {
	route(api, http.MethodPut, path, summary, actor, h)
}

func remove[I, O any](api huma.API, path, summary string, h handler[I, O]) {
	route(api, http.MethodDelete, path, summary, actor, h)
}

func openGet[I, O any](api huma.API, path, summary string, h handler[I, O]) {
	route(api, http.MethodGet, path, summary, reader, h, forEverybody)
}

func openPost[I, O any](api huma.API, path, summary string, h handler[I, O]) {
	route(api, http.MethodPost, path, summary, visitor, h, forEverybody)
}

// forEverybody says in the document that no session is needed.
func forEverybody(o *huma.Operation) { o.Security = append(o.Security, map[string][]string{}) }

func route[I, O any](api huma.API, method, path, summary string, who func(context.Context) (auth.Actor, error), h handler[I, O], changes ...func(*huma.Operation)) {
	o := operation(method, path, summary)
	for _, change := range changes {
		change(&o)
	}
	if method == http.MethodGet {
		tables(api, o, who, h)
	}
	asTable[O](&o)
	answers[O](api, &o)
	huma.Register(api, o, func(ctx context.Context, in *I) (*answer, error) {
		by, err := who(ctx)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		out, err := h(ctx, by, in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return &answer{out}, nil
	})
}

// answers says in an operation that its answer is an O.
func answers[O any](api huma.API, o *huma.Operation) {
	schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[O](), true, o.OperationID+"-answer")
	o.Responses = map[string]*huma.Response{strconv.Itoa(o.DefaultStatus): {Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}}
}

func openOperation(method, path, summary string) huma.Operation {
	o := operation(method, path, summary)
	forEverybody(&o)
	return o
}

func operation(method, path, summary string) huma.Operation {
	words := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/{}-", r) })
	return huma.Operation{
		OperationID:   strings.ToLower(method) + "-" + strings.Join(words, "-"),
		Method:        method,
		Path:          path,
		Summary:       summary,
		Tags:          words[:1],
		DefaultStatus: http.StatusOK,
		MaxBodyBytes:  maxJSON,
		Errors:        []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
		Security:      []map[string][]string{{"session": {}}, {"bearer": {}}},
	}
}
