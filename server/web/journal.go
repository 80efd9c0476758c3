package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/orders"
)

// EntryView is one entry of the ledger.
type EntryView struct {
	ID       string           `json:"id"`
	At       Instant          `json:"at"`
	Actor    string           `json:"actor"`
	Kind     string           `json:"kind"`
	KindName string           `json:"kind_name" doc:"the kind in words, in the language of the request"`
	Subject  string           `json:"subject"`
	Use      string           `json:"use,omitempty"`
	Postings []ledger.Posting `json:"postings"`
	Withheld bool             `json:"withheld,omitempty" doc:"some postings are left out: they would tell what a single household got"`
}

type journalQuery struct {
	Subject string `query:"subject" maxLength:"200" doc:"like order/<id>, trip/<id>"`
	Account string `query:"account" maxLength:"200" doc:"like lot/<id>/available, escrow/<id>"`
	After   string `query:"after" maxLength:"64"`
}

func registerJournal(api huma.API, s Services) {
	get(api, "/journal", "Lists the entries about one thing or of one account, oldest first, 500 at a time", func(ctx context.Context, by auth.Actor, in *journalQuery) ([]EntryView, error) {
		list, err := s.Orders.Journal(ctx, by, in.Subject, in.Account, in.After)
		return mapped(list, func(e orders.JournalEntry) EntryView {
			return EntryView{e.ID, Instant(e.At), e.Actor, e.Kind, ledger.ActOf(e.Kind).In(languageOf(ctx)), e.Subject, e.Use, append([]ledger.Posting{}, e.Postings...), e.Withheld}
		}), err
	})
}
