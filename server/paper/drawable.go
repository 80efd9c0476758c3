package paper

import (
	"sync"

	"golang.org/x/image/font/sfnt"
)

// glyphs reads which characters the font has.
var glyphs = sync.OnceValues(func() (*sfnt.Font, error) {
	font, err := cjk()
	if err != nil {
		return nil, err
	}
	return sfnt.Parse(font)
})

// drawable reports whether the font has a character.
func drawable(r rune) bool {
	font, err := glyphs()
	if err != nil {
		return false
	}
	i, err := font.GlyphIndex(&sfnt.Buffer{}, r)
	return err == nil && i != 0
}
