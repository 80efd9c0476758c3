package web

import (
	"encoding/json"
	"errors"
	"html"
	"io/fs"
	"strings"
)

// address is a page of the app, with the files it needs before it shows anything and what it asks first, as the build lists them in
// ahead.json.
type address struct {
	Pattern string     `json:"pattern"` // "/gifts/:id"
	Zh      []string   `json:"zh"`
	En      []string   `json:"en"`
	First   []question `json:"first"`
}

// ahead puts into a page what its scripts would ask for only later: on a slow network every such step costs half a second. Without
// the build's list it does nothing.
type ahead []address

func newAhead(files fs.FS) (ahead, error) {
	list, err := fs.ReadFile(files, "ahead.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var a ahead
	return a, json.Unmarshal(list, &a)
}

// find gives the page at a path, the zero address where there is none.
func (a ahead) find(path string) address {
	for _, page := range a {
		if matches(page.Pattern, path) {
			return page
		}
	}
	return address{}
}

// links names the page's files, so that the browser asks for all of them at once.
func (a address) links(lang string) string {
	files := a.Zh
	if lang == "en" {
		files = a.En
	}
	var b strings.Builder
	for _, file := range files {
		b.WriteString(`<link rel="modulepreload" crossorigin href="/` + html.EscapeString(file) + `">`)
	}
	return b.String()
}

// matches compares part by part; ":id" stands for any one part.
func matches(pattern, path string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for i, part := range want {
		if part != have[i] && (!strings.HasPrefix(part, ":") || have[i] == "") {
			return false
		}
	}
	return true
}
