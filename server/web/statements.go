package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/sheet"
)

// StatementRowView is one row of a bank's table as it was understood.
type StatementRowView struct {
	Row       int          `json:"row"`
	Serial    string       `json:"serial" doc:"the bank's own number; made of the content where the bank gives none"`
	Reference string       `json:"reference"`
	Payer     string       `json:"payer"`
	Fen       int64        `json:"fen"`
	PaidAt    Instant      `json:"paid_at"`
	For       payment.Kind `json:"for,omitempty" doc:"what it would pay; absent: not known"`
	ForID     string       `json:"for_id,omitempty"`
}

// StatementView is a bank's table that was sent in.
type StatementView struct {
	ID        string             `json:"id"`
	Name      string             `json:"name"`
	State     string             `json:"state" enum:"checked,importing,imported,undoing,undone"`
	Good      int                `json:"good" doc:"rows to book"`
	Wrong     int                `json:"wrong"`
	Known     int                `json:"known" doc:"rows that an earlier statement brought; they are not booked again"`
	Passed    int                `json:"passed" doc:"rows of money that went out"`
	Taken     int                `json:"taken" doc:"rows that are booked"`
	Undone    int                `json:"undone"`
	CreatedAt Instant            `json:"created_at"`
	Ignored   []string           `json:"ignored" doc:"heads of columns that nothing is read from"`
	Rows      []StatementRowView `json:"rows" doc:"the first 50 as they were understood"`
	Faults    []ImportFaultView  `json:"faults" doc:"the first 500" table:"rows"`
	Proofs    []StatementOutView `json:"proofs" doc:"rows of money that went out to parties of ours"`
}

// StatementOutView is a row that went out and quotes a payment of ours.
type StatementOutView struct {
	Row    int                `json:"row"`
	Serial string             `json:"serial"`
	Fen    int64              `json:"fen"`
	PaidAt Instant            `json:"paid_at"`
	Payout string             `json:"payout"`
	Run    string             `json:"run"`
	State  orders.PayoutState `json:"state"`
	Same   bool               `json:"same" doc:"the sum is the payment's; another sum proves nothing"`
}

func statementView(ctx context.Context, st orders.Statement) StatementView {
	return StatementView{st.ID, st.Name, st.State(), st.Good, st.Wrong, st.Known, st.Passed, st.Taken, st.Undone, Instant(st.CreatedAt),
		mapped(st.Ignored, func(h string) string { return h }),
		mapped(st.Rows, func(r orders.MatchedRow) StatementRowView {
			return StatementRowView{r.N, r.Serial, r.Reference, r.Payer, int64(r.Fen), Instant(r.PaidAt), r.For, r.ForID}
		}), faultViews(ctx, st.Faults),
		mapped(st.Proofs, func(r orders.OutRow) StatementOutView {
			return StatementOutView{r.N, r.Serial, int64(r.Fen), Instant(r.PaidAt), r.Payout.ID, r.Payout.Run, r.State, r.Same}
		})}
}

func faultViews(ctx context.Context, list []sheet.RowFault) []ImportFaultView {
	lang := languageOf(ctx)
	return mapped(list, func(f sheet.RowFault) ImportFaultView {
		return ImportFaultView{f.Row, f.Column, f.Code, sentence(lang, &fault.Fault{Code: f.Code, Text: f.Text, Args: f.Args})}
	})
}

// BankSuggestionView is what a bank line that quotes nothing known may have been for.
type BankSuggestionView struct {
	Reference string        `json:"reference"`
	For       payment.Kind  `json:"for"`
	ForID     string        `json:"for_id"`
	Party     string        `json:"party,omitempty" doc:"name of the buyer"`
	Lacks     int64         `json:"lacks_fen" doc:"what the order lacks"`
	Hints     []orders.Hint `json:"hints" enum:"near_reference,same_sum,same_payer"`
}

func bankSuggestionView(s orders.Suggestion) BankSuggestionView {
	return BankSuggestionView{s.Reference, s.For, s.ForID, s.Party, int64(s.Lacks), s.Hints}
}

// statementForm is the file of a statement. Only multipart forms carry 20 MB past the intake.
type statementForm struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"CSV or .xlsx as the bank gives it, at most 100,000 rows"`
	}]
}

func registerStatements(api huma.API, s Services) {
	route(api, http.MethodPost, "/statements", "Reads a bank statement and says what it would pay and what is wrong; books nothing yet", actor,
		func(ctx context.Context, by auth.Actor, in *statementForm) (StatementView, error) {
			name, data, err := fileOf(in.RawBody.Data().File)
			if err != nil {
				return StatementView{}, err
			}
			st, err := s.Orders.ReadStatement(ctx, by, orders.StatementInput{ClientID: clientID(ctx), Name: name, Data: data})
			return statementView(ctx, st), err
		}, func(o *huma.Operation) { o.MaxBodyBytes = maxPhoto })
	post(api, "/statements/{id}/prove", "Proves the payments on their way that a statement's outgoing rows quote", func(ctx context.Context, by auth.Actor, in *byID) (StatementView, error) {
		st, err := s.Orders.ProveByStatement(ctx, by, in.ID)
		return statementView(ctx, st), err
	})
	get(api, "/statements", "Lists bank statements, newest first", func(ctx context.Context, by auth.Actor, in *afterQuery) ([]StatementView, error) {
		list, err := s.Orders.Statements(ctx, by, in.After)
		return mapped(list, func(st orders.Statement) StatementView { return statementView(ctx, st) }), err
	})
	get(api, "/statements/{id}", "Shows a bank statement", func(ctx context.Context, by auth.Actor, in *byID) (StatementView, error) {
		st, err := s.Orders.Statement(ctx, by, in.ID)
		return statementView(ctx, st), err
	})
	post(api, "/statements/{id}/confirm", "Books the next rows of a statement; again until taken is good", func(ctx context.Context, by auth.Actor, in *idWith[ConfirmBody]) (StatementView, error) {
		st, err := s.Orders.ConfirmStatement(ctx, by, in.ID, in.Body.WithoutWrong)
		return statementView(ctx, st), err
	})
	post(api, "/statements/{id}/undo", "Takes the next rows of a statement back, as long as nothing was built on any; again until taken is 0", func(ctx context.Context, by auth.Actor, in *byID) (StatementView, error) {
		st, err := s.Orders.UndoStatement(ctx, by, in.ID)
		return statementView(ctx, st), err
	})
	get(api, "/bank-lines/{id}/suggestions", "Says what a bank line that quotes nothing known may have been for, the likeliest first", func(ctx context.Context, by auth.Actor, in *byID) ([]BankSuggestionView, error) {
		list, err := s.Orders.Suggest(ctx, by, in.ID)
		return mapped(list, bankSuggestionView), err
	})
}
