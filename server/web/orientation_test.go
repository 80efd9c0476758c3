package web

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"testing"

	"jishi/server/store/storetest"
)

// withOrientation is a white picture of 64 x 32 whose top left quarter is black as stored, and which says how to hold it.
func withOrientation(t *testing.T, order binary.AppendByteOrder, how uint16) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 64, 32))
	for y := range 32 {
		for x := range 64 {
			if x >= 32 || y >= 16 {
				picture.Set(x, y, color.White)
			}
		}
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, picture, nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00II*\x00")
	if order == binary.BigEndian {
		exif = []byte("Exif\x00\x00MM\x00*")
	}
	exif = order.AppendUint32(exif, 8)
	exif = order.AppendUint16(exif, 1)
	exif = order.AppendUint16(order.AppendUint16(exif, orientationTag), 3) // a SHORT
	exif = order.AppendUint16(order.AppendUint32(exif, 1), how)
	exif = append(exif, "\x00\x00 a secret place"...)
	head := binary.BigEndian.AppendUint16([]byte{0xFF, 0xD8, 0xFF, 0xE1}, uint16(2+len(exif)))
	return append(append(head, exif...), plain.Bytes()[2:]...)
}

// Where the black quarter is seen, from how the value is defined: 1 is top left as stored; 6 says "turn clockwise".
func TestPhotosAreHeldAsThePhoneWas(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	for _, row := range []struct {
		how           uint16
		width, height int
		right, bottom bool // where the black quarter is
	}{
		{1, 64, 32, false, false},
		{2, 64, 32, true, false},
		{3, 64, 32, true, true},
		{4, 64, 32, false, true},
		{5, 32, 64, false, false},
		{6, 32, 64, true, false},
		{7, 32, 64, true, true},
		{8, 32, 64, false, true},
		{9, 64, 32, false, false}, // no such value
	} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			id, _ := s.upload(t, "photo", withOrientation(t, order, row.how)).json(t)["id"].(string)
			shown := s.do(t, http.MethodGet, "/api/photos/"+id, "")
			picture, err := jpeg.Decode(bytes.NewReader(shown.text))
			if err != nil {
				t.Fatalf("%d: %v", row.how, err)
			}
			x, y := row.width/8, row.height/8
			if row.right {
				x = row.width - 1 - x
			}
			if row.bottom {
				y = row.height - 1 - y
			}
			dark := color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y
			bright := color.GrayModel.Convert(picture.At(row.width-1-x, row.height-1-y)).(color.Gray).Y
			if b := picture.Bounds(); b.Dx() != row.width || b.Dy() != row.height || dark > 40 || bright < 215 {
				t.Errorf("%d: %v, %d where black is meant, %d opposite", row.how, b, dark, bright)
			}
			if bytes.Contains(shown.text, []byte("secret")) || bytes.Contains(shown.text, []byte("Exif")) {
				t.Errorf("%d: the EXIF part is still there", row.how)
			}
		}
	}
}

func TestAWebPPhotoIsKept(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	dot, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA") // one pixel, lossy
	if err != nil {
		t.Fatal(err)
	}
	id, _ := s.upload(t, "photo", dot).json(t)["id"].(string)
	shown := s.do(t, http.MethodGet, "/api/photos/"+id, "")
	if config, kind, err := image.DecodeConfig(bytes.NewReader(shown.text)); err != nil || kind != "jpeg" || config.Width != 1 {
		t.Errorf("%s %v %v", kind, config, err)
	}
}

// A form looks different each time it is sent; the same photo under the same key is no other request.
func TestAPhotoMayBeSentAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	photo := withOrientation(t, binary.LittleEndian, 1)
	first, again := s.upload(t, "photo", photo, keyHeader, "k"), s.upload(t, "photo", photo, keyHeader, "k")
	if first.StatusCode != 200 || again.StatusCode != 200 || !bytes.Equal(first.text, again.text) {
		t.Errorf("%s, again %d %s", first.text, again.StatusCode, again.text)
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, 16, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0})
	f.Add([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, 16, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, '*', 0xFF, 0xFF, 0xFF, 0xFF})
	f.Fuzz(func(t *testing.T, b []byte) {
		if how := orientation(b); how < 1 || how > 8 {
			t.Errorf("orientation %d", how)
		}
	})
}
