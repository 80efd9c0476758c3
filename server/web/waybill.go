package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/fault"
)

// PaperCheckView is what a printed waybill says beside what is recorded now.
type PaperCheckView struct {
	Proof  dispatch.Proof     `json:"proof" enum:"printed_here,old_form,not_ours" doc:"Whether this site wrote the code. Of a code that it did not write, or of an old one that no longer agrees, nothing else is told"`
	Agrees bool               `json:"agrees" doc:"All lines do"`
	Number string             `json:"number,omitempty"`
	State  dispatch.TripState `json:"state,omitempty" doc:"Where the trip stands: the paper of one that is done serves no other"`
	Lines  []PaperLineView    `json:"lines"`
}

// PaperLineView is one line of it. Of places the county is named; of people and firms neither side is told.
type PaperLineView struct {
	Line     dispatch.Line `json:"line" enum:"segment,vehicle,from,to,goods,carrier,driver,consignor,consignee"`
	Goods    string        `json:"goods,omitempty" doc:"Which kind, in a line of goods"`
	Paper    string        `json:"paper,omitempty" doc:"As it was printed; gross kilograms in a line of goods, nothing where the paper has no such goods"`
	Recorded string        `json:"recorded,omitempty" doc:"As it is recorded of the truck that has the goods now"`
	Agrees   bool          `json:"agrees"`
}

func registerPaperCheck(api huma.API, s Services) {
	openGet(api, "/trips/{id}/waybill-check", "Compares what the QR code of a printed waybill says with what is recorded, for anybody who has the paper",
		func(ctx context.Context, _ auth.Actor, in *struct {
			ID   string `path:"id" maxLength:"64"`
			Code string `query:"code" required:"true" maxLength:"2500" doc:"What stands behind # in the address of the code"`
		}) (PaperCheckView, error) {
			c, err := s.Dispatch.CheckPaper(ctx, in.ID, in.Code)
			if err != nil {
				return PaperCheckView{}, err
			}
			return s.paperCheckView(c), nil
		})
}

func (s Services) paperCheckView(c dispatch.PaperCheck) PaperCheckView {
	v := PaperCheckView{Proof: c.Proof, Agrees: c.Proof == dispatch.PrintedHere, Number: c.Number, State: c.State, Lines: []PaperLineView{}}
	for _, l := range c.Lines {
		line := PaperLineView{l.Line, l.Goods, l.Paper, l.Recorded, l.Agrees}
		if l.Line == dispatch.LineFrom || l.Line == dispatch.LineTo {
			line.Paper, line.Recorded = s.divisionName(l.Paper), s.divisionName(l.Recorded)
		}
		v.Lines, v.Agrees = append(v.Lines, line), v.Agrees && l.Agrees
	}
	return v
}

// divisionName names a division with what it stands in; a code that nobody knows stays as it is.
func (s Services) divisionName(code string) string {
	name := ""
	for _, d := range s.Places.Path(code) {
		name = d.Name + name
	}
	if name == "" {
		return code
	}
	return name
}

// waybillLink is the address in the QR code of a printed waybill: its page at this site, and behind it what stands on the paper,
// which no browser sends along when it asks for a page.
func waybillLink(ctx context.Context, trip, code string) string {
	scheme := "http://"
	if requestOf(ctx).secure {
		scheme = "https://"
	}
	return scheme + requestOf(ctx).host + "/trips/" + trip + "/waybill#" + url.PathEscape(code)
}

// registerQR draws the code of a printed waybill.
func registerQR(api huma.API, d *dispatch.Service) {
	op := operation(http.MethodGet, "/trips/{id}/waybill-qr", "Draws the QR code of one printed waybill as SVG")
	huma.Register(api, op, func(ctx context.Context, in *struct {
		ID     string `path:"id" maxLength:"64"`
		Serial string `query:"serial" maxLength:"4" doc:"Of the segment; left out: the first"`
	}) (*textAnswer, error) {
		by, err := actor(ctx)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		p, err := d.Papers(ctx, by, in.ID)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		for i, b := range p.Forms.Waybills {
			if in.Serial == "" || b.SerialNumber == in.Serial {
				svg, err := drawQR(waybillLink(ctx, in.ID, p.QR[i]))
				return &textAnswer{ContentType: "image/svg+xml", Body: svg}, err
			}
		}
		return nil, problemOf(ctx, fault.New(fault.NotFound, "no_such_waybill", "There is no such %s.", "waybill"))
	})
}
