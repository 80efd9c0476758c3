package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// part is one part of a form; file "" is a plain field.
type part struct{ name, file, content string }

// form writes parts as a form and gives its content type.
func form(t testing.TB, parts ...part) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		says := fmt.Sprintf(`form-data; name="%s"`, p.name)
		if p.file != "" {
			says += fmt.Sprintf(`; filename="%s"`, p.file)
			if strings.Contains(p.file, "%") {
				says = strings.Replace(says, `filename="`, `filename*="UTF-8''`, 1)
			}
		}
		in, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {says}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = in.Write([]byte(p.content))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

// zipped is a file that says it is a workbook, with so much in its only sheet.
func zipped(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	in, err := w.Create("xl/worksheets/sheet1.xml")
	if err == nil {
		_, err = in.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// files are contents that no address asks for, beside a table and a picture.
func files(t testing.TB) []string {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 3))); err != nil {
		t.Fatal(err)
	}
	table := "日期,附言,金额,付款人,流水号\n2020-02-01,试,1,甲(演示),S1\n"
	return []string{
		"", "\x00", "\xff\xfe", "\xef\xbb\xbf", "\n\n\n", ",,,,\n,,,,\n", "x", table, strings.Replace(table, "试", "\x00", 1), strings.Replace(table, "S1", "\xff", 1), strings.Replace(table, "1,甲", "=cmd|' /C calc'!A0,甲", 1),
		strings.Replace(table, "2020-02-01", "2020-02-30", 1), strings.Replace(table, "试", `"`, 1), strings.Repeat("列,", 3000) + "\n", table + strings.Repeat("字", 100_000), "<script>alert(1)</script>",
		"品种,重量,县\n苹果,1.000吨,610322\n\x00,毛重,x\n", picture.String(), picture.String()[:20], picture.String() + "more", "PK\x03\x04", zipped(t, ""), zipped(t, "<worksheet>"), zipped(t, strings.Repeat("<c/>", 100_000)),
	}
}

// names are what a file may say it is called, or a field beside it say.
var names = []string{"x.csv", "x.xlsx", "x.png", ".", "../../etc/passwd", "x\x00.csv", "x%00.csv", "%FF.csv", "\xff.csv", strings.Repeat("字", 3000) + ".csv", "=cmd.csv", "00000000000000000000000000"}

// broken gives forms that are none, or not whole.
func broken(body, kind string) [][2]string {
	return [][2]string{
		{body, "multipart/form-data"}, {body, "multipart/form-data; boundary=other"}, {body, "multipart/mixed; boundary=x"}, {body, "text/csv"}, {body, "application/json"}, {body[:len(body)/2], kind}, {body[:len(body)-4], kind},
		{"", kind}, {"\x00", kind}, {strings.ReplaceAll(body, "form-data", "attachment"), kind}, {strings.ReplaceAll(body, `name="`, `name*=UTF-8''%ff; x="`), kind},
		{strings.ReplaceAll(body, "\r\n\r\n", "\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: \x00\r\n\r\n"), kind},
	}
}

// TestNoNonsenseIsUploaded sends to each address that takes a file what is none, under names that are none, in forms that are none. Whatever
// it answers, it is an answer, or a problem with a sentence that is the sender's.
func TestNoNonsenseIsUploaded(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	if err := openapi(t.Context(), nil, Streams{Out: &text}, os.Getenv); err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := json.Unmarshal(text.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	onBothEngines(t, func(t *testing.T, w *town) {
		addresses := 0
		for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
			in, ok := doc.Paths[path]["post"].Body.Content["multipart/form-data"]
			if !ok {
				continue
			}
			addresses++
			w.uploads(t, "/api"+path, in.Schema)
		}
		if addresses < 3 {
			t.Errorf("only %d addresses take files: the document is not read as it is written", addresses)
		}
		checkInvariants(t, w.site)
	})
}

// uploads sends an address everything.
func (w *town) uploads(t *testing.T, path string, sh *shape) {
	t.Helper()
	whole := func(content, file, field string) []part {
		var out []part
		for _, name := range slices.Sorted(maps.Keys(sh.Properties)) {
			p := part{name, file, content}
			if name == "party" {
				p = part{name, "", field}
			}
			out = append(out, p)
		}
		return out
	}
	send := func(as, body, kind string) {
		t.Helper()
		a, err := w.send(t.Context(), request{as: as, method: http.MethodPost, path: path, body: body, at: storyDay, head: map[string]string{"Content-Type": kind}})
		if err != nil {
			t.Fatal(err)
		}
		if a.status >= http.StatusInternalServerError || !a.ok() && (a.text("detail") == "" || a.text("type") == "") || !utf8.Valid(a.raw) {
			t.Errorf("%s as %s: %d %.300s\n%.300q", path, as, a.status, a.raw, body)
		}
	}
	for _, as := range []string{"liulin", "finance", "operator", "driver1", ""} {
		own := partyID("liulin")
		for _, content := range files(t) {
			for _, file := range []string{"x.csv", "x.xlsx"} {
				body, kind := form(t, whole(content, file, own)...)
				send(as, body, kind)
			}
		}
		const table = "日期,附言,金额,付款人,流水号\n2020-02-01,试,1,甲(演示),S1\n"
		for _, name := range names {
			for _, content := range []string{table, "品名,重量,区划代码\n苹果,1吨,610322\n"} {
				for _, parts := range [][]part{whole(content, name, own), whole(content, "x.csv", name), append(whole(content, "x.csv", own), part{name, name, content})} {
					body, kind := form(t, parts...)
					send(as, body, kind)
				}
			}
		}
		body, kind := form(t, append(whole(table, "x.csv", own), whole(table, "y.csv", partyID("donor"))...)...)
		send(as, body, kind)
		body, kind = form(t, whole(table, "", own)...)
		send(as, body, kind)
		for _, b := range broken(form(t, whole(table, "x.csv", own)...)) {
			send(as, b[0], b[1])
		}
	}
}
