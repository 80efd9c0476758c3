package web

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/places"
)

// DivisionView is a county, a city or a province.
type DivisionView struct {
	Code  string  `json:"code" doc:"Six digits, in force today"`
	Level string  `json:"level"`
	Name  string  `json:"name"`
	Path  string  `json:"path" doc:"From the province down"`
	Lon   float64 `json:"lon"`
	Lat   float64 `json:"lat"`
}

type placesQuery struct {
	Q     string `query:"q" maxLength:"60" doc:"A name, its pinyin, or the start of a code"`
	Limit int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
}

func registerPlaces(api huma.API, s Services) {
	openGet(api, "/places", "Finds divisions by name, pinyin or code, old codes too", func(_ context.Context, _ auth.Actor, in *placesQuery) ([]DivisionView, error) {
		out := []DivisionView{}
		for _, d := range s.Places.Search(in.Q, in.Limit) {
			out = append(out, divisionView(s.Places, d))
		}
		return out, nil
	})
}

func divisionView(a *places.Atlas, d places.Division) DivisionView {
	var path []string
	for _, above := range a.Path(d.Code) { // county, city, province
		path = append([]string{above.Name}, path...)
	}
	return DivisionView{Code: d.Code, Level: d.Level, Name: d.Name, Path: strings.Join(path, " "), Lon: d.Point.Lon, Lat: d.Point.Lat}
}
