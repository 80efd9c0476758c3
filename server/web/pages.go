package web

import (
	"bytes"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// pages serves the built web app. Files under assets/ carry a hash of their content in their name and never change; any
// other path is a page of the app, which finds out itself what to show. Where the build left a .br or .gz beside a file,
// that is sent to who accepts it.
type pages struct {
	files fs.FS
	index []byte
	more  func(r *http.Request) (head, data string) // what a page has beside the built one: in its head, and its first data; nil: nothing
}

// placeholder stands in while the pages are not built, so that the interface can be used without Node.
const placeholder = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>集市 Jishi</title><p>页面还没有构建：请运行 <code>make build</code>。接口在 <a href="/openapi.json">/openapi.json</a>。<p lang="en">The pages are not built yet: run <code>make build</code>.</html>`

const titleEnd, bodyEnd = "</title>", "</body>"

func newPages(files fs.FS) (*pages, error) {
	index, err := fs.ReadFile(files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return &pages{files: files, index: []byte(placeholder)}, nil
	}
	return &pages{files: files, index: index}, err
}

func (p *pages) serve(c echo.Context) error {
	name := strings.TrimPrefix(path.Clean(c.Request().URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	if isAPI(c.Request()) || !fs.ValidPath(name) {
		return echo.ErrNotFound
	}
	if info, err := fs.Stat(p.files, name); err == nil && !info.IsDir() && name != "index.html" {
		return p.file(c, name)
	}
	if path.Ext(name) != "" && name != "index.html" {
		return echo.ErrNotFound
	}
	return p.page(c)
}

// page is the app with what this address adds: to its head, behind the title, and the data it begins with, at its end. A page with
// a reader's data is kept nowhere.
func (p *pages) page(c echo.Context) error {
	h, body := c.Response().Header(), p.index
	h.Set("Cache-Control", "no-cache")
	if p.more != nil {
		head, data := p.more(c.Request())
		body = bytes.Replace(body, []byte(titleEnd), []byte(titleEnd+head), 1)
		body = bytes.Replace(body, []byte(bodyEnd), []byte(data+bodyEnd), 1)
		if data != "" {
			h.Set("Cache-Control", "private, no-store")
		}
	}
	h.Set("Vary", "Accept-Encoding, Accept-Language, Cookie, Sec-Fetch-Mode")
	return c.HTMLBlob(http.StatusOK, body)
}

func (p *pages) file(c echo.Context, name string) error {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Vary", "Accept-Encoding")
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	accepts := c.Request().Header.Get("Accept-Encoding")
	for _, packed := range []struct{ coding, ending string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !strings.Contains(accepts, packed.coding) {
			continue
		}
		if b, err := fs.ReadFile(p.files, name+packed.ending); err == nil {
			h.Set("Content-Encoding", packed.coding)
			return c.Blob(http.StatusOK, kind, b)
		}
	}
	b, err := fs.ReadFile(p.files, name)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, kind, b)
}
