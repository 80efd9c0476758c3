package dfc

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/piprate/json-gold/ld"
)

// offline refuses to fetch anything: a document must be readable by itself.
type offline struct{}

func (offline) LoadDocument(string) (*ld.RemoteDocument, error) {
	return nil, errors.New("nothing is fetched")
}

// expand reads a document as a JSON-LD processor does, by id.
func expand(t *testing.T, d Document) map[string]map[string]any {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err = json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader, options.ProcessingMode = offline{}, ld.JsonLd_1_1
	list, err := ld.NewJsonLdProcessor().Flatten(doc, nil, options)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]any{}
	for _, n := range list.([]any) {
		node := n.(map[string]any)
		out[node["@id"].(string)] = node
	}
	return out
}

// ref gives the ids that a property names; what is a text instead is no reference.
func ref(n map[string]any, property string) (ids []string) {
	list, _ := n[Business+property].([]any)
	for _, v := range list {
		if id, ok := v.(map[string]any)["@id"].(string); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func value(n map[string]any, property string) any {
	list, _ := n[Business+property].([]any)
	if len(list) != 1 {
		return nil
	}
	return list[0].(map[string]any)["@value"]
}

func is(n map[string]any, class string) bool {
	list, _ := n["@type"].([]any)
	return slices.Contains(list, any(Business+class))
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	root := "https://market.example/api/dfc"
	g := expand(t, Writer{root}.Catalogue(Party{ID: "liulin", Name: "柳林合作社", City: "凤翔县"},
		[]Offer{{ID: "o1", Lot: "l1", Name: "苹果 富士80", Price: 60_000, Available: 10_032_000}, {ID: "o2", Lot: "l2", Name: "大葱", Price: 16_005, Available: 500}}))
	seller := g[root+"/enterprises/liulin"]
	if !is(seller, "Enterprise") || value(seller, "name") != "柳林合作社" || !slices.Equal(ref(seller, "supplies"), []string{root + "/products/l1", root + "/products/l2"}) {
		t.Errorf("seller %v", seller)
	}
	catalogue := g[ref(g[root+"/items/o1"], "listedIn")[0]]
	if !is(catalogue, "Catalog") || !slices.Equal(ref(catalogue, "lists"), []string{root + "/items/o1", root + "/items/o2"}) {
		t.Errorf("catalogue %v", catalogue)
	}
	item := g[root+"/items/o1"]
	offer, product := g[ref(item, "offeredThrough")[0]], g[ref(item, "references")[0]]
	if !is(item, "CatalogItem") || !is(offer, "Offer") || !is(product, "SuppliedProduct") || value(item, "stockLimitation") != "10032" || value(item, "sku") != "l1" {
		t.Errorf("item %v, offer %v, product %v", item, offer, product)
	}
	price := g[ref(offer, "hasPrice")[0]]
	if !is(price, "Price") || value(price, "value") != "6.0000" || !slices.Equal(ref(price, "hasUnit"), []string{Yuan}) {
		t.Errorf("price %v", price)
	}
	if per := g[ref(product, "hasQuantity")[0]]; value(per, "value") != "1" || !slices.Equal(ref(per, "hasUnit"), []string{Measures + "Kilogram"}) {
		t.Errorf("a price is per %v", per)
	}
	if small := g[root+"/items/o2"]; value(small, "stockLimitation") != "0.5" {
		t.Errorf("%v", small)
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	root := "https://market.example/api/dfc"
	g := expand(t, Writer{root}.Order(Order{ID: "x", Number: "JS7K2M9QXA4", Buyer: Party{ID: "donor", Name: "D"}, Seller: Party{ID: "liulin", Name: "L"},
		Status: Status{"Complete", "Fulfilled"}, At: 1_580_608_800_000, Lines: []Line{{"l1", "o1", 10_000_000, 60_000}}}))
	o := g[root+"/orders/x"]
	if !is(o, "Order") || value(o, "orderNumber") != "JS7K2M9QXA4" || value(o, "date") != "2020-02-02T02:00:00Z" ||
		!slices.Equal(ref(o, "hasOrderStatus"), []string{Vocabulary + "Complete"}) || !slices.Equal(ref(o, "soldBy"), []string{root + "/enterprises/liulin"}) {
		t.Errorf("order %v", o)
	}
	line := g[ref(o, "hasPart")[0]]
	if !is(line, "OrderLine") || !slices.Equal(ref(line, "concerns"), []string{root + "/offers/o1"}) || value(g[ref(line, "hasQuantity")[0]], "value") != "10000" {
		t.Errorf("line %v", line)
	}
	if _, known := g[root+"/enterprises/donor"]; !known {
		t.Error("the buyer is not in the graph")
	}
}
