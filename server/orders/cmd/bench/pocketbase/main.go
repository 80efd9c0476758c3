// Command pocketbase is the comparison of the order benchmark: PocketBase with one collection that anybody on this machine
// may create records in. It is a module of its own, so that the product does not depend on it.
//
//	pocketbase ADDRESS FOLDER
package main

import (
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: pocketbase ADDRESS FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "pocketbase:", err)
		os.Exit(1)
	}
}

func run(address, folder string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: folder})
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
