// Command pocketbase is the comparison of the order benchmark: PocketBase with one collection that anybody on this machine
// may create records in. It is a module of its own, so that the product does not depend on it.
//
//	pocketbase ADDRESS FOLDER NORMAL|FULL
//
// NORMAL is how PocketBase comes: a power cut may lose what was answered. FULL flushes the disk at each commit, as the product does.
package main

import (
	"fmt"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	if len(os.Args) != 4 || os.Args[3] != "NORMAL" && os.Args[3] != "FULL" {
		fmt.Fprintln(os.Stderr, "usage: pocketbase ADDRESS FOLDER NORMAL|FULL")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "pocketbase:", err)
		os.Exit(1)
	}
}

// pragmas are PocketBase's own (core.DefaultDBConnect of v0.39.3) but for synchronous.
const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)&_pragma=foreign_keys(ON)" +
	"&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)&_pragma=synchronous"

func run(address, folder, synchronous string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: folder, DBConnect: func(path string) (*dbx.DB, error) {
		return dbx.Open("sqlite", path+pragmas+"("+synchronous+")")
	}})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	orders := core.NewBaseCollection("orders")
	orders.CreateRule = types.Pointer("")
	orders.Fields.Add(
		&core.TextField{Name: "offer", Required: true},
		&core.TextField{Name: "buyer", Required: true},
		&core.NumberField{Name: "grams", OnlyInt: true},
	)
	if err := app.Save(orders); err != nil {
		return err
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: address, ShowStartBanner: false})
}
