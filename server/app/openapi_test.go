package app

import (
	"bytes"
	"os"
	"testing"
)

func TestTheCommittedOpenAPIDocumentIsTheServersOwn(t *testing.T) {
	t.Parallel()
	committed, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var now bytes.Buffer
	if err := openapi(t.Context(), nil, Streams{Out: &now}, os.Getenv); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, now.Bytes()) {
		t.Error("docs/openapi.json is stale: run make openapi, which also makes frontend/src/api/schema.d.ts anew")
	}
}
