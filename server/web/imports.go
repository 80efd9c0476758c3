package web

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
)

// ImportFaultView is what is wrong in one cell of a table that was sent in.
type ImportFaultView struct {
	Row    int    `json:"row" doc:"as the file counts; the header is 1"`
	Column string `json:"column" doc:"the head of the column"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// ImportRowView is one row as it was understood.
type ImportRowView struct {
	Row         int        `json:"row"`
	Produce     string     `json:"produce"`
	ProduceName string     `json:"produce_name"`
	Grade       string     `json:"grade,omitempty"`
	Weighed     int64      `json:"weighed_grams"`
	Packs       int64      `json:"packs,omitempty"`
	PackGrams   int64      `json:"pack_grams,omitempty"`
	Gift        bool       `json:"gift,omitempty"`
	PriceE4     *int64     `json:"price_e4,omitempty" doc:"absent: a lot without an offer"`
	Pickup      WindowBody `json:"pickup"`
	HarvestedOn string     `json:"harvested_on,omitempty"`
	PlaceName   string     `json:"place_name,omitempty"`
}

// ImportView is a table of lots that was sent in.
type ImportView struct {
	ID        string            `json:"id"`
	Party     string            `json:"party"`
	Name      string            `json:"name"`
	State     string            `json:"state" enum:"checked,importing,imported,undoing,undone"`
	Good      int               `json:"good" doc:"rows that can be made into lots"`
	Wrong     int               `json:"wrong"`
	Made      int               `json:"made" doc:"rows that are lots now"`
	Undone    int               `json:"undone"`
	CreatedAt Instant           `json:"created_at"`
	Ignored   []string          `json:"ignored" doc:"heads of columns that nothing is read from"`
	Rows      []ImportRowView   `json:"rows" doc:"the first as they were understood"`
	Faults    []ImportFaultView `json:"faults" doc:"the first 500" table:"rows"`
}

func (s Services) importView(ctx context.Context, i market.Import) ImportView {
	return ImportView{ID: i.ID, Party: i.Party, Name: i.Name, State: i.State(), Good: i.Good, Wrong: i.Wrong, Made: i.Made, Undone: i.Undone,
		CreatedAt: Instant(i.CreatedAt), Ignored: mapped(i.Ignored, func(h string) string { return h }),
		Rows:   mapped(i.Rows, func(r market.ImportRow) ImportRowView { return s.importRowView(ctx, r) }),
		Faults: faultViews(ctx, i.Faults)}
}

func (s Services) importRowView(ctx context.Context, r market.ImportRow) ImportRowView {
	v := ImportRowView{Row: r.N, Produce: r.Produce, ProduceName: s.produceName(ctx, r.Produce), Grade: r.Grade, Weighed: int64(r.Weight), Packs: r.Packs,
		PackGrams: int64(r.PackGrams), Pickup: WindowBody{Instant(r.Pickup.From), Instant(r.Pickup.To)}, HarvestedOn: r.HarvestedOn, PlaceName: r.PlaceName}
	if r.Price != measure.NoPrice {
		v.PriceE4, v.Gift = ptr(int64(r.Price)), r.Price == 0
	}
	return v
}

// ImportLineView is a line of the table to fill in. Its heads are those that an import reads.
type ImportLineView struct {
	ProduceName string    `json:"produce_name"`
	Grade       string    `json:"grade"`
	Weighed     int64     `json:"weighed_grams"`
	Gross       int64     `json:"gross_grams"`
	Packs       int64     `json:"packs"`
	PackGrams   int64     `json:"pack_grams"`
	Packing     string    `json:"packing"`
	PriceE4     int64     `json:"price_e4"`
	Min         int64     `json:"min_grams"`
	HarvestedOn string    `json:"harvested_on"`
	Place       PlaceHead `json:"place"`
	Certificate string    `json:"certificate"`
}

// PlaceHead is a place in a table to fill in.
type PlaceHead struct {
	Name   string `json:"name"`
	Adcode string `json:"adcode"`
}

// importForm is the file of an import. Only multipart forms carry 20 MB past the intake.
type importForm struct {
	RawBody huma.MultipartFormFiles[struct {
		File  huma.FormFile `form:"file" required:"true" doc:"CSV or .xlsx, at most 100,000 rows"`
		Party string        `form:"party" required:"true" maxLength:"64"`
	}]
}

// longestName is how much of a file's name is kept.
const longestName = 200

// fileOf reads a file of a form. A name is kept as far as it can be: programs on Windows send it in another encoding, and it may hold U+0000.
func fileOf(f huma.FormFile) (name string, data []byte, err error) {
	letters := []rune(strings.ReplaceAll(strings.ToValidUTF8(f.Filename, "\ufffd"), "\x00", "\ufffd"))
	if data, err = io.ReadAll(f); err != nil {
		return "", nil, errBody
	}
	return string(letters[:min(len(letters), longestName)]), data, nil
}

// ConfirmBody says whether wrong rows are left out.
type ConfirmBody struct {
	WithoutWrong bool `json:"without_wrong,omitempty" doc:"leave rows with a fault out"`
}

func registerImports(api huma.API, s Services) {
	get(api, "/imports/template", "A table of lots to fill in, with one line as an example", func(ctx context.Context, _ auth.Actor, _ *none) ([]ImportLineView, error) {
		return []ImportLineView{{s.produceName(ctx, "apple-fuji"), "富士80", 3_000_000, 3_250_000, 500, 6_000, "box", 60_000, 600_000, "2020-02-01", PlaceHead{"", "610322"}, ""}}, nil
	})
	route(api, http.MethodPost, "/imports", "Reads a table of lots and says what was understood and what is wrong; makes nothing yet", actor,
		func(ctx context.Context, by auth.Actor, in *importForm) (ImportView, error) {
			form := in.RawBody.Data()
			name, data, err := fileOf(form.File)
			if err != nil {
				return ImportView{}, err
			}
			i, err := s.Market.ReadImport(ctx, by, market.ImportInput{ClientID: clientID(ctx), Party: form.Party, Name: name, Data: data})
			return s.importView(ctx, i), err
		}, func(o *huma.Operation) { o.MaxBodyBytes = maxPhoto })
	get(api, "/imports", "Lists a party's imports, newest first", func(ctx context.Context, by auth.Actor, in *partyQuery) ([]ImportView, error) {
		list, err := s.Market.Imports(ctx, by, in.Party, in.After)
		return mapped(list, func(i market.Import) ImportView { return s.importView(ctx, i) }), err
	})
	get(api, "/imports/{id}", "Shows an import", func(ctx context.Context, by auth.Actor, in *byID) (ImportView, error) {
		i, err := s.Market.Import(ctx, by, in.ID)
		return s.importView(ctx, i), err
	})
	post(api, "/imports/{id}/confirm", "Makes the next rows into lots, and offers where there is a price; again until made is good", func(ctx context.Context, by auth.Actor, in *idWith[ConfirmBody]) (ImportView, error) {
		i, err := s.Market.ConfirmImport(ctx, by, in.ID, in.Body.WithoutWrong)
		return s.importView(ctx, i), err
	})
	post(api, "/imports/{id}/undo", "Takes the next lots of an import back, as long as nothing of it was ordered; again until made is 0", func(ctx context.Context, by auth.Actor, in *byID) (ImportView, error) {
		i, err := s.Market.UndoImport(ctx, by, in.ID)
		return s.importView(ctx, i), err
	})
}
