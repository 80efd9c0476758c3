package web

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/sync/singleflight"

	"jishi/server/auth"
	"jishi/server/ledger"
)

// AuditEvent is one line of the audit.
type AuditEvent struct {
	At        Instant        `json:"at"`
	Actor     string         `json:"actor"`
	ActorName string         `json:"actor_name" doc:"who that is: the user's name, or the platform, in the language of the request"`
	Act       string         `json:"act"`
	ActName   string         `json:"act_name" doc:"the act in words, in the language of the request"`
	Subject   string         `json:"subject"`
	Reason    string         `json:"reason,omitempty"`
	Mandate   string         `json:"mandate,omitempty"`
	Before    map[string]any `json:"before,omitempty"`
	After     map[string]any `json:"after,omitempty"`
}

type auditQuery struct {
	Subject string `query:"subject" maxLength:"200" doc:"like order/<id>, lot/<id>, trip/<id>"`
}

// AuditReport is what a check of the whole chain found.
type AuditReport struct {
	OK bool `json:"ok"`
	ledger.Report
}

func registerAudit(api huma.API, s Services) {
	get(api, "/audit", "Shows who did what to one thing, oldest first", func(ctx context.Context, by auth.Actor, in *auditQuery) ([]AuditEvent, error) {
		events, err := s.Orders.Audit(ctx, by, in.Subject)
		out := make([]AuditEvent, len(events))
		names := s.actors(ctx)
		for i, ev := range events {
			out[i] = AuditEvent{At: Instant(ev.At), Actor: ev.Actor, ActorName: names(ev.Actor), Act: ev.Act, ActName: ledger.DeedOf(ev.Act).In(languageOf(ctx)), Subject: ev.Subject, Reason: ev.Reason, Mandate: ev.Mandate,
				Before: object(ev.Before), After: object(ev.After)}
		}
		return out, err
	})
	var running singleflight.Group // it reads the whole ledger: whoever asks meanwhile shares the answer
	openGet(api, "/audit/verify", "Checks the hash chain and every balance", func(ctx context.Context, by auth.Actor, _ *none) (AuditReport, error) {
		found, err, _ := running.Do("", func() (any, error) { return ledger.Verify(context.WithoutCancel(ctx), s.DB) })
		report, _ := found.(ledger.Report)
		if !by.Can(auth.Auditor, "") && !by.Can(auth.Finance, "") {
			report = report.Public()
		}
		if report.Wrong == nil {
			report.Wrong = []ledger.Wrong{}
		}
		return AuditReport{report.OK(), report}, err
	})
}

// actors says who the actors of the audit are, each looked up once: a user by name, whoever acts by a mandate as such, the platform as itself.
func (s Services) actors(ctx context.Context) func(actor string) string {
	lang, known := languageOf(ctx), map[string]string{}
	return func(actor string) string {
		if _, is := known[actor]; !is {
			known[actor] = actorWords(actor, s.actorName(ctx, actor)).In(lang)
		}
		return known[actor]
	}
}

// actorWords says in both languages who an actor is, whose user has that name.
func actorWords(actor, name string) ledger.Act {
	switch {
	case strings.HasPrefix(actor, "system/"):
		return ledger.Act{En: "the platform", Zh: "平台"}
	case actor == "visitor":
		return ledger.Act{En: "not signed in", Zh: "未登录"}
	case strings.Contains(actor, " by mandate/"):
		return ledger.Act{En: name + " (by mandate)", Zh: name + "（受托）"}
	}
	return ledger.Act{En: name, Zh: name}
}

func object(raw json.RawMessage) map[string]any {
	var m map[string]any
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}
