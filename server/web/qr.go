package web

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quietZone is the white border that a reader needs around a code, in modules (ISO/IEC 18004).
const quietZone = 4

// drawQR draws a text as a QR code: one path of unit squares, black on white. About 15 % of it may be damaged (level M).
func drawQR(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("qr code of %d bytes: %w", len(text), err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quietZone, y+quietZone)
			}
		}
	}
	size := code.Size + 2*quietZone
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path d="%s"/></svg>`,
		size, size, size, size, path.String()), nil
}
