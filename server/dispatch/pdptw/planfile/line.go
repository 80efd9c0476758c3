package planfile

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// lineOf is the line on which the value with a path such as requests[3].pickup.windows[0] begins, or the nearest value
// around it that the file has.
func lineOf(text []byte, path string) int {
	steps := strings.Split(strings.NewReplacer("[", ".", "]", "").Replace(path), ".")
	d := json.NewDecoder(bytes.NewReader(text))
	at := int64(1)
	for _, step := range steps {
		t, err := d.Token()
		if err != nil || !enter(d, t, step) {
			break
		}
		at = d.InputOffset()
		for at < int64(len(text)) && strings.IndexByte(" \t\r\n:,", text[at]) >= 0 {
			at++
		}
		at++
	}
	return lineAt(text, at)
}

// enter moves d, which has just read t, to the value named step.
func enter(d *json.Decoder, t json.Token, step string) bool {
	switch t {
	case json.Delim('{'):
		for d.More() {
			if name, err := d.Token(); err != nil || name == step {
				return err == nil
			}
			if skip(d) != nil {
				return false
			}
		}
	case json.Delim('['):
		n, err := strconv.Atoi(step)
		for ; err == nil && n > 0 && d.More(); n-- {
			err = skip(d)
		}
		return err == nil && d.More()
	}
	return false
}

func skip(d *json.Decoder) error {
	var whole json.RawMessage
	return d.Decode(&whole)
}
