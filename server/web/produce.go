package web

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/rules"
)

// ProduceView is a kind of goods that can be traded.
type ProduceView struct {
	ID      string   `json:"id" doc:"Stable, such as apple-fuji"`
	Name    string   `json:"name"`
	NameEn  string   `json:"name_en"`
	Aliases []string `json:"aliases"`
	Group   string   `json:"group"`
	Class   string   `json:"class"`
}

type produceQuery struct {
	Q     string `query:"q" maxLength:"60" doc:"Part of a name, an alias or the pinyin; empty for all"`
	Limit int    `query:"limit" default:"20" minimum:"1" maximum:"200"`
}

func registerProduce(api huma.API, s Services) {
	openGet(api, "/produce", "Finds kinds of goods by name, alias or pinyin", func(_ context.Context, _ auth.Actor, in *produceQuery) ([]ProduceView, error) {
		out := []ProduceView{}
		for _, p := range s.Rules.AllProduce() {
			if len(out) < in.Limit && isCalled(p, in.Q) {
				out = append(out, ProduceView{p.ID, p.Name, p.NameEn, append([]string{}, p.Aliases...), p.Group, p.Class})
			}
		}
		return out, nil
	})
}

// isCalled reports whether some name of the produce holds what was asked for.
func isCalled(p rules.Produce, q string) bool {
	q = strings.ToLower(strings.TrimSpace(q))
	for _, name := range append([]string{p.ID, p.Name, p.NameEn, p.Pinyin}, p.Aliases...) {
		if strings.Contains(strings.ToLower(name), q) {
			return true
		}
	}
	return false
}
