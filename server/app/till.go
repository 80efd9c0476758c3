package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"jishi/server/jobs"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
)

// till says how payments by card and wallet are taken. Without a key there are none; in the demonstration a service that moves no money
// is started beside the market.
type till struct {
	key    string // of the account at Stripe
	secret string // under which it signs its messages
	url    string // another server that speaks its protocol: `jishi fakepay`
	site   string // address under which people reach the market
	payTo  string // our own account at the bank: holder;bank;number
}

func (t *till) flags(f *flag.FlagSet, env func(string) string) {
	t.key, t.secret = env("JISHI_STRIPE_KEY"), env("JISHI_STRIPE_SECRET") // not flags: other users of the machine see those
	f.StringVar(&t.url, "stripe-url", env("JISHI_STRIPE_URL"), "http://... of `jishi fakepay` instead of Stripe")
	f.StringVar(&t.payTo, "pay-to", env("JISHI_PAY_TO"), "our own account at the bank as people transfer to it: \"holder;bank;number\"")
	f.StringVar(&t.site, "site", env("JISHI_SITE"), "https://... under which people reach the market, for the way back from a payment; left out: the address listened on")
}

// demoSecret signs the messages of the demonstration's own payment service, which listens on the loopback address alone.
const demoSecret = "whsec_demonstration"

// openTill connects the market at url with the payment service. What it starts ends with ctx.
func (s *site) openTill(ctx context.Context, url string) error {
	t := s.config.till
	if err := s.payTo(t.payTo); err != nil {
		return err
	}
	if t.site == "" {
		t.site = url
	}
	if t.key == "" && s.config.demo {
		address, err := startFakepay(ctx, "127.0.0.1:0", demoSecret, url+hookPath)
		if err != nil {
			return err
		}
		t.key, t.secret, t.url = "sk_demonstration", demoSecret, address
	}
	if t.key == "" {
		return nil
	}
	g, err := payment.NewGateway(payment.GatewayConfig{Key: t.key, Secret: t.secret, URL: t.url})
	s.orders.Gateway, s.orders.Site = g, t.site
	return err
}

// hookPath is where the payment service sends its messages.
const hookPath = "/api/gateway-events"

// startFakepay serves a payment service that moves no money until ctx ends, and gives its address.
func startFakepay(ctx context.Context, addr, secret, hook string) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	address := "http://" + listener.Addr().String()
	service := fakepay.New(fakepay.Config{Secret: secret, Hook: hook, Site: address})
	server := &http.Server{Handler: service, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	go service.Run(ctx, 5*time.Second)
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	return address, nil
}

// fakepayCommand serves the payment service alone.
func fakepayCommand(ctx context.Context, args []string, s Streams, env func(string) string) error {
	f := flags("fakepay", s)
	addr := f.String("addr", "127.0.0.1:8090", "address to listen on; port 0 takes a free one")
	hook := f.String("hook", "http://127.0.0.1:8080"+hookPath, "where its messages go")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	secret := env("JISHI_STRIPE_SECRET")
	if secret == "" {
		return errors.New("set JISHI_STRIPE_SECRET: under it the messages are signed, here and at the market")
	}
	address, err := startFakepay(ctx, *addr, secret, *hook)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "Demonstration payments 演示支付: %s\nServe with: JISHI_STRIPE_KEY=any JISHI_STRIPE_SECRET=... jishi serve --stripe-url %s\n", address, address)
	<-ctx.Done()
	return nil
}

// gatewayRound is what is done at the payment service: refunds that are due, messages that waited.
type gatewayRound struct{}

// Kind names the job.
func (gatewayRound) Kind() string { return "gateway_round" }

// Key makes one waiting round enough.
func (gatewayRound) Key() string { return "" }

// Queue keeps it from holding up others while the service is away.
func (gatewayRound) Queue() string { return jobs.Outside }

func (s *site) roundAtGateway(ctx context.Context, _ gatewayRound) error {
	return s.orders.RunGateway(ctx)
}

// gatewayDue asks for a round once the transaction has committed.
func (s *site) gatewayDue(ctx context.Context, tx store.Tx) error {
	return s.runner.Insert(ctx, tx, gatewayRound{})
}

// payTo sets our own account at the bank; the demonstration has one that takes no money.
func (s *site) payTo(text string) error {
	if text == "" && s.config.demo {
		text = "集市(演示);凤翔农商行(演示);6222000000000000"
	}
	if text == "" {
		return nil
	}
	parts := strings.Split(text, ";")
	if len(parts) != 3 {
		return errors.New(`--pay-to is "holder;bank;number"`)
	}
	s.orders.PayTo = payment.BankAccount{Holder: parts[0], Bank: parts[1], Number: parts[2]}
	if f := s.orders.PayTo.Check(); f != nil {
		return fmt.Errorf("--pay-to: %w", f)
	}
	return nil
}
