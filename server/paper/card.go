package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"jishi/server/measure"
)

// Card is the picture that a shared gift shows in a chat: sums alone, no names of people.
type Card struct {
	Title    string
	NamedUse string
	Paid     measure.Fen
	Loaded   measure.Grams
	Accepted measure.Grams
	Lost     measure.Grams // lost on the way or rejected
}

// The card is 1200 x 630 pixels, what the Open Graph protocol's readers show whole.
const (
	cardWide = 1200
	cardHigh = 630
	cardEdge = 70
)

var (
	cardPaper = color.RGBA{0xff, 0xfd, 0xf7, 0xff}
	cardInk   = color.RGBA{0x1d, 0x2a, 0x1f, 0xff}
	cardSoft  = color.RGBA{0x55, 0x60, 0x57, 0xff}
	cardMark  = color.RGBA{0x1f, 0x6b, 0x3a, 0xff}
)

// PNG draws the card.
func (c Card) PNG() ([]byte, error) {
	d, err := newDrawing()
	if err != nil {
		return nil, fmt.Errorf("paper: card: %w", err)
	}
	d.fill(image.Rect(0, 0, cardWide, 18), cardMark)
	d.line(110, 34, cardSoft, "集市 Jishi · 捐赠公示 Gift report")
	d.lines(200, 64, 2, cardInk, c.Title)
	d.lines(340, 34, 2, cardSoft, c.NamedUse)
	for i, part := range [][2]string{{"¥" + yuan(c.Paid), "到账 paid"}, {kilos(c.Loaded), "装车 loaded"}, {kilos(c.Accepted), "验收 accepted"}, {kilos(c.Lost), "损耗拒收 lost"}} {
		x := cardEdge + i*275
		d.at(x, 510, 42, cardMark, part[0])
		d.at(x, 560, 26, cardSoft, part[1])
	}
	var out bytes.Buffer
	err = png.Encode(&out, d.picture)
	return out.Bytes(), err
}

// kilos says a weight for a picture, whole kilograms.
func kilos(g measure.Grams) string { return fmt.Sprintf("%d kg", (int64(g)+500)/1000) }

type drawing struct {
	picture *image.RGBA
	fonts   map[string]*opentype.Font
}

func newDrawing() (*drawing, error) {
	raw, err := cjk()
	if err != nil {
		return nil, err
	}
	d := &drawing{image.NewRGBA(image.Rect(0, 0, cardWide, cardHigh)), map[string]*opentype.Font{}}
	d.fill(d.picture.Bounds(), cardPaper)
	if d.fonts["zh"], err = opentype.Parse(raw); err != nil {
		return nil, err
	}
	d.fonts["en"], err = opentype.Parse(goregular.TTF)
	return d, err
}

func (d *drawing) fill(r image.Rectangle, c color.Color) {
	draw.Draw(d.picture, r, image.NewUniform(c), image.Point{}, draw.Src)
}

func (d *drawing) line(y int, size float64, c color.Color, s string) { d.at(cardEdge, y, size, c, s) }

// lines writes a text over at most so many lines; what is too long ends in an ellipsis.
func (d *drawing) lines(y int, size float64, most int, c color.Color, s string) {
	line, n := "", 1
	for _, r := range s {
		if d.width(size, line+string(r)) <= cardWide-2*cardEdge {
			line += string(r)
			continue
		}
		if n == most {
			line = string([]rune(line)[:len([]rune(line))-1]) + "…"
			break
		}
		d.line(y, size, c, line)
		line, y, n = string(r), y+int(size*1.3), n+1
	}
	d.line(y, size, c, line)
}

func (d *drawing) at(x, y int, size float64, c color.Color, s string) {
	dot := fixed.P(x, y)
	for _, run := range runs(s) {
		w := font.Drawer{Dst: d.picture, Src: image.NewUniform(c), Face: d.face(run.font, size), Dot: dot}
		w.DrawString(run.text)
		dot = w.Dot
	}
}

func (d *drawing) width(size float64, s string) int {
	sum := fixed.Int26_6(0)
	for _, run := range runs(s) {
		sum += font.MeasureString(d.face(run.font, size), run.text)
	}
	return sum.Ceil()
}

// face gives a font at a size in pixels. The two fonts were parsed before, so that nothing can go wrong any more.
func (d *drawing) face(name string, size float64) font.Face {
	f, err := opentype.NewFace(d.fonts[name], &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		panic("paper: " + err.Error())
	}
	return f
}
