package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/search/query"
)

type bleveIndex struct{ index bleve.Index }

func openBleve(dir string) (engine, error) {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer("words", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name, "token_filters": []string{lowercase.Name}}); err != nil {
		return nil, err
	}
	text, exact, number, place := bleve.NewTextFieldMapping(), bleve.NewKeywordFieldMapping(), bleve.NewNumericFieldMapping(), bleve.NewGeoPointFieldMapping()
	text.Analyzer = "words"
	text.Store, text.IncludeTermVectors, text.DocValues, exact.Store, number.Store, place.Store = false, false, false, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("name", text)
	doc.AddFieldMappingsAt("body", text)
	doc.AddFieldMappingsAt("produce", exact)
	doc.AddFieldMappingsAt("county", exact)
	doc.AddFieldMappingsAt("price", number)
	doc.AddFieldMappingsAt("point", place)
	m.DefaultMapping = doc
	index, err := bleve.New(filepath.Join(dir, "bleve"), m)
	return &bleveIndex{index}, err
}

func (b *bleveIndex) fill(_ context.Context, rows []row) error {
	batch := b.index.NewBatch()
	for i, r := range rows {
		if err := batch.Index(strconv.Itoa(i+1), r); err != nil {
			return err
		}
		if batch.Size() == 2000 || i == len(rows)-1 {
			if err := b.index.Batch(batch); err != nil {
				return err
			}
			batch.Reset()
		}
	}
	return nil
}

func (b *bleveIndex) ask(ctx context.Context, q question) (int, error) {
	var all []query.Query
	for _, w := range q.words {
		var either []query.Query
		for _, field := range []string{"name", "body"} {
			t := bleve.NewTermQuery(w)
			t.SetField(field)
			either = append(either, t)
		}
		all = append(all, bleve.NewDisjunctionQuery(either...))
	}
	if q.maxPrice > 0 {
		p := bleve.NewNumericRangeQuery(nil, &q.maxPrice)
		p.SetField("price")
		all = append(all, p)
	}
	if q.near != nil {
		g := bleve.NewGeoDistanceQuery(q.near.Lon, q.near.Lat, fmt.Sprintf("%.0fkm", q.km))
		g.SetField("point")
		all = append(all, g)
	}
	r := bleve.NewSearchRequestOptions(bleve.NewConjunctionQuery(all...), 20, 0, false)
	r.SortBy([]string{"price", "_id"})
	if q.facets {
		r.AddFacet("produce", bleve.NewFacetRequest("produce", 20))
		r.AddFacet("county", bleve.NewFacetRequest("county", 20))
	}
	found, err := b.index.SearchInContext(ctx, r)
	if err != nil {
		return 0, err
	}
	return int(found.Total), nil
}

func (b *bleveIndex) close() error { return b.index.Close() }
