package fakepay

import (
	"embed"
	"html/template"
	"math/rand/v2"
	"net/http"
	"slices"
)

//go:embed *.html
var files embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{"yuan": yuan, "method": methodName}).ParseFS(files, "*.html"))

// pages adds the page to pay on and the service's desk, where a dispute is opened and events are sent again.
func (s *Server) pages() {
	s.mux.HandleFunc("GET /pay/{id}", s.showPay)
	s.mux.HandleFunc("POST /pay/{id}", s.pay)
	s.mux.HandleFunc("GET /{$}", s.showDesk)
	s.mux.HandleFunc("POST /desk", s.desk)
}

// shown is what the page to pay on shows.
type shown struct {
	*session
	Title string
	Zh    bool
	Fault string
}

func render(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = pages.ExecuteTemplate(w, name, data) // the client has gone
}

func (s *Server) showPay(w http.ResponseWriter, r *http.Request) { s.payPage(w, r, http.StatusOK, "") }

func (s *Server) payPage(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	s.mu.Lock()
	c, ok := s.sessions[r.PathValue("id")]
	var view shown
	if ok {
		s.lapse(c)
		copied := *c
		view = shown{&copied, c.title, c.Locale == "zh", wrong}
	}
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	render(w, status, "pay.html", view)
}

// pay takes the payer's choice, sends the event, and leads back. A second click finds the page paid and leads back as well.
func (s *Server) pay(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.mu.Lock()
	c, ok := s.sessions[id]
	var back, turn, status string
	if ok {
		back, turn, status = c.SuccessURL, c.CancelURL, c.Status
	}
	s.mu.Unlock()
	switch method := r.FormValue("method"); {
	case !ok:
		http.NotFound(w, r)
		return
	case status == "complete":
		http.Redirect(w, r, back, http.StatusSeeOther)
		return
	case method == "cancel":
		http.Redirect(w, r, turn, http.StatusSeeOther)
		return
	case method == "refused":
		s.payPage(w, r, http.StatusOK, "refused")
		return
	default:
		if err := s.Pay(id, How{Method: method}); err != nil {
			s.payPage(w, r, http.StatusConflict, "closed")
			return
		}
	}
	_ = s.Deliver(r.Context(), s.Waiting()...) // what failed is sent again later; the payer is not held up
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// deskRow is one payment on the desk.
type deskRow struct {
	*session
	Title    string
	Refunded int64
	Dispute  *dispute
}

func (s *Server) showDesk(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	var rows []deskRow
	for _, id := range slices.Backward(s.order) {
		c := *s.sessions[id]
		row := deskRow{session: &c, Title: c.title, Refunded: c.refunded}
		for _, d := range s.disputes {
			if c.PaymentIntent != nil && d.PaymentIntent == *c.PaymentIntent {
				copied := *d
				row.Dispute = &copied
			}
		}
		rows = append(rows, row)
	}
	s.mu.Unlock()
	render(w, http.StatusOK, "desk.html", map[string]any{"Rows": rows, "Events": s.All(), "Waiting": len(s.Waiting())})
}

// desk does one act of the service's own people: dispute, won, lost, or every event again in another order.
func (s *Server) desk(w http.ResponseWriter, r *http.Request) {
	var err error
	switch id := r.FormValue("id"); r.FormValue("act") {
	case "dispute":
		_, err = s.Dispute(id)
	case "won", "lost":
		err = s.Judge(id, r.FormValue("act") == "won")
	case "shuffle":
		events := s.All()
		events = append(events, events...)
		rand.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		err = s.Deliver(r.Context(), events...)
	}
	if err == nil {
		err = s.Deliver(r.Context(), s.Waiting()...)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
