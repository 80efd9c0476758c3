package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"jishi/search"
	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/jobs"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/notices"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/places"
	"jishi/server/rules"
	"jishi/server/store"
	"jishi/server/web"
	"jishi/server/webhooks"
)

// config says where a site keeps its things.
type config struct {
	data         string // folder: database, index, photos, key
	dsn          string // "" is SQLite in the folder
	elastic      string // address of Elasticsearch, "" is the index in the folder
	elasticIndex string // its name there, "" is jishi
	demo         bool
	reads        bool   // the index is only read: another process may hold it
	osrm         string // address of a routing server, "" estimates
	till         till

	webhooksAnywhere bool // webhooks may lead over http:// and into our own network
}

// stores adds the flags that say where a site keeps its things.
func (c *config) stores(f *flag.FlagSet, env func(string) string) {
	f.StringVar(&c.data, "data", "data", "folder of the database, the index, the photos and the key")
	f.StringVar(&c.dsn, "db", env("JISHI_DB"), "postgres://... instead of SQLite in the folder")
	f.StringVar(&c.elastic, "elasticsearch", env("JISHI_ELASTICSEARCH_URL"), "http://... instead of the index in the folder")
}

// databaseFile is the SQLite database in the data folder; its presence tells that the folder is in use.
const databaseFile = "jishi.db"

func (c config) database() string {
	if c.dsn != "" {
		return c.dsn
	}
	return "sqlite:" + filepath.Join(c.data, databaseFile)
}

// site is every part of the product, put together.
type site struct {
	config   config
	log      *slog.Logger
	db       *store.DB
	runner   *jobs.Runner
	index    search.Index
	words    search.Vocabulary
	matcher  func() *search.Matcher
	book     *rules.Book
	atlas    *places.Atlas
	auth     *auth.Service
	market   *market.Service
	orders   *orders.Service
	dispatch *dispatch.Service
	notices  *notices.Service
	webhooks *webhooks.Service
}

// open makes or opens a data folder and puts the parts together. Nothing runs yet.
func open(ctx context.Context, c config, log *slog.Logger) (*site, error) {
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return nil, err
	}
	s := &site{config: c, log: log}
	if err := s.openData(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if err := s.wire(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// openData opens the database, brings it up to date, and opens the index.
func (s *site) openData(ctx context.Context) error {
	var err error
	if s.book, err = rules.Load(); err != nil {
		return err
	}
	if s.atlas, err = places.Load(); err != nil {
		return err
	}
	if s.db, err = store.Open(ctx, s.config.database()); err != nil {
		return err
	}
	if err = s.db.Migrate(ctx); err != nil {
		return err
	}
	if err = jobs.Migrate(ctx, s.db); err != nil {
		return err
	}
	if s.runner, err = jobs.New(s.db, s.log); err != nil {
		return err
	}
	s.words = vocabulary(s.book, s.atlas)
	s.matcher = sync.OnceValue(func() *search.Matcher { return search.NewMatcher(s.words) })
	s.index, err = s.openIndex(ctx)
	return err
}

// openToRead opens a site beside the process that serves it.
func openToRead(ctx context.Context, c config, log *slog.Logger) (*site, error) {
	c.reads = true
	return open(ctx, c, log)
}

func (s *site) openIndex(ctx context.Context) (search.Index, error) {
	if s.config.elastic != "" {
		return orNone(search.OpenElastic(ctx, search.ElasticConfig{Addresses: []string{s.config.elastic}, Index: s.config.elasticIndex}, s.words))
	}
	file := filepath.Join(s.config.data, "search.db")
	if s.config.reads {
		return orNone(search.ReadEmbedded(ctx, file, s.words))
	}
	return orNone(search.OpenEmbedded(ctx, file, s.words))
}

// orNone gives no index at all with an error, rather than an engine that is nil.
func orNone[T search.Index](index T, err error) (search.Index, error) {
	if err != nil {
		return nil, err
	}
	return index, nil
}

// wire makes the services, from the ground up, and registers what works in the background.
func (s *site) wire() error {
	key, err := s.key()
	if err != nil {
		return err
	}
	s.auth = auth.NewService(auth.Deps{DB: s.db, KnownParty: s.knownParty})
	if s.webhooks, err = s.newWebhooks(key); err != nil {
		return err
	}
	s.market = market.NewService(market.Deps{
		DB: s.db, Books: orders.Books{}, Produce: s.findProduce, County: s.county, Changed: s.changed, News: s.webhooks.Tell, IDKey: key, NewRef: payment.NewReference,
		Listed: func(ctx context.Context, tx store.Tx, by auth.Actor, o market.Offer, produce string) error {
			return s.orders.WatchOffer(ctx, tx, by, o, produce)
		},
	})
	s.orders = orders.NewService(orders.Deps{DB: s.db, Market: s.market, Band: s.band, HaulByReference: dispatch.LoadByReference, CarrierOf: dispatch.CarrierOf, UnpaidTrip: dispatch.UnpaidTrip, GatewayDue: s.gatewayDue, News: s.webhooks.Tell,
		Moisture: func(produce string) int {
			n, _ := s.book.LossRule(produce)
			return n
		},
		PhotoKept: func(id string) bool { return web.PhotoKept(s.photos(), id) }})
	s.dispatch = dispatch.NewService(dispatch.Deps{
		DB: s.db, Books: s.orders, Rules: s.book, Places: s.atlas, Router: s.router(), ToShip: orders.AllocationsToShip,
		Changed: s.capacityChanged, News: s.webhooks.Tell, SealKey: key,
	})
	s.notices = notices.NewService(notices.Deps{DB: s.db})
	jobs.Register(s.runner, s.reindexOne)
	jobs.Register(s.runner, s.match)
	jobs.Register(s.runner, s.follow)
	jobs.Register(s.runner, s.rebuildAsked)
	s.runner.Every(time.Minute, following{})
	jobs.Register(s.runner, s.seal)
	jobs.Register(s.runner, s.prune)
	jobs.Register(s.runner, s.due)
	jobs.Register(s.runner, s.roundAtGateway)
	s.runner.Every(time.Minute, gatewayRound{})
	jobs.Register(s.runner, s.deliver)
	jobs.Register(s.runner, s.roundOfWebhooks)
	s.runner.Every(time.Minute, webhookRound{})
	s.runner.Every(time.Minute, sealing{})
	s.runner.Every(24*time.Hour, pruning{})
	if !s.config.demo { // the demonstration's days are the story's: `POST /api/due` lets them pass
		s.runner.Every(time.Minute, duties{})
	}
	return nil
}

// router asks the routing server where there is one.
func (s *site) router() places.Router {
	if s.config.osrm == "" {
		return places.NewEstimator(s.atlas)
	}
	return &places.OSRM{URL: s.config.osrm}
}

func (s *site) close() error {
	var err error
	if s.dispatch != nil {
		s.dispatch.Close()
	}
	if s.index != nil {
		err = s.index.Close()
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	return err
}

func (s *site) services() web.Services {
	return web.Services{
		Auth: s.auth, DB: s.db, Market: s.market, Orders: s.orders, Dispatch: s.dispatch, Rules: s.book, Places: s.atlas,
		Index: s.index, Browse: s.browse, CheckSearch: s.checkSearch, Notices: s.notices, Webhooks: s.webhooks, Tariff: s.tariff, PartyNames: s.partyNames, Ready: func(ctx context.Context) error { return s.db.Read().PingContext(ctx) },
	}
}

// photos is the folder of the photos.
func (s *site) photos() string { return filepath.Join(s.config.data, "photos") }

// key is the secret under which identity numbers are hashed and printed waybills sealed, made at the first start. Without it a hash
// can't be tried out, nor a seal made.
func (s *site) key() ([]byte, error) {
	path := filepath.Join(s.config.data, "id.key")
	key, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	key = make([]byte, 32)
	if _, err = rand.Read(key); err != nil {
		return nil, err
	}
	return key, os.WriteFile(path, key, 0o600)
}

func (s *site) knownParty(ctx context.Context, id string) (bool, error) {
	found, err := market.PartiesByID(ctx, s.db.Read(), id)
	return len(found) == 1, err
}

// findProduce gives the stable name of what people call a produce.
func (s *site) findProduce(word string) (string, bool) {
	p, ok := s.book.FindProduce(word)
	return p.ID, ok
}

// county gives the name and the point of a county, by a code of any time.
func (s *site) county(adcode string) (market.Place, bool) {
	d, ok := s.atlas.Division(adcode)
	return market.Place{Name: d.Name, Adcode: adcode, Point: d.Point}, ok
}

// band gives the prices seen on markets for a produce.
func (s *site) band(produce, day string) (orders.Band, bool) {
	b, ok := s.book.PriceBand(produce, rules.Day(day))
	return orders.Band{Low: b.Low, High: b.High, Least: b.Least, Most: b.Most, From: string(b.From), To: string(b.To), Source: rules.Joined(b.Sources...)}, ok
}

func (s *site) partyNames(ctx context.Context, ids []string) (map[string]string, error) {
	parties, err := market.PartiesByID(ctx, s.db.Read(), ids...)
	names := map[string]string{}
	for id, p := range parties {
		names[id] = p.Name
	}
	return names, err
}

// tariff says what haulage costs on a day, for the price at the door: the trucks of the rules, smallest first, and the green
// channel from 80 % of the payload.
func (s *site) tariff(now time.Time) search.Tariff {
	t := search.Tariff{DetourPermille: 1200, TollFreeFill: 800}
	free := s.book.Toll(rules.DayOf(measure.Millis(now.UnixMilli())), rules.TollCase{}).Free
	for _, k := range s.book.AllTruckTypes() {
		if k.Payload <= 0 || k.Reefer || k.Oversize {
			continue
		}
		truck := search.Truck{Name: k.ID, PayloadGrams: int64(k.Payload), FenPerKm: int64(k.PerKm), TollFenPerKm: int64(s.book.TollPerKm(k))}
		if free {
			truck.TollFenPerKm = 0
		}
		t.Trucks = append(t.Trucks, truck)
	}
	slices.SortFunc(t.Trucks, func(a, b search.Truck) int { return cmp.Compare(a.PayloadGrams, b.PayloadGrams) })
	return t
}

// sealing extends the hash chain over what was written since.
type sealing struct{}

// Kind names the job.
func (sealing) Kind() string { return "ledger_seal" }

func (s *site) seal(ctx context.Context, _ sealing) error {
	_, err := ledger.Seal(ctx, s.db)
	return err
}

// duties ends what nobody answered in time, tenders of trips too, and makes the drafts of standing orders.
type duties struct{}

// Kind names the job.
func (duties) Kind() string { return "duties" }

func (s *site) due(ctx context.Context, _ duties) error {
	_, err := s.orders.RunDue(ctx)
	_, late := s.dispatch.ExpireDue(ctx)
	return errors.Join(err, late)
}

// pruning forgets old sessions and old answers.
type pruning struct{}

// Kind names the job.
func (pruning) Kind() string { return "prune" }

func (s *site) prune(ctx context.Context, _ pruning) error {
	return errors.Join(s.auth.Prune(ctx), web.PruneRequests(ctx, s.db), s.webhooks.Prune(ctx))
}

// inUse reports whether the data folder holds a database already.
func inUse(data string) (bool, error) {
	_, err := os.Stat(filepath.Join(data, databaseFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// mustExist is for commands that read a folder that has to be there.
func mustExist(data string) error {
	ok, err := inUse(data)
	if err == nil && !ok {
		err = fmt.Errorf("%s holds no %s", data, databaseFile)
	}
	return err
}
