// Package paper draws what people keep or pass on: the receipt of a donation as a page of PDF, the card of a shared gift as a picture.
package paper

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/goregular"

	"jishi/server/measure"
)

// Receipt is what the page says.
type Receipt struct {
	Number   string
	Donor    string
	Fen      measure.Fen
	Campaign string
	NamedUse string
	Entry    string // of the ledger: where the money can be found in the sealed books
	PaidAt   measure.Millis
	IssuedAt measure.Millis
}

//go:embed cjk.ttf.gz
var cjkPacked []byte

// cjk is the font of Chinese characters; FONT.md tells where it is from.
var cjk = sync.OnceValues(func() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(cjkPacked))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
})

// The receipt, in millimetres.
const (
	left      = 20.0
	right     = 190.0
	labelWide = 45.0
	lineHigh  = 7.5
)

// china is the clock the days of papers are read on.
var china = time.FixedZone("+08", 8*3600)

// PDF draws the receipt on one A4 page, in Chinese and English. The fonts are embedded, each with the characters used alone; a character that the font lacks is drawn as 〓.
func (r Receipt) PDF() ([]byte, error) {
	font, err := cjk()
	if err != nil {
		return nil, fmt.Errorf("paper: font: %w", err)
	}
	p := page{fpdf.New("P", "mm", "A4", "")}
	p.SetCatalogSort(true) // the same receipt is the same file
	p.AddUTF8FontFromBytes("zh", "", font)
	p.AddUTF8FontFromBytes("en", "", goregular.TTF)
	p.SetTitle("捐赠收据 "+r.Number, true)
	p.SetCreationDate(time.UnixMilli(int64(r.IssuedAt)).UTC())
	p.SetModificationDate(time.UnixMilli(int64(r.IssuedAt)).UTC())
	p.AddPage()
	p.draw(r)
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("receipt %s: %w", r.Number, err)
	}
	return out.Bytes(), nil
}

type page struct{ *fpdf.Fpdf }

func (p page) draw(r Receipt) {
	p.text(left, 30, 22, "捐赠收据")
	p.text(left, 39, 14, "Donation receipt")
	p.text(130, 30, 12, "No. "+r.Number)
	p.Line(left, 45, right, 45)
	y := 56.0
	for _, row := range [][3]string{
		{"捐方", "Donor", r.Donor},
		{"金额", "Amount", "¥" + yuan(r.Fen) + " (CNY)"},
		{"大写", "In words", r.Fen.Capitals()},
		{"到账日期", "Received on", day(r.PaidAt)},
		{"募捐项目", "Campaign", r.Campaign},
		{"专项用途", "Named use", r.NamedUse},
		{"开具日期", "Issued on", day(r.IssuedAt)},
		{"账册号", "Ledger entry", r.Entry},
	} {
		y = p.row(y, row)
	}
	p.Line(left, y, right, y)
	for _, note := range []string{
		"款项只用于上述专项用途；用途变更须经捐方同意。",
		"The money is used for the named use alone; another use needs the donors' yes.",
		"本收据由平台开具，不是财政部门监制的公益事业捐赠统一票据。",
		"Issued by the platform; it is not the finance ministry's uniform donation receipt for tax purposes.",
	} {
		y = p.wrapped(left, y+lineHigh, 10, right-left, note)
	}
}

// row writes a label in both languages and its value, and gives where the next row begins.
func (p page) row(y float64, row [3]string) float64 {
	p.text(left, y, 12, row[0])
	p.text(left, y+5, 9, row[1])
	return p.wrapped(left+labelWide, y, 13, right-left-labelWide, row[2]) + 2*lineHigh
}

// wrapped writes a text in lines of at most a width, and gives where the last one stands.
func (p page) wrapped(x, y, size, width float64, s string) float64 {
	line := ""
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if line != "" && p.width(size, line+string(r)) > width {
			p.text(x, y, size, line)
			line, y = "", y+lineHigh
		}
		line += string(r)
	}
	p.text(x, y, size, line)
	return y
}

// text writes a line that begins at x, its characters each in the font that has them.
func (p page) text(x, y, size float64, s string) {
	for _, run := range runs(s) {
		p.SetFont(run.font, "", size)
		p.Text(x, y, run.text)
		x += p.GetStringWidth(run.text)
	}
}

func (p page) width(size float64, s string) float64 {
	sum := 0.0
	for _, run := range runs(s) {
		p.SetFont(run.font, "", size)
		sum += p.GetStringWidth(run.text)
	}
	return sum
}

type run struct{ font, text string }

// runs cuts a text where the font changes.
func runs(s string) []run {
	var out []run
	for _, r := range s {
		font := "zh"
		if r < 0x2000 {
			font = "en"
		} else if !drawable(r) {
			r = '〓'
		}
		if n := len(out); n > 0 && out[n-1].font == font {
			out[n-1].text += string(r)
		} else {
			out = append(out, run{font, string(r)})
		}
	}
	return out
}

func yuan(f measure.Fen) string {
	whole := fmt.Sprint(int64(f) / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("%s.%02d", whole, int64(f)%100)
}

func day(at measure.Millis) string {
	return time.UnixMilli(int64(at)).In(china).Format("2006-01-02")
}
