package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // decodes
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	_ "golang.org/x/image/webp" // decodes

	"jishi/server/fault"
)

// photos keeps pictures as files named by their content. Each is decoded and written anew as a JPEG, so that what is kept
// is a picture, holds no place or device, and can be shown by any browser. Who has the name may see it: the public gift
// report shows ward photos.
type photos struct {
	dir string
}

// Bounds of a picture.
const (
	maxPixels    = 60_000_000
	photoQuality = 85
)

// encoding lets two pictures be worked on at once; each takes up to 240 MB while it lasts.
var encoding = make(chan struct{}, 2)

// PhotoBody is a kept photo.
type PhotoBody struct {
	ID string `json:"id"`
}

// describePhotos adds both routes to the document; huma doesn't carry them, as neither side of them is JSON.
func describePhotos(api huma.API) {
	document := api.OpenAPI()
	problem := &huma.Response{Description: "Problem", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: document.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")}}}

	upload := operation(http.MethodPost, "/photos", "Keeps a photo, turned upright and without place and device")
	upload.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"photo"},
		Properties: map[string]*huma.Schema{"photo": {Type: huma.TypeString, Format: "binary", Description: "JPEG, PNG or WebP, at most 20 MB"}}}}}}
	upload.Responses = map[string]*huma.Response{"200": {Description: "Its id", Content: map[string]*huma.MediaType{
		"application/json": {Schema: document.Components.Schemas.Schema(reflect.TypeFor[PhotoBody](), true, "PhotoBody")}}}, "default": problem}

	show := openOperation(http.MethodGet, "/photos/{id}", "Shows a photo")
	show.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}}
	show.Responses = map[string]*huma.Response{"200": {Description: "The photo", Content: map[string]*huma.MediaType{
		"image/jpeg": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}, "default": problem}

	document.AddOperation(&upload)
	document.AddOperation(&show)
}

func (p photos) upload(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := p.keep(c)
	if err != nil {
		writeProblem(c.Response(), c.Request(), problemOf(ctx, err))
		return nil
	}
	return c.JSON(http.StatusOK, PhotoBody{id})
}

func (p photos) keep(c echo.Context) (string, error) {
	ctx := c.Request().Context()
	if _, err := actor(ctx); err != nil {
		return "", err
	}
	raw, err := sent(c.Request())
	if err != nil {
		return "", err
	}
	select {
	case encoding <- struct{}{}:
		defer func() { <-encoding }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	clean, err := reencode(raw)
	if err != nil {
		return "", err
	}
	return p.write(clean)
}

// sent reads the part called "photo".
func sent(r *http.Request) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, fault.At("photo", "not_a_form", "Send the photo as the part called photo of a form.")
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fault.At("photo", "not_a_form", "Send the photo as the part called photo of a form.")
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, fault.At("photo", "required", "This can't be empty.")
		}
		if part.FormName() != "photo" {
			continue
		}
		raw, err := io.ReadAll(io.LimitReader(part, maxPhoto+1))
		if err != nil {
			return nil, errBody
		}
		if len(raw) > maxPhoto {
			f := fault.New(fault.TooLarge, "photo_too_large", "A photo has at most %d MB.", maxPhoto>>20)
			f.Field = "photo"
			return nil, f
		}
		return raw, nil
	}
}

func reencode(raw []byte) ([]byte, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, fault.At("photo", "not_a_photo", "This is not a JPEG, PNG or WebP picture.")
	}
	if config.Width*config.Height > maxPixels {
		return nil, fault.At("photo", "too_many_pixels", "A photo has at most %d million pixels.", maxPixels/1_000_000)
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, fault.At("photo", "not_a_photo", "This is not a JPEG, PNG or WebP picture.")
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, hold(picture, orientation(raw)), &jpeg.Options{Quality: photoQuality})
	return out.Bytes(), err
}

// write is done when the file is on the disk under its name.
func (p photos) write(clean []byte) (string, error) {
	sum := sha256.Sum256(clean)
	id := hex.EncodeToString(sum[:])
	if err := os.MkdirAll(p.dir, 0o750); err != nil {
		return "", fmt.Errorf("keep photo: %w", err)
	}
	path := p.path(id)
	if _, err := os.Stat(path); err == nil {
		return id, nil
	}
	tmp, err := os.CreateTemp(p.dir, "new-*")
	if err != nil {
		return "", fmt.Errorf("keep photo: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	_, err = tmp.Write(clean)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return "", fmt.Errorf("keep photo: %w", err)
	}
	if err = os.Rename(tmp.Name(), path); err != nil {
		return "", fmt.Errorf("keep photo: %w", err)
	}
	return id, nil
}

func (p photos) path(id string) string { return filepath.Join(p.dir, id+".jpg") }

// PhotoKept reports whether the folder holds a photo under an id.
func PhotoKept(dir, id string) bool {
	if !isPhotoID(id) {
		return false
	}
	_, err := os.Stat(photos{dir}.path(id))
	return err == nil
}

func isPhotoID(id string) bool { return len(id) == 64 && strings.Trim(id, "0123456789abcdef") == "" }

func (p photos) show(c echo.Context) error {
	id := c.Param("id")
	if !isPhotoID(id) {
		return echo.ErrNotFound
	}
	file, err := os.Open(p.path(id))
	if err != nil {
		return echo.ErrNotFound
	}
	defer func() { _ = file.Close() }()
	c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return c.Stream(http.StatusOK, "image/jpeg", file)
}
