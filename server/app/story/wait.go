package story

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

// How long until waits, and how long between two questions.
const (
	patience = time.Minute
	pause    = 50 * time.Millisecond
)

// until asks the last GET again until it says what is wanted: work in the background takes its time.
func (p *Player) until(ctx context.Context, rest string) error {
	deadline := time.Now().Add(patience)
	for {
		err := p.check("want", rest)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		if err = p.request(ctx, http.MethodGet, p.asked); err != nil {
			return err
		}
	}
}

// photo uploads a small picture whose colours are made of the word: the same word is the same picture.
func (p *Player) photo(ctx context.Context, word string) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("photo", "photo.png")
	if err != nil {
		return err
	}
	if err = png.Encode(part, picture(word)); err != nil {
		return err
	}
	if err = form.Close(); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Base+"/api/photos", &body)
	if err != nil {
		return fmt.Errorf("photo %s: %w", word, err)
	}
	p.dress(req, false)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return p.send(req, 0)
}

// picture draws stacked boxes in front of a wall.
func picture(word string) image.Image {
	const width, height, box = 480, 360, 60
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.TrimSpace(word)))
	seed := h.Sum32()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{R: 205, G: 214, B: 208, A: 255}
			row, column := y/box, x/box
			if row >= 2 && (column+int(seed>>uint(row))%3) < 7 {
				shade := uint8((seed>>uint(row*3+column))%40) + 150
				c = color.RGBA{R: shade, G: shade - 40, B: shade - 90, A: 255}
			}
			if row >= 2 && (x%box == 0 || y%box == 0) {
				c = color.RGBA{R: 90, G: 70, B: 50, A: 255}
			}
			img.Set(x, y, c)
		}
	}
	return img
}
