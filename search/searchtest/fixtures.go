// Package searchtest is the contract of search.Index, with the documents and the vocabulary it is tried on.
package searchtest

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"time"

	"jishi/search"
)

//go:embed places.csv
var placesTable string

// Vocabulary gives the built-in produce and the divisions of places.csv.
var Vocabulary = sync.OnceValue(func() search.Vocabulary {
	v := search.Vocabulary{Produce: search.ProduceNames()}
	for l := range strings.Lines(placesTable) {
		c := strings.Split(strings.TrimSpace(l), ",")
		if strings.HasPrefix(l, "#") || len(c) != 7 {
			continue
		}
		p := search.Place{Code: c[0], Name: c[2], Pinyin: c[3]}
		p.Level, _ = strconv.Atoi(c[1])
		p.Lon, _ = strconv.ParseFloat(c[4], 64)
		p.Lat, _ = strconv.ParseFloat(c[5], 64)
		if c[6] != "" {
			p.OldCodes = []string{c[6]}
		}
		v.Places = append(v.Places, p)
	}
	return v
})

// Tariff is made up for tests; the rates are of the usual size.
func Tariff() search.Tariff {
	return search.Tariff{
		DetourPermille: 1300,
		PartLoad:       &search.Rate{MaxGrams: 1_000_000, FenPerTonneKm: 80, FixedFen: 5000},
		Trucks: []search.Truck{
			{Name: "4.2 m", PayloadGrams: 1_800_000, FenPerKm: 280, FixedFen: 20_000, TollFenPerKm: 45},
			{Name: "6.8 m", PayloadGrams: 8_000_000, FenPerKm: 420, FixedFen: 30_000, TollFenPerKm: 90},
			{Name: "13 m", PayloadGrams: 32_000_000, FenPerKm: 750, FixedFen: 60_000, TollFenPerKm: 190},
		},
		TollFreeFill: 800,
	}
}

// Now is the clock of the contract: noon of 20 February 2020 in Beijing.
var Now = time.Date(2020, 2, 20, 12, 0, 0, 0, time.FixedZone("CST", 8*60*60))

func ago(days float64) int64 {
	return Now.Add(-time.Duration(days * 24 * float64(time.Hour))).UnixMilli()
}

func tonnes(t float64) int64 { return int64(t * 1e6) }

func yuan(y float64) int64 { return int64(y*10_000 + 0.5) }

// Documents are the listings the contract is tried on: made up, in real counties.
func Documents() []search.Document {
	offer := func(id, title, produce, grade, adcode string, price, t float64, days float64) search.Document {
		return search.Document{Kind: search.Offer, ID: id, Version: 1, Title: title, Produce: produce, Grade: grade, Adcode: adcode,
			PriceE4: yuan(price), Grams: tonnes(t), HarvestedAt: ago(days), UpdatedAt: ago(days), ExpiresAt: ago(-30)}
	}
	docs := []search.Document{
		offer("apple-fuji", "红富士苹果 75mm 以上", "苹果", "一级", "610305", 2.8, 20, 10),
		offer("apple-gala", "嘎啦苹果", "苹果", "二级", "610629", 2.2, 8, 20),
		offer("apple-plain", "蘋果 散装", "苹果", "", "620602", 1.9, 3, 25),
		offer("scallion", "章丘大葱", "大葱", "一级", "370114", 1.8, 12, 2),
		offer("onion", "紫皮洋葱", "洋葱", "一级", "620902", 1.2, 30, 5),
		offer("potato", "定西土豆", "马铃薯", "二级", "621102", 1.5, 40, 15),
		offer("tomato", "番茄 硬粉", "西红柿", "一级", "370783", 4.2, 6, 1),
		offer("cabbage", "莲花白", "结球甘蓝", "", "420525", 0.9, 25, 3),
		offer("napa", "大白菜", "大白菜", "", "420525", 0.8, 15, 4),
		offer("bokchoy", "小白菜", "小白菜", "", "420116", 2.4, 2, 1),
		offer("orange", "秭归伦晚脐橙", "橙", "一级", "420527", 5.2, 18, 6),
		offer("cherry", "Cherries, picked by hand", "樱桃", "特级", "610702", 30, 0.5, 1),
		offer("gift-radish", "捐赠白萝卜", "白萝卜", "", "420822", 0, 10, 2),
		offer("old-peach", "水蜜桃", "桃", "一级", "110117", 8, 1, 30),
	}
	set := func(id string, f func(*search.Document)) {
		for i := range docs {
			if docs[i].ID == id {
				f(&docs[i])
			}
		}
	}
	set("apple-fuji", func(d *search.Document) {
		d.Certified, d.Relief, d.TollFree, d.Packing, d.Party = true, true, true, "纸箱", "宝塬果业合作社"
		d.Text = "宝鸡凤翔县的红富士,糖度 14 以上,冷库保存,可装 6.8 米车。"
	})
	set("apple-gala", func(d *search.Document) { d.TollFree, d.Packing = true, "纸箱" })
	set("apple-plain", func(d *search.Document) {
		d.Relief, d.Packing, d.Text = true, "网袋", "滞销,急售,也有土豆一起装车"
	})
	set("tomato", func(d *search.Document) { d.Cold, d.Certified = true, true })
	set("old-peach", func(d *search.Document) { d.ExpiresAt = ago(1) })
	set("orange", func(d *search.Document) {
		d.Party, d.Text = "屈乡橙农合作社", "有机种植 organic,现摘现发"
	})
	return append(docs,
		search.Document{Kind: search.Demand, ID: "hospital", Version: 1, Title: "医院食堂采购蔬菜:土豆、大葱", Produce: "马铃薯", Adcode: "420106",
			PriceE4: yuan(3), Grams: tonnes(2), UpdatedAt: ago(1), Text: "每周两次,送到后门"},
		search.Document{Kind: search.Demand, ID: "apples-wanted", Version: 1, Title: "求购苹果 10 吨", Produce: "苹果", Adcode: "420100",
			PriceE4: search.NoPrice, Grams: tonnes(10), UpdatedAt: ago(2)},
		search.Document{Kind: search.Capacity, ID: "reefer", Version: 1, Title: "6.8 米冷藏车 宝鸡到武汉 返程", Adcode: "610300",
			PriceE4: search.NoPrice, Grams: tonnes(8), Cold: true, UpdatedAt: ago(0.5), ExpiresAt: ago(-2)},
		search.Document{Kind: search.Campaign, ID: "aid", Version: 1, Title: "苹果驰援武汉募捐", Produce: "苹果", Adcode: "420100", Relief: true,
			PriceE4: search.NoPrice, Grams: tonnes(10), UpdatedAt: ago(3)},
		search.Document{Kind: search.Offer, ID: "nowhere", Version: 1, Title: "生姜 产地面议", Produce: "生姜", PriceE4: yuan(7), Grams: tonnes(1),
			UpdatedAt: ago(8), HarvestedAt: ago(40)},
	)
}
