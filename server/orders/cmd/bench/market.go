package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/jobs"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/store"
)

// benchMarket is the product below its HTTP interface: one seller, one buyer, and jobs that are
// worked meanwhile, though what they do is nothing here.
type benchMarket struct {
	db     *store.DB
	jobs   *jobs.Runner
	market *market.Service
	orders *orders.Service
	buyer  auth.Actor
}

// indexing is the job that a change of an offer asks for.
type indexing struct {
	What market.Kind `json:"what"`
	ID   string      `json:"id"`
}

// Kind names the job.
func (indexing) Kind() string { return "index" }

// Key names the document.
func (j indexing) Key() string { return string(j.What) + "/" + j.ID }

// matching is the other one.
type matching indexing

// Kind names the job.
func (matching) Kind() string { return "match" }

// Key names the listing.
func (j matching) Key() string { return indexing(j).Key() }

func openMarket(ctx context.Context, dsn string) (*benchMarket, error) {
	db, err := store.Open(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if err = errors.Join(db.Migrate(ctx), jobs.Migrate(ctx, db)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	runner, err := jobs.New(db, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	jobs.Register(runner, func(context.Context, indexing) error { return nil })
	jobs.Register(runner, func(context.Context, matching) error { return nil })
	m := &benchMarket{db: db, jobs: runner, buyer: auth.Actor{User: "buyer", Grants: []auth.Grant{{Role: auth.Buyer, Party: "buyer"}}}}
	m.market = market.NewService(market.Deps{
		DB: db, Books: orders.Books{}, NewRef: payment.NewReference, IDKey: []byte("key"),
		Produce: func(word string) (string, bool) { return word, true },
		County:  func(code string) (market.Place, bool) { return market.Place{Name: code, Adcode: code}, true },
		Changed: func(ctx context.Context, tx store.Tx, kind market.Kind, ids ...string) error {
			var list []jobs.Args
			for _, id := range ids {
				list = append(list, indexing{kind, id}, matching{kind, id})
			}
			return runner.Insert(ctx, tx, list...)
		},
	})
	m.orders = orders.NewService(orders.Deps{DB: db, Market: m.market})
	for id, kind := range map[string]market.PartyKind{"seller": market.Coop, "buyer": market.Enterprise} {
		if _, err = m.market.CreateParty(ctx, auth.System("bench"), market.PartyInput{ID: id, Kind: kind, Name: id, Place: market.Place{Adcode: "610322"}}); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return m, runner.Start(ctx)
}

func (m *benchMarket) close() error {
	return errors.Join(m.jobs.Stop(context.Background()), m.db.Close())
}

// offer puts a lot of 1,000 t up, with its seller's yes said beforehand.
func (m *benchMarket) offer(ctx context.Context) (string, error) {
	by := auth.System("bench")
	lot, err := m.market.CreateLot(ctx, by, market.LotInput{Party: "seller", Produce: "apple", Weight: market.MaxLot, Place: market.Place{Adcode: "610322"}})
	if err != nil {
		return "", err
	}
	o, err := m.market.CreateOffer(ctx, by, "", market.OfferInput{Lot: lot.ID, Price: 60_000})
	if err != nil {
		return "", err
	}
	if _, _, err = m.market.ActOnOffer(ctx, by, o.ID, "publish", ""); err != nil {
		return "", err
	}
	_, err = m.orders.SayYesAhead(ctx, by, o.ID, measure.Millis(time.Now().Add(time.Hour).UnixMilli()))
	return o.ID, err
}

// run places orders of 6 kg on so many lots and prints the line; the lots don't run out.
func (m *benchMarket) run(ctx context.Context, c config, database string, lots int) error {
	offers := make([]string, lots)
	for i := range offers {
		var err error
		if offers[i], err = m.offer(ctx); err != nil {
			return err
		}
	}
	t, err := load(ctx, c.clients, c.time, func(ctx context.Context, client, n int) error {
		return m.place(ctx, offers[(n*c.clients+client*7919)%lots], fmt.Sprintf("%s-%d-%d-%d", database, lots, client, n), 6*measure.Kilogram)
	})
	if err != nil {
		return fmt.Errorf("%s, %d lots: %w", database, lots, err)
	}
	t.print("order placed", database, fmt.Sprint(lots))
	return m.check(ctx)
}

func (m *benchMarket) place(ctx context.Context, offer, client string, g measure.Grams) error {
	o, err := m.orders.Submit(ctx, m.buyer, orders.Input{ClientID: client, Buyer: "buyer", Lines: []orders.LineInput{{Offer: offer, Grams: g}}})
	if f := fault.Of(err); f != nil && f.Code == "only_left" || f != nil && f.Code == "not_enough" {
		return errRefused
	}
	if err == nil && o.Act != orders.Confirmed {
		err = fmt.Errorf("the order is %s", o.Act)
	}
	return err
}

// check adds the books up from their postings, and compares what was ordered of each lot with what left it.
func (m *benchMarket) check(ctx context.Context) error {
	report, err := ledger.Verify(ctx, m.db)
	if err == nil && !report.OK() {
		err = fmt.Errorf("the books are wrong: %v", report.Wrong[0])
	}
	if err != nil {
		return err
	}
	var wrong int
	err = m.db.Read().QueryRowContext(ctx, `
		SELECT COUNT(*) FROM (
			SELECT l.weighed_grams - b.amount AS gone, (SELECT COALESCE(SUM(o.grams), 0) FROM order_lines o WHERE o.lot_id = l.id) AS ordered
			FROM lots l JOIN ledger_balances b ON b.unit = 'g' AND b.account = 'lot/' || l.id || '/available'
		) AS x WHERE gone <> ordered`).Scan(&wrong)
	if err == nil && wrong > 0 {
		err = fmt.Errorf("of %d lots more or less is gone than was ordered", wrong)
	}
	return err
}

// freshPostgres makes a database on the server at dsn and gives its address and how to drop it.
func freshPostgres(ctx context.Context, dsn string) (string, func() error, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", nil, err
	}
	name := "bench_" + store.NewID()
	admin := func(statement string) error {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, statement)
		return errors.Join(err, conn.Close(ctx))
	}
	if err = admin(`CREATE DATABASE ` + name + ` TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`); err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() error { return admin(`DROP DATABASE IF EXISTS ` + name + ` WITH (FORCE)`) }, nil
}
