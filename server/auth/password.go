package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"jishi/server/fault"
)

// argon2id parameters (RFC 9106; OWASP's second choice): 19 MiB, 2 passes, 1 lane.
const (
	argonKiB    = 19 * 1024
	argonPasses = 2
	argonLanes  = 1
	saltBytes   = 16
	keyBytes    = 32
)

// hashing lets two hashes run at once: each takes 19 MiB and a core for a tenth of a second.
var hashing = make(chan struct{}, 2)

// inTurn waits for a place among those who hash, and runs do there. do must not call it again.
func inTurn(ctx context.Context, do func() error) error {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-hashing }()
	return do()
}

// argon is called in turn.
func argon(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, argonPasses, argonKiB, argonLanes, keyBytes)
}

func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	var key []byte
	err := inTurn(ctx, func() error {
		key = argon(password, salt)
		return nil
	})
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonKiB, argonPasses, argonLanes, b64(salt), b64(key)), nil
}

// samePassword compares in constant time; it is called in turn. A hash that can't be read fits no password.
func samePassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		return false
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	want, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	return saltErr == nil && keyErr == nil && subtle.ConstantTimeCompare(argon(password, salt), want) == 1
}

// Bounds of a password in characters. Longer ones are refused, not cut.
const (
	shortestPassword = 8
	longestPassword  = 200
)

func checkPassword(password string) error {
	n := utf8.RuneCountInString(password)
	if !utf8.ValidString(password) || n < shortestPassword || n > longestPassword {
		return fault.At("password", "bad_password", "A password has %d to %d characters.", shortestPassword, longestPassword)
	}
	return nil
}
