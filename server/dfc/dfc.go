// Package dfc writes offers and orders as JSON-LD with the words of the Data Food Consortium's business ontology 1.16
// (https://github.com/datafoodconsortium/ontology), for other food platforms to read.
package dfc

import (
	"fmt"
	"time"

	"jishi/server/measure"
)

// Namespaces of the words used.
const (
	Business   = "https://github.com/datafoodconsortium/ontology/releases/latest/download/DFC_BusinessOntology.owl#"
	Measures   = "https://github.com/datafoodconsortium/taxonomies/releases/latest/download/measures.rdf#"
	Vocabulary = "https://github.com/datafoodconsortium/taxonomies/releases/latest/download/vocabulary.rdf#"
	// Yuan is the Chinese yuan: the consortium's measures have euros, pounds and dollars only.
	Yuan = "http://publications.europa.eu/resource/authority/currency/CNY"
)

// Node is one thing of a graph, or a value of one of its properties.
type Node map[string]any

// Document is a graph with its context, which is whole in itself: nothing has to be fetched to read it.
type Document struct {
	Context Node   `json:"@context"`
	Graph   []Node `json:"@graph"`
}

// context has the prefixes, and says which properties name other things.
func context() Node {
	c := Node{"dfc-b": Business, "dfc-m": Measures, "dfc-v": Vocabulary, "xsd": "http://www.w3.org/2001/XMLSchema#", "dfc-b:date": Node{"@type": "xsd:dateTime"}}
	for _, property := range []string{"hasUnit", "hasQuantity", "hasPrice", "references", "referencedBy", "offeredThrough", "offers", "listedIn", "lists", "maintainedBy", "supplies", "suppliedBy",
		"orderedBy", "soldBy", "hasPart", "partOf", "concerns", "hasOrderStatus", "hasFulfilmentStatus", "hasAddress", "hasType"} {
		c["dfc-b:"+property] = Node{"@type": "@id"}
	}
	return c
}

// Party is a seller or a buyer.
type Party struct {
	ID, Name    string
	City        string // of the county
	Description string
}

// Offer is one offer with its goods.
type Offer struct {
	ID, Lot     string
	Name        string
	Description string
	Price       measure.PriceE4
	Available   measure.Grams
}

// Order is one order.
type Order struct {
	ID, Number    string
	Buyer, Seller Party
	Status        Status
	At            measure.Millis
	Lines         []Line
}

// Line is one line of an order.
type Line struct {
	ID, Offer string
	Grams     measure.Grams
	Price     measure.PriceE4
}

// Status is an order's state in the consortium's vocabulary.
type Status struct{ Order, Fulfilment string }

// Writer names things by addresses below a root, like "https://market.example/api/dfc".
type Writer struct{ Root string }

func (w Writer) id(parts ...string) string {
	out := w.Root
	for _, p := range parts {
		out += "/" + p
	}
	return out
}

// Catalogue writes a seller's live offers: each a supplied product, the item of the catalogue that references it, and the offer of
// that item at a price per kilogram.
func (w Writer) Catalogue(seller Party, offers []Offer) Document {
	catalogue := w.id("enterprises", seller.ID, "catalogue")
	var items, products []string
	graph := []Node{}
	for _, o := range offers {
		items, products = append(items, w.id("items", o.ID)), append(products, w.id("products", o.Lot))
		graph = append(graph, w.offer(catalogue, seller, o)...)
	}
	head := []Node{
		w.enterprise(seller, products),
		{"@id": catalogue, "@type": "dfc-b:Catalog", "dfc-b:maintainedBy": w.id("enterprises", seller.ID), "dfc-b:lists": items},
	}
	return Document{context(), append(head, graph...)}
}

func (w Writer) enterprise(p Party, products []string) Node {
	n := Node{"@id": w.id("enterprises", p.ID), "@type": "dfc-b:Enterprise", "dfc-b:name": p.Name}
	if p.City != "" {
		n["dfc-b:hasAddress"] = Node{"@type": "dfc-b:Address", "dfc-b:city": p.City}
	}
	if len(products) > 0 {
		n["dfc-b:supplies"] = products
	}
	return n
}

func (w Writer) offer(catalogue string, seller Party, o Offer) []Node {
	return []Node{
		{"@id": w.id("products", o.Lot), "@type": "dfc-b:SuppliedProduct", "dfc-b:name": o.Name, "dfc-b:description": o.Description,
			"dfc-b:suppliedBy": w.id("enterprises", seller.ID), "dfc-b:hasQuantity": kilograms(measure.Kilogram), "dfc-b:referencedBy": w.id("items", o.ID)},
		{"@id": w.id("items", o.ID), "@type": "dfc-b:CatalogItem", "dfc-b:sku": o.Lot, "dfc-b:stockLimitation": o.Available.Kilograms(),
			"dfc-b:references": w.id("products", o.Lot), "dfc-b:listedIn": catalogue, "dfc-b:offeredThrough": w.id("offers", o.ID)},
		{"@id": w.id("offers", o.ID), "@type": "dfc-b:Offer", "dfc-b:offers": w.id("items", o.ID), "dfc-b:stockLimitation": o.Available.Kilograms(), "dfc-b:hasPrice": price(o.Price)},
	}
}

// Order writes an order with its lines, each a weight of an offer at the price per kilogram that was agreed.
func (w Writer) Order(o Order) Document {
	id := w.id("orders", o.ID)
	head := Node{"@id": id, "@type": "dfc-b:Order", "dfc-b:orderNumber": o.Number, "dfc-b:orderedBy": w.id("enterprises", o.Buyer.ID), "dfc-b:soldBy": w.id("enterprises", o.Seller.ID),
		"dfc-b:date": time.UnixMilli(int64(o.At)).UTC().Format(time.RFC3339), "dfc-b:hasOrderStatus": "dfc-v:" + o.Status.Order}
	if o.Status.Fulfilment != "" {
		head["dfc-b:hasFulfilmentStatus"] = "dfc-v:" + o.Status.Fulfilment
	}
	var lines []string
	graph := []Node{w.enterprise(o.Buyer, nil), w.enterprise(o.Seller, nil)}
	for _, l := range o.Lines {
		line := id + "/lines/" + l.ID
		lines = append(lines, line)
		graph = append(graph, Node{"@id": line, "@type": "dfc-b:OrderLine", "dfc-b:partOf": id, "dfc-b:concerns": w.id("offers", l.Offer),
			"dfc-b:hasQuantity": kilograms(l.Grams), "dfc-b:hasPrice": price(l.Price)})
	}
	head["dfc-b:hasPart"] = lines
	return Document{context(), append([]Node{head}, graph...)}
}

// kilograms is a weight. Numbers are written as decimals in text, so that no reader rounds them.
func kilograms(g measure.Grams) Node {
	return Node{"@type": "dfc-b:QuantitativeValue", "dfc-b:hasUnit": "dfc-m:Kilogram", "dfc-b:value": g.Kilograms()}
}

// price is per kilogram, without value-added tax: growers' own produce has none.
func price(p measure.PriceE4) Node {
	return Node{"@type": "dfc-b:Price", "dfc-b:hasUnit": Yuan, "dfc-b:value": fmt.Sprintf("%d.%04d", p/10000, p%10000), "dfc-b:VATrate": "0"}
}
