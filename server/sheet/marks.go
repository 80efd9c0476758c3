package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"
)

// marks says of each cell of the first sheet what its value alone doesn't: whether it is a formula, and whether it is a number.
// The library looks a single cell up by walking all rows, so this reads the sheet's XML once (ECMA-376 part 1, 18.3.1.4).
type marks map[spot]Cell

func readMarks(data []byte) (marks, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	name, err := firstSheet(z)
	if err != nil {
		return nil, err
	}
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return scanMarks(io.LimitReader(f, maxUnpacked))
}

func scanMarks(r io.Reader) (marks, error) {
	out := marks{}
	d := xml.NewDecoder(r)
	var at spot
	var now Cell
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "c":
				if at, now, err = cellMarks(e); err != nil {
					return nil, err
				}
			case "f":
				now.Formula = true
			}
		case xml.EndElement:
			if e.Name.Local == "c" && (now.Formula || now.Number) {
				out[at] = now
			}
		}
	}
}

func cellMarks(e xml.StartElement) (spot, Cell, error) {
	c, at := Cell{Number: true}, spot{}
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "r":
			column, row, err := excelize.CellNameToCoordinates(a.Value)
			if err != nil {
				return at, c, err
			}
			at = spot{row, column}
		case "t":
			c.Number = a.Value == "n"
		}
	}
	return at, c, nil
}

// firstSheet finds the file of the first sheet by the workbook's list and its relations.
func firstSheet(z *zip.Reader) (string, error) {
	var book struct {
		Sheets []struct {
			ID string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := unmarshal(z, "xl/workbook.xml", &book); err != nil {
		return "", err
	}
	var relations struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := unmarshal(z, "xl/_rels/workbook.xml.rels", &relations); err != nil {
		return "", err
	}
	for _, r := range relations.List {
		if len(book.Sheets) > 0 && r.ID == book.Sheets[0].ID {
			if strings.HasPrefix(r.Target, "/") {
				return r.Target[1:], nil
			}
			return path.Join("xl", r.Target), nil
		}
	}
	return "", errors.New("sheet: no first sheet")
}

// maxIndex is how large the workbook's own lists may be.
const maxIndex = 4 << 20

func unmarshal(z *zip.Reader, name string, into any) error {
	f, err := z.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxIndex))
	if err != nil {
		return err
	}
	return xml.Unmarshal(text, into)
}
