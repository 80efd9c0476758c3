// Package frontend embeds the built web app. The build (make build) fills dist/; without it only a marker is there and the
// server shows a placeholder.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

// Dist is the content of dist/.
var Dist = func() fs.FS {
	sub, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // dist/ is part of the package
	}
	return sub
}()
