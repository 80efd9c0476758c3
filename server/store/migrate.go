package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

//go:embed migrations/*.sql
var migrations embed.FS

const migrationTable = `
CREATE TABLE IF NOT EXISTS schema_migrations (
	name   TEXT PRIMARY KEY,
	sha256 TEXT NOT NULL,
	at     BIGINT NOT NULL
)`

// Migrate applies the migrations that the database lacks, each in a transaction of its own, in the order of their
// names. A migration whose text changed after it was applied is an error: write a new one.
func (d *DB) Migrate(ctx context.Context) error {
	if _, err := d.write.ExecContext(ctx, migrationTable); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		if err = d.apply(ctx, strings.TrimPrefix(name, "migrations/"), string(text)); err != nil {
			return fmt.Errorf("migrate %s: %w", name, err)
		}
	}
	return nil
}

func (d *DB) apply(ctx context.Context, name, text string) error {
	sum := sha256.Sum256([]byte(text))
	want := hex.EncodeToString(sum[:])
	return d.InTx(ctx, func(tx Tx) error {
		res, err := tx.ExecContext(ctx, `
			INSERT INTO schema_migrations (name, sha256, at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO NOTHING`, name, want, time.Now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return sameText(ctx, tx, name, want, err)
		}
		for _, statement := range statements(text) {
			if _, err = tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%w in %q", err, statement)
			}
		}
		return nil
	})
}

func sameText(ctx context.Context, tx Tx, name, want string, err error) error {
	if err != nil {
		return err
	}
	var have string
	err = tx.QueryRowContext(ctx, `SELECT sha256 FROM schema_migrations WHERE name = $1`, name).Scan(&have)
	if err == nil && have != want {
		return fmt.Errorf("its text changed after it was applied")
	}
	return err
}

// statements cuts a migration at the semicolons that end a line. Comment lines are dropped.
func statements(text string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "--") {
			continue
		}
		b.WriteString(line)
		if strings.HasSuffix(trimmed, ";") {
			out = append(out, strings.TrimSpace(b.String()))
			b.Reset()
		}
	}
	if rest := strings.TrimSpace(b.String()); rest != "" {
		out = append(out, rest)
	}
	return out
}
