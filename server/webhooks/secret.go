package webhooks

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"jishi/server/measure"
)

// Secret is what a receiver checks signatures with: "whsec_" and 32 bytes in base 64. It is shown when it is made and never again.
type Secret string

const secretPrefix = "whsec_"

func newSecret() Secret {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand
	return Secret(secretPrefix + base64.StdEncoding.EncodeToString(b))
}

// rotation is how long messages are signed with the secret before, too, so that receivers can change at leisure.
const rotation = measure.Millis(24 * 60 * 60 * 1000)

// safe seals secrets for the database, so that a copy of it can't sign. The key is made of one that lies in the data folder.
type safe struct{ cipher.AEAD }

func newSafe(key []byte) (safe, error) {
	own, err := hkdf.Key(sha256.New, key, nil, "jishi webhooks", 32)
	if err != nil {
		return safe{}, fmt.Errorf("webhooks: %w", err)
	}
	block, err := aes.NewCipher(own)
	if err != nil {
		return safe{}, fmt.Errorf("webhooks: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return safe{aead}, err
}

// lock seals a secret for its webhook alone.
func (s safe) lock(webhook string, secret Secret) string {
	return base64.StdEncoding.EncodeToString(s.Seal(nil, nil, []byte(secret), []byte(webhook)))
}

func (s safe) unlock(webhook, sealed string) (Secret, error) {
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("webhooks: secret of %s: %w", webhook, err)
	}
	secret, err := s.Open(nil, nil, b, []byte(webhook))
	if err != nil {
		return "", fmt.Errorf("webhooks: secret of %s, was it sealed with another key? %w", webhook, err)
	}
	return Secret(secret), nil
}

// signature signs a message with the secret, and for a day after a rotation with the one before, too.
func (s safe) signature(w Webhook, id string, at time.Time, body string) (string, error) {
	sealed := []string{w.secret}
	if at.UnixMilli() < int64(w.oldUntil) {
		sealed = append(sealed, w.oldSecret)
	}
	var out []string
	for _, text := range sealed {
		secret, err := s.unlock(w.ID, text)
		if err != nil {
			return "", err
		}
		hook, err := standardwebhooks.NewWebhook(string(secret))
		if err != nil {
			return "", fmt.Errorf("webhooks: %w", err)
		}
		signed, err := hook.Sign(id, at, []byte(body))
		if err != nil {
			return "", fmt.Errorf("webhooks: %w", err)
		}
		out = append(out, signed)
	}
	return strings.Join(out, " "), nil
}
