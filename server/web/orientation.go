package web

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
)

// A phone stores a picture as its sensor saw it and says in the EXIF part how to hold it (tag 0x0112, values 1 to 8 as in
// EXIF 2.3, 4.6.4). We drop the EXIF part, so the picture has to be turned first.

const orientationTag = 0x0112

// orientation gives how to hold a JPEG, 1 when it doesn't say.
func orientation(jpeg []byte) int {
	for at := 2; at+4 <= len(jpeg) && jpeg[at] == 0xFF; { // segments: FF, kind, length with itself
		kind, size := jpeg[at+1], int(binary.BigEndian.Uint16(jpeg[at+2:]))
		if kind == 0xDA || size < 2 || at+2+size > len(jpeg) { // the picture itself begins, or nonsense
			return 1
		}
		if exif, ok := bytes.CutPrefix(jpeg[at+4:at+2+size], []byte("Exif\x00\x00")); ok && kind == 0xE1 {
			return orientationIn(exif)
		}
		at += 2 + size
	}
	return 1
}

// orientationIn looks through the first directory of a TIFF header.
func orientationIn(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	start := uint64(order.Uint32(tiff[4:]))
	if start+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[start+2:]
	for n := order.Uint16(tiff[start:]); n > 0 && len(entries) >= 12; n-- {
		if order.Uint16(entries) == orientationTag {
			if v := order.Uint16(entries[8:]); v >= 1 && v <= 8 {
				return int(v)
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// turned is a picture held as its orientation says; it copies nothing.
type turned struct {
	image.Image
	how int
}

func hold(picture image.Image, how int) image.Image {
	if how == 1 {
		return picture
	}
	return turned{picture, how}
}

// Bounds gives the size as it is held.
func (t turned) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.how >= 5 { // on its side
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

// At gives the colour of a point as it is held.
func (t turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	right, bottom := b.Dx()-1, b.Dy()-1
	switch t.how {
	case 2: // mirrored
		x = right - x
	case 3: // upside down
		x, y = right-x, bottom-y
	case 4: // upside down, mirrored
		y = bottom - y
	case 5: // top edge to the left, mirrored
		x, y = y, x
	case 6: // a quarter turn clockwise
		x, y = y, bottom-x
	case 7: // a quarter turn clockwise, mirrored
		x, y = right-y, bottom-x
	case 8: // a quarter turn back
		x, y = right-y, x
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}
