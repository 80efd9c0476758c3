// Package storetest runs a test on fresh databases of both engines.
package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"jishi/server/store"
)

// Variable names the environment variable with the address of a PostgreSQL server on which databases may be made.
const Variable = "JISHI_POSTGRES"

// Run runs test on a fresh, migrated SQLite database, and on PostgreSQL when JISHI_POSTGRES is set. Without it the
// second half is skipped, and in CI (CI=true) it fails.
func Run(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// SQLite gives a fresh, migrated SQLite database.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return ready(t, "sqlite:"+filepath.Join(t.TempDir(), "jishi.db"))
}

// Postgres gives a fresh, migrated PostgreSQL database, dropped when the test ends.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return ready(t, PostgresDSN(t))
}

// PostgresDSN makes a fresh database and gives its address.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Variable)
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set, and in CI nothing may be skipped", Variable)
		}
		t.Skipf("no PostgreSQL: %s is not set (`make test` starts one)", Variable)
	}
	name := "t_" + store.NewID()
	admin(t, server, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`, name))
	t.Cleanup(func() { admin(t, server, fmt.Sprintf(`DROP DATABASE IF EXISTS %s WITH (FORCE)`, name)) })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func admin(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("connect to %s: %v", Variable, err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err = conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func ready(t testing.TB, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err = db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}
