package story

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// lookUp walks a decoded JSON value by a path such as `.lines[0].grams` or `.trips[plate=X].status`.
func lookUp(v any, path string) (any, error) {
	rest := path
	for rest != "" {
		part, after, err := nextPart(rest)
		if err != nil {
			return nil, fmt.Errorf("path %s: %w", path, err)
		}
		if v, err = enter(v, part); err != nil {
			return nil, fmt.Errorf("path %s: %w", path, err)
		}
		rest = after
	}
	return v, nil
}

// nextPart cuts ".name" or "[...]" off the front.
func nextPart(path string) (part, rest string, err error) {
	if strings.HasPrefix(path, "[") {
		end := strings.Index(path, "]")
		if end < 0 {
			return "", "", fmt.Errorf("no closing bracket in %q", path)
		}
		return path[:end+1], path[end+1:], nil
	}
	if !strings.HasPrefix(path, ".") {
		return "", "", fmt.Errorf("%q does not start with . or [", path)
	}
	body := path[1:]
	if end := strings.IndexAny(body, ".["); end >= 0 {
		return "." + body[:end], body[end:], nil
	}
	return path, "", nil
}

func enter(v any, part string) (any, error) {
	if part == "." {
		return v, nil
	}
	if list, ok := v.([]any); ok {
		return enterList(list, part)
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s of %s", part, show(v))
	}
	got, ok := object[strings.TrimPrefix(part, ".")]
	if !ok {
		return nil, fmt.Errorf("no %s in %s", part, show(v))
	}
	return got, nil
}

func enterList(list []any, part string) (any, error) {
	if part == ".length" {
		return json.Number(strconv.Itoa(len(list))), nil
	}
	inner := strings.Trim(part, "[]")
	if name, ok := strings.CutPrefix(inner, "+"); ok {
		return addUp(list, "."+name)
	}
	if name, want, ok := strings.Cut(inner, "="); ok {
		for _, item := range list {
			if got, err := lookUp(item, "."+name); err == nil && show(got) == want {
				return item, nil
			}
		}
		return nil, fmt.Errorf("none with %s in %s", inner, show(list))
	}
	i, err := strconv.Atoi(inner)
	if err != nil || i < 0 || i >= len(list) {
		return nil, fmt.Errorf("no item %s among %d", part, len(list))
	}
	return list[i], nil
}

// addUp adds the whole numbers at a path of every item.
func addUp(list []any, path string) (any, error) {
	var sum int64
	for _, item := range list {
		v, err := lookUp(item, path)
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseInt(show(v), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s is no whole number", show(v))
		}
		sum += n
	}
	return json.Number(strconv.FormatInt(sum, 10)), nil
}

// show gives a string as it is and anything else as JSON.
func show(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
