package story

import (
	"encoding/csv"
	"fmt"
	"strings"
)

// unpack cuts a txtar archive into its comment and its files.
func unpack(text string) (comment string, files map[string]string) {
	files = map[string]string{}
	var part strings.Builder
	into := ""
	keep := func() {
		if into == "" {
			comment = part.String()
		} else {
			files[into] = part.String()
		}
		part.Reset()
	}
	for _, line := range strings.SplitAfter(text, "\n") {
		mark := strings.TrimSpace(line)
		if strings.HasPrefix(mark, "-- ") && strings.HasSuffix(mark, " --") && len(mark) > 6 {
			keep()
			into = strings.TrimSpace(mark[3 : len(mark)-3])
			continue
		}
		part.WriteString(line)
	}
	keep()
	return comment, files
}

// nest puts the lines between `each` and `end` into the line of the `each`.
func nest(name string, lines []Line, files map[string]string) ([]Line, error) {
	var out []Line
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		switch l.Verb {
		case "end":
			return nil, fmt.Errorf("%s:%d: an end of nothing", name, l.Number)
		case "each":
			n := i + 1
			for n < len(lines) && lines[n].Verb != "end" {
				n++
			}
			if n == len(lines) {
				return nil, fmt.Errorf("%s:%d: each without its end", name, l.Number)
			}
			var err error
			if l.Rows, err = rows(files, l.Rest); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, l.Number, err)
			}
			l.Body, i = lines[i+1:n], n
		}
		out = append(out, l)
	}
	return out, nil
}

// rows reads a CSV file with a line of column names.
func rows(files map[string]string, file string) ([]map[string]string, error) {
	text, ok := files[file]
	if !ok {
		return nil, fmt.Errorf("the archive has no file %q", file)
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(all) < 2 {
		return nil, fmt.Errorf("%s has no rows", file)
	}
	var out []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, column := range all[0] {
			row[column] = cells[i]
		}
		out = append(out, row)
	}
	return out, nil
}
