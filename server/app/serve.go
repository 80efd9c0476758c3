package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"jishi/server/auth"
	"jishi/server/web"
)

// stopTime is how long requests and jobs under way may take to end.
const stopTime = 20 * time.Second

// serve runs the market until it is asked to stop.
func serve(ctx context.Context, args []string, s Streams, env func(string) string) error {
	f := flags("serve", s)
	var c config
	c.stores(f, env)
	addr := f.String("addr", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	f.StringVar(&c.osrm, "osrm", env("JISHI_OSRM_URL"), "http://... of a routing server; left out: distances are estimates")
	c.till.flags(f, env)
	f.BoolVar(&c.webhooksAnywhere, "webhooks-anywhere", false, "let webhooks lead over http:// and into our own network")
	f.BoolVar(&c.demo, "demo", false, "show the demo sign-ins; let X-Jishi-Clock set the day")
	day := f.String("day", "", "with --demo: 2020-02-02T09:00:00+08:00 or the like, the time at which the market's clock starts")
	secure := f.Bool("secure", false, "send cookies over TLS only (behind a TLS proxy)")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	ctx, err := onDay(ctx, *day, c.demo)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.Err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	site, err := open(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() { _ = site.close() }()
	if err = site.followIndex(ctx); err != nil {
		return err
	}
	return site.run(ctx, *addr, *secure, func(url string) { greet(s, site, url) })
}

// onDay lets the clock of requests and jobs start at a day of the demonstration.
func onDay(ctx context.Context, day string, demo bool) (context.Context, error) {
	if day == "" {
		return ctx, nil
	}
	at, err := time.Parse(time.RFC3339, day)
	switch {
	case err != nil:
		return nil, fmt.Errorf("serve: --day %q is no time like 2020-02-02T09:00:00+08:00", day)
	case !demo:
		return nil, errors.New("serve: --day is for --demo alone: the books of a real market follow the clock on the wall")
	}
	return auth.WithOffset(ctx, time.Until(at)), nil
}

func greet(s Streams, site *site, url string) {
	fmt.Fprintf(s.Out, "Jishi 集市 is open: %s\n", url)
	if !site.config.demo {
		return
	}
	fmt.Fprintf(s.Out, "Sign in with the password %s as: liulin, biaojiao (cooperatives), donor, firm (donors), union, zhongnan (hospitals),\n"+
		"haulier, driver1 (trucks), dispatcher, finance, finance2 (approves payments), operator, auditor, clerk (village clerk).\n", demoPassword)
}

// run serves on addr until ctx ends, then lets requests and jobs finish. ready is called with the address once it listens.
func (s *site) run(ctx context.Context, addr string, secure bool, ready func(url string)) error {
	handler, err := web.New(web.Config{Demo: s.config.demo, Secure: secure, Photos: s.photos(), Log: s.log}, s.services())
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String()
	if err = s.openTill(ctx, url); err != nil {
		return errors.Join(err, listener.Close())
	}
	// Jobs end after requests, so that they are not cancelled with ctx.
	if err = s.runner.Start(context.WithoutCancel(ctx)); err != nil {
		return errors.Join(err, listener.Close())
	}
	server := web.NewServer(addr, handler)
	server.BaseContext = func(net.Listener) context.Context { return context.WithoutCancel(ctx) }
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	ready(url)
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	return errors.Join(ignoreClosed(err), s.stop(ctx, server))
}

func (s *site) stop(ctx context.Context, server *http.Server) error {
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return errors.Join(server.Shutdown(patient), s.runner.Stop(patient))
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
