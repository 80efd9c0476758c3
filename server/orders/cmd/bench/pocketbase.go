package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// pocketBase measures the comparison: plain creations of one small record in PocketBase, as it comes and as durable as the product.
func pocketBase(ctx context.Context, c config) error {
	if c.pocketbase == "" {
		return nil
	}
	for _, synchronous := range []string{"NORMAL", "FULL"} {
		if err := onePocketBase(ctx, c, synchronous); err != nil {
			return err
		}
	}
	return nil
}

func onePocketBase(ctx context.Context, c config, synchronous string) error {
	folder, err := os.MkdirTemp("", "pocketbase-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	address, err := freeAddress()
	if err != nil {
		return err
	}
	stop, err := startProgram(ctx, address, c.pocketbase, address, folder, synchronous)
	if err != nil {
		return err
	}
	client := httpClient(c.clients)
	t, err := load(ctx, c.clients, c.time, func(ctx context.Context, n, _ int) error {
		body := fmt.Sprintf(`{"offer": "06h16kqfhhv9d7vg7t4t06rc5c", "buyer": "buyer-%d", "grams": 6000}`, n)
		return send(ctx, client, http.MethodPost, "http://"+address+"/api/collections/orders/records", "", body, nil)
	})
	if err == nil {
		t.print("PocketBase 0.39 record, over HTTP", "SQLite "+synchronous, "-")
	}
	return errors.Join(err, stop())
}

func httpClient(clients int) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients}, Timeout: time.Minute}
}

// freeAddress gives an address on this machine that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// startProgram runs a server and waits until it listens. stop ends it.
func startProgram(ctx context.Context, address, name string, args ...string) (stop func() error, err error) {
	program := exec.CommandContext(ctx, name, args...)
	program.Stderr = os.Stderr
	if err = program.Start(); err != nil {
		return nil, err
	}
	stop = func() error {
		_ = program.Process.Kill()
		_ = program.Wait()
		return nil
	}
	for range 300 {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			return stop, conn.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, errors.Join(fmt.Errorf("%s does not listen on %s", name, address), stop())
}

// send sends a request and reads the answer into out, if that is not nil.
func send(ctx context.Context, client *http.Client, method, url, token, body string, out *[]byte) error {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if out != nil {
		*out = answer
	}
	if err == nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %d %s", url, res.StatusCode, answer)
	}
	return err
}
