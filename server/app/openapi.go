package app

import (
	"bytes"
	"context"
	"encoding/json"

	"jishi/server/web"
)

// openapi prints the OpenAPI 3.1 document of the interface.
func openapi(_ context.Context, args []string, s Streams, _ func(string) string) error {
	if err := parse(flags("openapi", s), args, 0); err != nil {
		return err
	}
	text, err := web.OpenAPI()
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err = json.Indent(&pretty, text, "", "  "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	_, err = pretty.WriteTo(s.Out)
	return err
}
