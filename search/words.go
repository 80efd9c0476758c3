package search

// attribute is a quality that listings are searched by, under all the words for it.
type attribute struct {
	name  string
	words []string
}

// The qualities of a listing. Documents with the flag carry the attribute even if no word says so.
var attributes = []attribute{
	{"relief", []string{"助农", "滞销", "爱心", "扶贫", "贫困县", "驰援", "支援", "援鄂", "援汉", "抗疫", "救灾", "应急", "卖难", "脱贫", "relief", "poverty", "zhunong", "zhixiao", "aixin"}},
	{"gift", []string{"捐赠", "赠送", "免费", "无偿", "赠与", "donation", "gift", "free", "juanzeng"}},
	{"cold", []string{"冷链", "冷藏", "保鲜", "冷库", "冷鲜", "冷藏车", "reefer", "cold chain", "refrigerated", "lengcang", "lenglian"}},
	{"certified", []string{"合格证", "检测报告", "检疫证", "认证", "certified", "certificate", "hegezheng"}},
	{"organic", []string{"有机", "绿色食品", "无公害", "organic"}},
	{"urgent", []string{"急售", "急需", "紧急", "加急", "urgent"}},
	{"first grade", []string{"一级", "一等", "一等品", "一级果", "甲级", "优等", "grade 1", "grade a"}},
	{"second grade", []string{"二级", "二等", "二等品", "二级果", "乙级", "统货", "grade 2", "grade b"}},
	{"top grade", []string{"特级", "特等", "精品", "premium"}},
	{"carton", []string{"纸箱", "箱装", "装箱", "carton"}},
	{"net bag", []string{"网袋", "网兜", "袋装", "net bag"}},
	{"crate", []string{"塑料筐", "周转筐", "筐装", "crate"}},
	{Vegetable, []string{"蔬菜", "时蔬", "鲜菜", "vegetable", "veg", "shucai"}},
	{Fruit, []string{"水果", "鲜果", "瓜果", "fruit", "shuiguo"}},
	{Mushroom, []string{"食用菌", "菌菇", "蘑菇", "mushroom", "mogu"}},
	{Staple, []string{"粮油", "主食", "粮食", "staple", "liangyou"}},
	{Animal, []string{"肉蛋", "禽蛋", "肉禽", "水产", "meat"}},
	{"cooperative", []string{"合作社", "专业合作社", "cooperative", "coop", "hezuoshe"}},
	{"loose", []string{"散装", "散货", "loose", "bulk"}},
}

// kindWords name a board.
var kindWords = map[Kind][]string{
	Demand:   {"求购", "采购", "收购", "需求", "想买", "求", "wanted", "demand", "qiugou"},
	Offer:    {"供应", "出售", "货源", "有货", "供货", "for sale", "gongying"},
	Capacity: {"车源", "找车", "货车", "冷藏车", "返程车", "回程车", "空车", "运力", "顺风车", "truck", "lorry", "cheyuan"},
	Campaign: {"募捐", "认捐", "众筹", "捐款", "campaign", "fundraiser", "mujuan"},
}

// stopWords say nothing about what is wanted.
var stopWords = []string{
	"的", "了", "和", "与", "及", "或", "有", "要", "想", "找", "买", "卖", "我", "我要", "需要", "请问", "哪里", "有没有", "多少钱", "价格", "批发",
	"新鲜", "优质", "便宜", "附近", "产地", "直供", "产的", "吗", "在", "是", "从", "给", "a", "an", "the", "of", "for", "from", "in", "and", "fresh", "buy", "some",
	"cheap", "price", "near",
}

// toWords stand before a destination.
var toWords = []string{"运送到", "运到", "运往", "送到", "送往", "发到", "发往", "送达", "送至", "运至", "到", "至", "送", "往", "to", "dao"}
