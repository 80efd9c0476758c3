package fakepay

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config says how the service behaves.
type Config struct {
	Secret string           // signs the events
	Hook   string           // where events go, "" keeps them until Deliver
	Site   string           // address of this server, for the links to its pages: "http://127.0.0.1:18201"
	Now    func() time.Time // nil: the system's
	Client *http.Client     // sends the events
}

// Server is the service. All its methods may be called at once.
type Server struct {
	config Config
	mux    *http.ServeMux

	mu          sync.Mutex
	sessions    map[string]*session
	order       []string // of the sessions, as they were opened
	refunds     map[string]*refund
	disputes    map[string]*dispute
	events      []*event
	answers     map[string]answer // by idempotency key
	failRefunds bool
}

// answer is what a request with an idempotency key got. The key holds for its content.
type answer struct {
	sum    string
	status int
	body   []byte
}

// New gives a service with nothing in it.
func New(c Config) *Server {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 10 * time.Second}
	}
	s := &Server{
		config: c, mux: http.NewServeMux(), sessions: map[string]*session{}, refunds: map[string]*refund{}, disputes: map[string]*dispute{},
		answers: map[string]answer{},
	}
	s.mux.HandleFunc("POST /v1/checkout/sessions", s.api(s.openSession))
	s.mux.HandleFunc("GET /v1/checkout/sessions/{id}", s.api(s.showSession))
	s.mux.HandleFunc("POST /v1/checkout/sessions/{id}/expire", s.api(s.expireSession))
	s.mux.HandleFunc("POST /v1/refunds", s.api(s.makeRefund))
	s.mux.HandleFunc("GET /v1/payment_intents/{id}", s.api(s.showIntent))
	s.mux.HandleFunc("GET /v1/refunds/{id}", s.api(s.showRefund))
	s.mux.HandleFunc("/v1/", s.api(func(*http.Request) (any, *problem) {
		return nil, invalid(http.StatusNotFound, "", "Unrecognized request URL.")
	}))
	s.pages()
	return s
}

// ServeHTTP answers the API and shows the pages.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// problem is Stripe's shape of an error.
type problem struct {
	status  int
	Type    string `json:"type"`
	Code    string `json:"code,omitempty"`
	Param   string `json:"param,omitempty"`
	Message string `json:"message"`
}

func invalid(status int, param, message string) *problem {
	p := &problem{status: status, Type: "invalid_request_error", Param: param, Message: message}
	if status == http.StatusNotFound {
		p.Code = "resource_missing"
	}
	return p
}

// api answers one request of the protocol: with a key, within the lock, and with the first answer again for a repeated idempotency
// key.
func (s *Server) api(h func(r *http.Request) (any, *problem)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); token == "" {
			write(w, invalid(http.StatusUnauthorized, "", "You did not provide an API key."))
			return
		}
		if err := r.ParseForm(); err != nil {
			write(w, invalid(http.StatusBadRequest, "", "The body can't be read."))
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		key, sum := r.Header.Get("Idempotency-Key"), sumOf(r)
		if before, ok := s.answers[key]; ok && key != "" && r.Method == http.MethodPost {
			if before.sum != sum {
				write(w, &problem{status: http.StatusBadRequest, Type: "idempotency_error", Message: "Keys for idempotent requests can only be used with the same parameters they were first used with."})
				return
			}
			w.Header().Set("Idempotent-Replayed", "true")
			writeBody(w, before.status, before.body)
			return
		}
		status, body := encode(h(r))
		if key != "" && r.Method == http.MethodPost {
			s.answers[key] = answer{sum, status, body}
		}
		writeBody(w, status, body)
	}
}

// encode gives what is sent: the object, or the problem in its place. Both are of strings and numbers, so that neither can fail.
func encode(object any, p *problem) (status int, body []byte) {
	if p != nil {
		body, _ = json.Marshal(map[string]any{"error": p})
		return p.status, body
	}
	body, _ = json.Marshal(object)
	return http.StatusOK, body
}

func sumOf(r *http.Request) string {
	h := sha256.Sum256([]byte(r.URL.Path + "?" + r.Form.Encode()))
	return hex.EncodeToString(h[:])
}

func write(w http.ResponseWriter, p *problem) {
	status, body := encode(nil, p)
	writeBody(w, status, body)
}

func writeBody(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// newID makes an id as the service's look: "cs_test_...".
func newID(prefix string) string {
	raw := make([]byte, 12)
	_, _ = rand.Read(raw) // never fails
	return prefix + hex.EncodeToString(raw)
}

// integer reads a whole number of a form.
func integer(form url.Values, name string) (int64, *problem) {
	n, err := strconv.ParseInt(form.Get(name), 10, 64)
	if err != nil {
		return 0, invalid(http.StatusBadRequest, name, fmt.Sprintf("Invalid integer: %s", form.Get(name)))
	}
	return n, nil
}

// metadata collects name[key]=value.
func metadata(form url.Values, name string) map[string]string {
	out := map[string]string{}
	for key, values := range form {
		if rest, ok := strings.CutPrefix(key, name+"["); ok && len(values) > 0 {
			out[strings.TrimSuffix(rest, "]")] = values[0]
		}
	}
	return out
}
