package notices

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// Deps are what the service stands on.
type Deps struct {
	DB  *store.DB
	Now auth.Clock // nil: the system's
}

// Service keeps notices and saved searches.
type Service struct{ Deps }

// NewService wires the service.
func NewService(d Deps) *Service {
	if d.Now == nil {
		d.Now = auth.SystemClock
	}
	return &Service{d}
}

func (s *Service) millis(ctx context.Context) measure.Millis {
	return measure.Millis(s.Now(ctx).UnixMilli())
}

// Tell adds notices in one transaction; those that were told before are passed over. ID and CreatedAt are set here.
func (s *Service) Tell(ctx context.Context, list []Notice) error {
	if len(list) == 0 {
		return nil
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		for _, n := range list {
			n.ID, n.CreatedAt = store.NewID(), s.millis(ctx)
			if err := insertNotice(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// List gives a page of the notices of the actor and of the parties it acts for, newest first.
func (s *Service) List(ctx context.Context, by auth.Actor, p Page) ([]Notice, error) {
	return noticesPage(ctx, s.DB.Read(), by.User, mailboxes(by), p)
}

// Unread counts what the actor has not read, up to a hundred.
func (s *Service) Unread(ctx context.Context, by auth.Actor) (int, error) {
	return countUnread(ctx, s.DB.Read(), by.User, mailboxes(by))
}

// MarkRead marks notices as read by the actor; with no ids, all of them. What is not the actor's is passed over.
func (s *Service) MarkRead(ctx context.Context, by auth.Actor, ids []string) error {
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		return markRead(ctx, tx, by.User, mailboxes(by), ids, s.millis(ctx))
	})
}

// Save keeps a search of the actor.
func (s *Service) Save(ctx context.Context, by auth.Actor, in Saved) (Saved, error) {
	if err := in.check(); err != nil {
		return Saved{}, err
	}
	in.ID, in.User, in.CreatedAt = store.NewID(), by.User, s.millis(ctx)
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		have, err := savedOf(ctx, tx, by.User)
		if err != nil {
			return err
		}
		if len(have) >= MaxSaved {
			return fault.New(fault.Conflict, "too_many_saved", "You keep %d searches already; delete one first.", MaxSaved)
		}
		return insertSaved(ctx, tx, in)
	})
	return in, err
}

// SavedSearches lists the searches of the actor, newest first.
func (s *Service) SavedSearches(ctx context.Context, by auth.Actor) ([]Saved, error) {
	return savedOf(ctx, s.DB.Read(), by.User)
}

// Change names a saved search anew and switches its alert.
func (s *Service) Change(ctx context.Context, by auth.Actor, id, name string, alert bool) (Saved, error) {
	var out Saved
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if out, err = s.own(ctx, tx, by, id); err != nil {
			return err
		}
		out.Name, out.Alert = name, alert
		if err = out.check(); err != nil {
			return err
		}
		return updateSaved(ctx, tx, out)
	})
	return out, err
}

// Forget deletes a saved search. What it told stays.
func (s *Service) Forget(ctx context.Context, by auth.Actor, id string) error {
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		if _, err := s.own(ctx, tx, by, id); err != nil {
			return err
		}
		return deleteSaved(ctx, tx, id)
	})
}

func (s *Service) own(ctx context.Context, tx store.Tx, by auth.Actor, id string) (Saved, error) {
	out, err := savedByID(ctx, tx, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && out.User != by.User {
		return out, fault.New(fault.NotFound, "no_such_saved_search", "There is no such saved search.")
	}
	return out, err
}

// Alerts hands out all saved searches with an alert, some hundred at a time.
func (s *Service) Alerts(ctx context.Context, each func([]Saved) error) error {
	const batch = 500
	for after := ""; ; {
		list, err := alertsPage(ctx, s.DB.Read(), after, batch)
		if err != nil {
			return fmt.Errorf("alerts: %w", err)
		}
		if err = each(list); err != nil || len(list) < batch {
			return err
		}
		after = list[len(list)-1].ID
	}
}
