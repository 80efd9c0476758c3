package search

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

type object = map[string]any

// elasticMapping describes the fields. Words come as lists of keywords: the server neither cuts nor folds text.
func elasticMapping() object {
	words := object{"type": "keyword", "doc_values": false}
	value := object{"type": "keyword"}
	number := object{"type": "long"}
	fields := object{
		"key":   object{"type": "keyword", "index": false},
		"areas": words, "point": object{"type": "geo_point"},
		"deliverable": object{"type": "boolean"}, "tollfree": object{"type": "boolean"},
		"price": number, "grams": number, "harvested": number, "fresh": number, "expires": number, "updated": number,
		"doc": object{"type": "object", "enabled": false},
	}
	for _, f := range fieldNames {
		fields[f] = words
	}
	for _, f := range facetOrder {
		if f != FacetHarvest {
			fields[facetField(f)] = value
		}
	}
	return object{
		"dynamic":    false,
		"_source":    object{"includes": []string{"doc"}},
		"properties": fields,
	}
}

// facetField is the field a facet is counted in.
func facetField(facet string) string {
	if facet == FacetPrice {
		return "band"
	}
	return facet
}

// elasticDocument gives the fields of a document that was made canonical.
func (x *lexicon) elasticDocument(d *Document) object {
	f := factsOf(d)
	o := object{
		"key": d.Key().String(), "doc": d, "grams": f.grams, "harvested": f.harvested, "fresh": f.fresh, "expires": f.expires, "updated": f.updated,
		"areas": areasOf(d), "tollfree": d.TollFree, "deliverable": d.Located() && d.PriceE4 >= 0,
	}
	if d.PriceE4 >= 0 {
		o["price"] = d.PriceE4
	}
	if d.Located() {
		o["point"] = object{"lon": d.Lon, "lat": d.Lat}
	}
	for name, v := range facetsOf(d) {
		if v != "" {
			o[facetField(name)] = v
		}
	}
	t := x.analyze(d)
	for i, name := range fieldNames {
		o[name] = t.list(field(i))
	}
	return o
}

// Put implements Index.
func (e *Elastic) Put(ctx context.Context, docs []Document) error {
	all, err := e.operations(docs)
	if err != nil {
		return err
	}
	return e.write(ctx, all)
}

func (e *Elastic) operations(docs []Document) ([]operation, error) {
	out := make([]operation, len(docs))
	for i, d := range docs {
		d, err := e.x.canonical(d)
		if err != nil {
			return nil, err
		}
		source, err := json.Marshal(e.x.elasticDocument(&d))
		if err != nil {
			return nil, fmt.Errorf("document %s: %w", d.ID, err)
		}
		out[i] = operation{d.Key(), source}
	}
	return out, nil
}

// Delete implements Index. A deleted document leaves an empty one behind that carries the version: the server itself forgets the
// versions of what it deleted after a minute.
func (e *Elastic) Delete(ctx context.Context, keys []Key) error {
	all := make([]operation, len(keys))
	for i, k := range keys {
		if err := validKey(k); err != nil {
			return err
		}
		all[i] = operation{k, []byte("{}")}
	}
	return e.write(ctx, all)
}

// operation writes a source under a key.
type operation struct {
	key    Key
	source []byte
}

// write sends operations to the live index and to the one that is being rebuilt.
func (e *Elastic) write(ctx context.Context, all []operation) error {
	return e.again(ctx, func() error {
		next, err := e.behind(ctx, e.nextAlias())
		if err != nil {
			return err
		}
		targets := []string{e.cfg.Index}
		if next != "" {
			targets = append(targets, e.nextAlias())
		}
		return e.bulk(ctx, all, targets)
	})
}

const maxBulkBytes = 4 << 20

// bulk sends operations to aliases in requests of a few megabytes.
func (e *Elastic) bulk(ctx context.Context, all []operation, aliases []string) error {
	var lines bytes.Buffer
	for i, o := range all {
		for _, a := range aliases {
			head, err := json.Marshal(object{"index": object{
				"_index": a, "require_alias": true, "_id": o.key.String(), "version": o.key.Version, "version_type": "external",
			}})
			if err != nil {
				return fmt.Errorf("write request: %w", err)
			}
			lines.Write(head)
			lines.WriteByte('\n')
			lines.Write(o.source)
			lines.WriteByte('\n')
		}
		if lines.Len() < maxBulkBytes && i < len(all)-1 {
			continue
		}
		if err := e.sendBulk(ctx, slices.Clone(lines.Bytes()), len(aliases)); err != nil {
			return err
		}
		lines.Reset()
	}
	return nil
}

// sendBulk sends one request. Operations that come too late are passed over; so are those for the second alias if the rebuild
// ended meanwhile.
func (e *Elastic) sendBulk(ctx context.Context, lines []byte, aliases int) error {
	var answer struct {
		Errors bool
		Items  []struct {
			Index struct {
				ID     string `json:"_id"`
				Status int
				Error  struct{ Type, Reason string }
			}
		}
	}
	if err := e.do(ctx, http.MethodPost, "/_bulk", lines, &answer); err != nil {
		return err
	}
	if !answer.Errors {
		return nil
	}
	for i, item := range answer.Items {
		r := item.Index
		if r.Status < 300 || r.Error.Type == versionBehind || r.Error.Type == noSuchIndex && i%aliases == 1 {
			continue
		}
		err := fmt.Errorf("document %s: %w", r.ID, &elasticError{r.Status, r.Error.Type, r.Error.Reason})
		if r.Status == http.StatusBadRequest || r.Status == http.StatusNotFound {
			return err
		}
		return unavailable(err)
	}
	return nil
}
