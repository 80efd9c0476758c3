package web

import (
	"context"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/notices"
)

// NoticeView is one thing told.
type NoticeView struct {
	ID      string       `json:"id"`
	Kind    notices.Kind `json:"kind" doc:"offer_fits, demand_fits or search_finds"`
	About   string       `json:"about" doc:"demand/<id>, offer/<id> of the reader, or search/<id>"`
	Found   string       `json:"found" doc:"kind/<id> of what was found"`
	At      Instant      `json:"at"`
	Read    bool         `json:"read"`
	Details notices.Body `json:"details" doc:"What was found, as it was then"`
}

// NoticesView is a page of notices.
type NoticesView struct {
	Notices []NoticeView `json:"notices"`
	Unread  int          `json:"unread" doc:"counted up to 100"`
	Next    string       `json:"next,omitempty"`
}

type noticesQuery struct {
	After  string `query:"after" maxLength:"64"`
	Unread bool   `query:"unread" doc:"only what was not read"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"50"`
}

// ReadBody names what was read.
type ReadBody struct {
	IDs []string `json:"ids,omitempty" maxItems:"200" doc:"none: all"`
}

// SavedBody is a search to be kept.
type SavedBody struct {
	Name  string       `json:"name" minLength:"1" maxLength:"60"`
	Query SearchFields `json:"query"`
	Alert bool         `json:"alert,omitempty" doc:"tell me of each new listing it finds"`
}

// SavedChange names a search that is kept anew, and switches its alert.
type SavedChange struct {
	Name  string `json:"name" minLength:"1" maxLength:"60"`
	Alert bool   `json:"alert"`
}

// SavedView is a search that is kept.
type SavedView struct {
	ID    string       `json:"id"`
	Name  string       `json:"name"`
	Query SearchFields `json:"query"`
	Alert bool         `json:"alert"`
	At    Instant      `json:"at"`
}

func savedView(s notices.Saved) (SavedView, error) {
	v := SavedView{ID: s.ID, Name: s.Name, Alert: s.Alert, At: Instant(s.CreatedAt)}
	return v, json.Unmarshal(s.Query, &v.Query)
}

func registerNotices(api huma.API, s Services) {
	get(api, "/notices", "Lists what fits your offers and needs, and what your saved searches found, newest first", func(ctx context.Context, by auth.Actor, in *noticesQuery) (NoticesView, error) {
		list, err := s.Notices.List(ctx, by, notices.Page{After: in.After, Unread: in.Unread, Limit: in.Limit})
		if err != nil {
			return NoticesView{}, err
		}
		v := NoticesView{Notices: mapped(list, func(n notices.Notice) NoticeView {
			return NoticeView{ID: n.ID, Kind: n.Kind, About: n.About, Found: n.Found, At: Instant(n.CreatedAt), Read: n.Read, Details: n.Body}
		})}
		if n := len(list); n == in.Limit { // a full page: another one may follow
			v.Next = list[n-1].ID
		}
		v.Unread, err = s.Notices.Unread(ctx, by)
		return v, err
	})
	post(api, "/notices/read", "Marks notices as read", func(ctx context.Context, by auth.Actor, in *with[ReadBody]) (NoticesView, error) {
		err := s.Notices.MarkRead(ctx, by, in.Body.IDs)
		if err != nil {
			return NoticesView{}, err
		}
		n, err := s.Notices.Unread(ctx, by)
		return NoticesView{Notices: []NoticeView{}, Unread: n}, err
	})
	registerSaved(api, s)
}

func registerSaved(api huma.API, s Services) {
	get(api, "/saved-searches", "Lists the searches you keep", func(ctx context.Context, by auth.Actor, _ *none) ([]SavedView, error) {
		list, err := s.Notices.SavedSearches(ctx, by)
		out := make([]SavedView, 0, len(list))
		for _, w := range list {
			v, bad := savedView(w)
			if bad != nil {
				return nil, bad
			}
			out = append(out, v)
		}
		return out, err
	})
	post(api, "/saved-searches", "Keeps a search", func(ctx context.Context, by auth.Actor, in *with[SavedBody]) (SavedView, error) {
		b := in.Body
		if err := s.readable(ctx, b.Query); err != nil {
			return SavedView{}, err
		}
		query, err := json.Marshal(b.Query)
		if err != nil {
			return SavedView{}, err
		}
		w, err := s.Notices.Save(ctx, by, notices.Saved{Name: b.Name, Query: query, Alert: b.Alert})
		if err != nil {
			return SavedView{}, err
		}
		return savedView(w)
	})
	put(api, "/saved-searches/{id}", "Renames a search you keep, and switches its alert", func(ctx context.Context, by auth.Actor, in *idWith[SavedChange]) (SavedView, error) {
		w, err := s.Notices.Change(ctx, by, in.ID, in.Body.Name, in.Body.Alert)
		if err != nil {
			return SavedView{}, err
		}
		return savedView(w)
	})
	remove(api, "/saved-searches/{id}", "Forgets a search", func(ctx context.Context, by auth.Actor, in *byID) (none, error) {
		return none{}, s.Notices.Forget(ctx, by, in.ID)
	})
}

// readable refuses to keep a search that breaks a rule.
func (s Services) readable(ctx context.Context, in SearchFields) error {
	q, err := s.SearchFor(ctx, in)
	if err != nil {
		return err
	}
	return searchFault(s.CheckSearch(q))
}
