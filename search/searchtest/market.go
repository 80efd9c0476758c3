package searchtest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"jishi/search"
)

// Listing is a made-up listing and what is true of it. Judgements look at the facts only, never at the words that were made of
// them and never at what an engine says.
type Listing struct {
	search.Document
	Crop    *Crop
	Variety string // "" none
	Feature string // a word no vocabulary knows: 富硒
	Organic bool
	From    string // county of origin, current adcode
	Age     float64
	Life    float64 // days until it expires
	Mention *Crop   // produce that the text speaks of beside the one on sale
}

// Crop is a produce of the made-up market under its own table of names, kept apart from the vocabulary that is tested.
type Crop struct {
	Name      string
	Written   []string // how titles call it
	Varieties []string
	English   string
	Home      []string // provinces it comes from
	Yuan      float64  // usual price per kg
	Features  []string
}

// crops are the produce of the market. Prices are of the size of early 2020, from memory, not checked.
var crops = []Crop{
	{"苹果", []string{"苹果", "蘋果"}, []string{"红富士", "嘎啦", "花牛", "秦冠"}, "apple", []string{"61", "62", "37"}, 5, []string{"套袋", "富硒"}},
	{"梨", []string{"梨", "雪梨"}, []string{"酥梨", "皇冠梨"}, "pear", []string{"61", "37"}, 4, []string{"套袋"}},
	{"橙", []string{"橙", "橙子"}, []string{"脐橙", "伦晚"}, "orange", []string{"42", "45"}, 6, []string{"富硒"}},
	{"柑桔", []string{"柑橘", "橘子", "蜜桔"}, []string{"砂糖橘", "沃柑"}, "tangerine", []string{"42", "45"}, 5, []string{"带叶"}},
	{"柚", []string{"柚子", "蜜柚"}, []string{"沙田柚"}, "pomelo", []string{"45"}, 4, nil},
	{"猕猴桃", []string{"猕猴桃", "奇异果"}, []string{"徐香", "翠香"}, "kiwi", []string{"61"}, 8, []string{"富硒"}},
	{"草莓", []string{"草莓"}, []string{"红颜"}, "strawberry", []string{"11", "37", "42"}, 20, nil},
	{"芒果", []string{"芒果"}, []string{"台农"}, "mango", []string{"45"}, 9, nil},
	{"香蕉", []string{"香蕉"}, []string{"小米蕉"}, "banana", []string{"45"}, 4, nil},
	{"大白菜", []string{"大白菜", "白菜"}, []string{"娃娃菜"}, "napa cabbage", []string{"42", "37", "62"}, 1.4, []string{"高山"}},
	{"小白菜", []string{"小白菜", "上海青"}, nil, "bok choy", []string{"42", "11"}, 3, nil},
	{"结球甘蓝", []string{"包菜", "莲花白", "甘蓝", "卷心菜"}, []string{"紫甘蓝"}, "cabbage", []string{"42", "62"}, 1.6, []string{"高山"}},
	{"菜花", []string{"菜花", "花菜"}, []string{"松花菜"}, "cauliflower", []string{"62", "37"}, 4, nil},
	{"西兰花", []string{"西兰花", "西蓝花"}, nil, "broccoli", []string{"62", "37"}, 6, nil},
	{"菜薹", []string{"菜薹", "菜心"}, []string{"洪山菜薹"}, "choy sum", []string{"42"}, 7, nil},
	{"白萝卜", []string{"白萝卜", "萝卜"}, []string{"青萝卜"}, "daikon", []string{"42", "37"}, 1.2, []string{"高山", "带泥"}},
	{"胡萝卜", []string{"胡萝卜", "红萝卜"}, nil, "carrot", []string{"61", "37"}, 2.2, []string{"沙地"}},
	{"芹菜", []string{"芹菜"}, []string{"西芹"}, "celery", []string{"37", "62"}, 3, nil},
	{"菠菜", []string{"菠菜"}, nil, "spinach", []string{"37", "11"}, 4, nil},
	{"莴笋", []string{"莴笋", "青笋"}, nil, "celtuce", []string{"42", "61"}, 2.8, nil},
	{"生菜", []string{"生菜"}, []string{"球生菜"}, "lettuce", []string{"11", "37"}, 5, nil},
	{"洋葱", []string{"洋葱", "圆葱"}, []string{"紫皮洋葱"}, "onion", []string{"62", "37"}, 1.8, nil},
	{"大葱", []string{"大葱", "葱"}, []string{"章丘大葱"}, "scallion", []string{"37"}, 2.4, []string{"带泥"}},
	{"大蒜", []string{"大蒜", "蒜头"}, []string{"独头蒜"}, "garlic", []string{"37"}, 7, nil},
	{"蒜薹", []string{"蒜薹", "蒜苔"}, nil, "garlic scape", []string{"37", "61"}, 8, nil},
	{"生姜", []string{"生姜", "姜", "老姜"}, []string{"小黄姜"}, "ginger", []string{"37", "42"}, 9, []string{"带泥"}},
	{"茄子", []string{"茄子"}, []string{"长茄"}, "eggplant", []string{"37", "45"}, 5, nil},
	{"青椒", []string{"青椒", "甜椒"}, []string{"尖椒"}, "green pepper", []string{"37", "61"}, 5, nil},
	{"西红柿", []string{"西红柿", "番茄"}, []string{"圣女果", "普罗旺斯"}, "tomato", []string{"37", "61", "62"}, 5, []string{"沙地"}},
	{"黄瓜", []string{"黄瓜", "青瓜"}, []string{"水果黄瓜"}, "cucumber", []string{"37", "11"}, 5, nil},
	{"冬瓜", []string{"冬瓜"}, nil, "wax gourd", []string{"45"}, 2, nil},
	{"南瓜", []string{"南瓜"}, []string{"贝贝南瓜"}, "pumpkin", []string{"62", "45"}, 2.5, nil},
	{"苦瓜", []string{"苦瓜", "凉瓜"}, nil, "bitter melon", []string{"45"}, 6, nil},
	{"莲藕", []string{"莲藕", "藕"}, []string{"洪湖莲藕"}, "lotus root", []string{"42", "37"}, 5, []string{"带泥"}},
	{"马铃薯", []string{"土豆", "马铃薯", "洋芋"}, []string{"克新一号"}, "potato", []string{"62", "61", "42"}, 2, []string{"沙地", "高山"}},
	{"甘薯", []string{"红薯", "地瓜", "番薯"}, []string{"烟薯"}, "sweet potato", []string{"37", "42"}, 2.6, []string{"沙地"}},
	{"山药", []string{"山药", "淮山"}, []string{"铁棍山药"}, "chinese yam", []string{"37", "42"}, 8, []string{"沙地"}},
	{"芋头", []string{"芋头", "毛芋"}, []string{"荔浦芋头"}, "taro", []string{"45"}, 5, nil},
	{"香菇(鲜)", []string{"香菇", "鲜香菇"}, []string{"花菇"}, "shiitake", []string{"42", "61"}, 11, []string{"高山"}},
	{"金针菇", []string{"金针菇"}, nil, "enoki", []string{"37"}, 7, nil},
	{"鸡蛋", []string{"鸡蛋", "鲜鸡蛋"}, []string{"土鸡蛋"}, "egg", []string{"42", "37", "61"}, 9, nil},
	{"大米", []string{"大米", "稻米"}, []string{"东北大米"}, "rice", []string{"42", "45"}, 5, []string{"富硒"}},
}

var parties = []string{"青禾合作社", "丰泽农业", "云岭果蔬", "金穗家庭农场", "禾苗合作社", "大山农庄", "绿源蔬菜", "汉水果业", "塬上人家", "田野生鲜"}

var packings = []string{"纸箱", "网袋", "塑料筐", "散装", ""}

// origins are the counties goods come from, by province.
var origins = sync.OnceValue(func() map[string][]search.Place {
	m := map[string][]search.Place{}
	for _, p := range Vocabulary().Places {
		if p.Level == 3 {
			m[p.Code[:2]] = append(m[p.Code[:2]], p)
		}
	}
	return m
})

var provinces = []string{"11", "37", "42", "45", "61", "62"}

// Market makes up n listings; the same seed gives the same ones.
func Market(seed uint64, n int) iter.Seq[Listing] {
	return func(yield func(Listing) bool) {
		m := maker{rand.New(rand.NewPCG(seed, 20200220))}
		for i := range n {
			if !yield(m.listing(i)) {
				return
			}
		}
	}
}

type maker struct{ *rand.Rand }

func (m maker) chance(percent int) bool { return m.IntN(100) < percent }

func pick[T any](m maker, from []T) T { return from[m.IntN(len(from))] }

func (m maker) listing(i int) Listing {
	l := Listing{Crop: &crops[m.IntN(len(crops))]}
	l.Kind, l.ID, l.Version = m.kind(), fmt.Sprintf("m%07d", i), 1
	l.Produce = l.Crop.Name
	home := pick(m, l.Crop.Home)
	if m.chance(15) || l.Kind != search.Offer {
		home = pick(m, provinces)
	}
	place := pick(m, origins()[home])
	l.From, l.Adcode, l.Lon, l.Lat = place.Code, place.Code, place.Lon+(m.Float64()-0.5)/5, place.Lat+(m.Float64()-0.5)/5
	l.Grams = tonnes(pick(m, []float64{0.2, 0.5, 1, 2, 3, 5, 8, 10, 15, 20, 30, 60}))
	l.Age, l.Life = 20*m.Float64()*m.Float64(), 0.5+25*m.Float64()
	l.UpdatedAt, l.ExpiresAt = ago(l.Age), ago(-l.Life)
	l.PriceE4 = yuan(float64(int(l.Crop.Yuan*(0.5+m.Float64())*20)) / 20)
	l.Party = pick(m, parties)
	l.Relief = m.chance(15)
	if len(l.Crop.Varieties) > 0 && m.chance(45) {
		l.Variety = pick(m, l.Crop.Varieties)
	}
	switch l.Kind {
	case search.Offer:
		m.offer(&l, place)
	case search.Demand:
		m.demand(&l, place)
	case search.Capacity:
		m.truck(&l, place)
	default:
		m.campaign(&l, place)
	}
	return l
}

func (m maker) kind() search.Kind {
	switch n := m.IntN(100); {
	case n < 78:
		return search.Offer
	case n < 90:
		return search.Demand
	case n < 96:
		return search.Capacity
	}
	return search.Campaign
}

// offer fills in goods on sale. Titles are written in several hands: with or without place, grade and variety, sometimes in English.
func (m maker) offer(l *Listing, place search.Place) {
	l.HarvestedAt = l.UpdatedAt
	l.Certified, l.Cold, l.TollFree, l.Organic = m.chance(35), m.chance(12), m.chance(70), m.chance(8)
	l.Grade, l.Packing = pick(m, []string{"特级", "一级", "一级", "二级", ""}), pick(m, packings)
	if m.chance(4) {
		l.PriceE4 = 0
	}
	if len(l.Crop.Features) > 0 && m.chance(35) {
		l.Feature = pick(m, l.Crop.Features)
	}
	if m.chance(25) {
		l.Mention = &crops[m.IntN(len(crops))]
	}
	name := pick(m, l.Crop.Written)
	if l.Variety != "" {
		name = l.Variety
		if m.chance(40) && !strings.Contains(l.Variety, l.Crop.Written[0]) {
			name += l.Crop.Written[0]
		}
	}
	var title []string
	add := func(percent int, s string) {
		if s != "" && m.chance(percent) {
			title = append(title, s)
		}
	}
	add(30, place.Name)
	add(100, l.Feature)
	title = append(title, name)
	add(30, l.Grade)
	add(25, pick(m, []string{"现货", "直供", "产地直发", "大量有货", "支持整车"}))
	l.Title = strings.Join(title, pick(m, []string{"", " ", " "}))
	if m.chance(5) && l.Variety == "" && l.Feature == "" {
		l.Title = strings.ToUpper(l.Crop.English[:1]) + l.Crop.English[1:] + pick(m, []string{"", ", in bulk", " from the farm"})
	}
	if m.chance(4) {
		l.Produce = "" // the seller left the box empty
	}
	l.Text = m.text(l)
}

// text makes the description of what the title does not say, and some talk.
func (m maker) text(l *Listing) string {
	var s []string
	if l.Organic {
		s = append(s, pick(m, []string{"有机种植", "有机认证基地"}))
	}
	if l.Relief && m.chance(60) {
		s = append(s, pick(m, []string{"滞销待售,望支持", "助农项目", "驰援疫区优先"}))
	}
	if l.PriceE4 == 0 {
		s = append(s, pick(m, []string{"捐赠,只收运费", "免费赠送"}))
	}
	if l.Mention != nil {
		s = append(s, fmt.Sprintf(pick(m, []string{"可与%s拼车", "也有少量%s", "同村还有%s"}), l.Mention.Written[0]))
	}
	s = append(s, pick(m, []string{"可送货到武汉", "一件起批", "可视频看货", "装车方便", "电话联系", "量大从优"}))
	m.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	return strings.Join(s, "。") + "。"
}

func (m maker) demand(l *Listing, place search.Place) {
	l.Title = pick(m, []string{"求购", "采购", "长期收购", "食堂需要"}) + pick(m, l.Crop.Written)
	l.Variety, l.Text = "", fmt.Sprintf("%s,要求%s", place.Name, pick(m, []string{"新鲜", "当天送到", "有合格证", "价格合理"}))
	if m.chance(30) {
		l.PriceE4 = search.NoPrice
	}
}

func (m maker) truck(l *Listing, place search.Place) {
	l.Crop, l.Produce, l.Variety, l.Relief, l.PriceE4 = nil, "", "", false, search.NoPrice
	l.Cold = m.chance(35)
	l.Title = fmt.Sprintf("%s米%s %s返程", pick(m, []string{"4.2", "6.8", "9.6", "13"}), map[bool]string{true: "冷藏车", false: "高栏车"}[l.Cold], place.Name)
}

func (m maker) campaign(l *Listing, place search.Place) {
	l.Relief, l.PriceE4, l.Variety = true, search.NoPrice, ""
	l.Title = pick(m, l.Crop.Written) + pick(m, []string{"驰援", "支援", "捐给"}) + place.Name
}

// documents drops the facts.
func documents(of []Listing) []search.Document {
	out := make([]search.Document, len(of))
	for i, l := range of {
		out[i] = l.Document
	}
	return out
}

// crop finds a produce of the market by any of its names; nil for none.
func crop(name string) *Crop {
	i := slices.IndexFunc(crops, func(c Crop) bool { return c.Name == name || slices.Contains(c.Written, name) })
	if i < 0 {
		return nil
	}
	return &crops[i]
}
