package web

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"jishi/frontend"
	"jishi/server/fault"
)

// Config says how the interface is served.
type Config struct {
	Demo   bool   // X-Jishi-Clock sets the day, the demo sign-ins are shown
	Secure bool   // cookies only over TLS
	Photos string // folder of the photos
	Log    *slog.Logger
	Pages  fs.FS // nil: the built pages of package frontend
}

const version = "0.1.0"

// New gives the handler of everything: /api, /openapi.json and the pages.
func New(config Config, s Services) (http.Handler, error) { return newWith(config, s, areas) }

func newWith(config Config, s Services, areas []func(huma.API, Services)) (http.Handler, error) {
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.Pages == nil {
		config.Pages = frontend.Dist
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = routerError
	e.IPExtractor = echo.ExtractIPDirect()
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
			config.Log.ErrorContext(c.Request().Context(), "panic", "path", c.Request().URL.Path, "error", err, "stack", string(stack))
			return err
		},
	}))
	p := photos{dir: config.Photos}
	document, err := describe(e, s, areas)
	if err != nil {
		return nil, err
	}
	e.GET("/openapi.json", func(c echo.Context) error { return c.Blob(http.StatusOK, "application/openapi+json", document) })
	e.POST("/api/gateway-events", s.gatewayHook)
	e.POST("/api/photos", p.upload)
	e.GET("/api/photos/:id", p.show)
	pages, err := newPages(config.Pages)
	if err != nil {
		return nil, err
	}
	early, err := newAhead(config.Pages)
	if err != nil {
		return nil, err
	}
	in := intake{config: config, services: s, next: idempotency{services: s, log: config.Log, next: e}}
	first := asker{services: s, api: in}
	pages.more = func(r *http.Request) (head, data string) {
		page := early.find(r.URL.Path)
		return page.links(langOf(r)) + s.shareHead(r, config.Secure), first.tell(page, r)
	}
	e.GET("/*", pages.serve)
	e.HEAD("/*", pages.serve)

	return packed(sameOrigin().Handler(in))
}

// sameOrigin refuses what another site's page sends with our cookie.
func sameOrigin() *http.CrossOriginProtection {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), requestKey, &requested{lang: langOf(r)})
		writeProblem(w, r, problemOf(ctx, fault.New(fault.Forbidden, "cross_site", "This request came from the page of another site.")))
	}))
	return guard
}

// newAPI sets huma up: no links to third parties, no schema links in bodies, unknown fields refused.
func newAPI(e *echo.Echo) huma.API {
	config := huma.DefaultConfig("Jishi 集市", version)
	config.CreateHooks = nil
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Servers = []*huma.Server{{URL: "/api"}}
	config.Info.Description = "Market and logistics for relief produce. Amounts are integers in grams, fen and 1/10000 yuan per kg."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName},
		"bearer":  {Type: "http", Scheme: "bearer"},
	}
	return humaecho.NewV4WithGroup(e, e.Group("/api"), config)
}

// describe adds the areas' routes and prints the document of all routes.
func describe(e *echo.Echo, s Services, areas []func(huma.API, Services)) ([]byte, error) {
	api := newAPI(e)
	for _, register := range areas {
		register(api, s)
	}
	describePhotos(api)
	describeHook(api)
	return api.OpenAPI().MarshalJSON()
}

// OpenAPI gives the document without starting anything.
func OpenAPI() ([]byte, error) { return describe(echo.New(), Services{}, areas) }

// NewServer gives a server with time-outs for slow or stuck clients.
func NewServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute, // a photo over a poor network
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    1 << 16,
	}
}

// routerError answers what never reached a handler: unknown paths and methods, and panics.
func routerError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status := http.StatusInternalServerError
	if he, ok := err.(*echo.HTTPError); ok { //nolint:errorlint // Echo returns it bare
		status = he.Code
	}
	writeProblem(c.Response(), c.Request(), problemOfStatus(c.Request().Context(), status))
}

func isAPI(r *http.Request) bool {
	return r.URL.Path == "/api" || strings.HasPrefix(r.URL.Path, "/api/")
}

type contextKey int

const requestKey contextKey = iota

// requested is what the intake read off a request.
type requested struct {
	token  string
	lang   string // "zh", "en" or ""
	key    string // Idempotency-Key
	secure bool   // cookies only over TLS
	host   string // the name the server was asked under
	actor  *signedIn
	log    *slog.Logger
}

func requestOf(ctx context.Context) *requested {
	if r, ok := ctx.Value(requestKey).(*requested); ok {
		return r
	}
	return &requested{}
}
