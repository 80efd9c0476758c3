package wording

// both is a sentence in the two languages, with the same gaps.
type both struct{ en, zh string }

// sentences are everything a plan can say. Gaps are filled in the order of the values.
var sentences = map[string]both{
	// Places, times and roads.
	"truck_place_unknown": {"The place where the truck stands is not known.", "车停在哪里不清楚。"},
	"load_place_unknown":  {"The place of loading or unloading is not known.", "装货或卸货的地点不清楚。"},
	"no_road":             {"There is no road from the place of loading to the receiver.", "从装货地到收货方没有路。"},
	"no_road_for":         {"There is no road for {0} to the goods or on to the receiver.", "{0} 到货边或到收货方没有路。"},
	"window_over":         {"The receiver wanted it before now.", "收货方要求的时间已过。"},
	"loose_leafy":         {"Loose leafy goods may be on the road for {0} hours at most, this is {1} hours: pack them first.", "散装叶菜在途最多 {0} 小时，这趟要 {1} 小时：请先装箱。"},
	"cold_hours":          {"Chilled meat may be on the road for {0} hours at most, this is {1} hours.", "冷鲜肉在途最多 {0} 小时，这趟要 {1} 小时。"},
	"closed_road":         {"The road is closed.", "道路封闭。"},
	"road_between":        {"The dispatcher closed the road between {0} and {1}: {2}", "调度封了{0}到{1}的路：{2}"},
	"area_closed":         {"The dispatcher closed all roads into and out of {0}: {1}", "调度封了进出{0}的路：{1}"},
	"goes_with_absent":    {"The dispatcher says that it goes with {0}, which is not on offer: {1}", "调度指定装 {0}，这辆车没有报空车：{1}"},
	"goes_with":           {"The dispatcher says that it goes with {0}: {1}", "调度指定装 {0}：{1}"},
	"kept_off":            {"The dispatcher keeps it off {0}: {1}", "调度指定不装 {0}：{1}"},
	"closed_until":        {"The last closed day is {0}: plan with the rules of a later day.", "封到 {0}：请按以后的日子重排。"},
	"coach_night":         {"{0} {1} is on the road then: without a second driver it comes {2} hours later than shown.", "{0}{1} 那时在路上：没有第二位司机，就比这里写的晚到 {2} 小时。"},
	"coach_night_late":    {"{0} {1} stands still then and is at {2} at {3}, wanted until {4}: it needs a second driver.", "{0}{1} 停车后要 {3} 才到{2}，要求 {4} 之前：得有第二位司机。"},
	"late_at_goods":       {"{0} is at the goods at {1}, they are handed out until {2}.", "{0} 要 {1} 才到货边，货只发到 {2}。"},
	"late_at_receiver":    {"{0} is there at {1}, it is wanted until {2}.", "{0} 要 {1} 才送到，收货方要求 {2} 之前。"},
	"distances_estimated": {"Distances are estimates: {0}", "里程是估算的：{0}"},

	// What keeps a truck and a load apart.
	"papers":             {"{0}: the paper {1} ended on {2}.", "{0}：{1}到 {2} 已过期。"},
	"negative_price":     {"{0} asks for a price below zero.", "{0} 的要价低于零。"},
	"plate":              {"{0}: {1}", "{0}：{1}"},
	"pass":               {"{0} has no pass into {1} on {2}: {3}", "{0} 在 {2} 没有进{1}的通行证：{3}"},
	"its_pass_starts":    {"Its pass starts on {0}.", "它的通行证从 {0} 起有效。"},
	"people":             {"People ride in coaches only.", "人只能坐客车。"},
	"coach":              {"A coach's hold takes no goods.", "客车行李舱不装货。"},
	"cold_none":          {"{0} needs a refrigerated truck.", "{0}要用冷藏车。"},
	"cold_band":          {"{0} needs {1} to {2} °C, the truck holds {3} to {4} °C.", "{0}要 {1} 到 {2} °C，这辆车保持 {3} 到 {4} °C。"},
	"wash":               {"{0} carried {1} last: {2}", "{0} 上一趟装的是{1}：{2}"},
	"zone":               {"{0} is of {1} risk on {2}, and {3} drives to no place of {4} risk.", "{0} 在 {2} 是{1}风险，{3} 不去{4}风险的地方。"},
	"payload":            {"It weighs {0} t with its packs, {1} takes {2} t.", "连包装重 {0} 吨，{1} 只能装 {2} 吨。"},
	"cube":               {"It takes {0} m³, {1} has {2} m³.", "要占 {0} 立方米，{1} 只有 {2} 立方米。"},
	"seats":              {"{0} people, {1} may take {2}.", "{0} 人，{1} 只能坐 {2} 人。"},
	"trucks_full_n":      {"The {0} trucks that may carry it are full or on the road.", "能装它的 {0} 辆车都满了或在路上。"},
	"trucks_full":        {"The trucks that may carry it are full.", "能装它的车都满了。"},
	"not_even_empty":     {"No truck can carry it even empty: {0}.", "空车也装不了：{0}。"},
	"too_many_bound":     {"{0} loads are bound to one truck, at most {1} can be.", "{0} 件货要装同一辆车，最多只能 {1} 件。"},
	"rides_only_with":    {"It must ride with {0} for {1}, which stays: {2}", "它必须跟送{1}的{0}同车，那批货装不走：{2}"},
	"order_too_large":    {"The order has {0} stops, one plan takes {1} at most: split it, or plan it as a file.", "这张订单有 {0} 个站点，一次最多排 {1} 个：请拆单，或用文件排。"},
	"no_truck":           {"No truck may be planned with.", "没有可以排的车。"},
	"capacity_over":      {"{0} was offered until {1} only.", "{0} 只挂到 {1}。"},
	"mostly_empty":       {"{0} is filled to {1} % of its payload and {2} % of its room: a truck this size is missing elsewhere.", "{0} 只装了 {1} % 的重、{2} % 的容：这么大的车别处正缺。"},
	"mix":                {"{0} with {1} on {2}: {3}", "{0}和{1}同装 {2}：{3}"},
	"left_behind_grams":  {"{0} t of {1} stay behind: {2}", "{1}有 {0} 吨装不走：{2}"},
	"left_behind_people": {"{0} people stay behind: {1}", "有 {0} 人坐不下：{1}"},

	// Trucks that are not used.
	"lightest_overfull": {"The lightest trip would be {0} % of its payload ({1} of {2} t) and {3} % of its room ({4} of {5} m³).",
		"最轻的一趟也要占它载重的 {0} %（{1}／{2} 吨）、容积的 {3} %（{4}／{5} 立方米）。"},
	"not_needed":       {"The goods go without it.", "不用它货也能走完。"},
	"option_would_use": {"Option {0} would use it, at {1} yuan against the first.", "方案 {0} 会用它，比首选 {1} 元。"},

	// Money.
	"diesel":             {"{0} km × {1} yuan for dearer or cheaper diesel.", "柴油价变动：{0} 公里 × {1} 元。"},
	"price_per_trip":     {"Price for the whole trip.", "整趟的价。"},
	"price_per_tonne_km": {"{0} t × {1} km × {2} yuan per t·km.", "{0} 吨 × {1} 公里 × 每吨公里 {2} 元。"},
	"price_per_km":       {"{0} km × {1} yuan.", "{0} 公里 × {1} 元。"},
	"approach":           {"{0} km empty to the first loading × {1} yuan.", "空驶 {0} 公里去装货 × {1} 元。"},
	"minimum_price":      {"No trip is driven for less than {0} yuan.", "一趟最低 {0} 元。"},
	"rule":               {"{0}", "{0}"},
	"toll_empty":         {"{0} km empty × {1} yuan. {2}", "空驶 {0} 公里 × {1} 元。{2}"},
	"toll_paid":          {"{0} km × {1} yuan. {2}", "{0} 公里 × {1} 元。{2}"},
	"toll_not_full":      {"{0} km × {1} yuan: {2} % of payload, {3} % of room, 80 % of one would be free.", "{0} 公里 × {1} 元：装重 {2} %、装容 {3} %，有一项到 80 % 就免费。"},
	"toll_oversize":      {"The truck itself is larger than allowed.", "车本身超限。"},
	"toll_overweight":    {"{0} t of goods on {1} t that are allowed.", "装了 {0} 吨，只许 {1} 吨。"},
	"toll_overfull":      {"The goods need {0} m³, there is room for {1} m³.", "货要 {0} 立方米，只有 {1} 立方米。"},
	"toll_none_listed":   {"None of the goods is in the catalogue of fresh produce.", "货都不在鲜活农产品目录里。"},
	"toll_unlisted":      {"Fresh produce that is not in the catalogue takes {0} % of the truck, {1} % are allowed.", "目录外的鲜货占了 {0} %，只许 {1} %。"},
	"toll_other_goods":   {"{0} t on the truck are not fresh produce.", "车上有 {0} 吨不是鲜活货。"},
	"more_is_toll_free":  {"{0} t more of the same goods would make this trip toll-free.", "同样的货再装 {0} 吨，这趟就免过路费。"},
	"toll_free_anyway":   {"{0} t more of the same goods would make this trip toll-free even without {1}, worth {2} yuan.", "同样的货再装 {0} 吨，没有{1}也免过路费，值 {2} 元。"},
	"waiting":            {"{0} of waiting for opening hours.", "等开门 {0}。"},
	"decay":              {"{0} loses value for {1} until it is unloaded, of {2} days that it keeps, at {3} yuan/kg.", "{0}到卸货前贬值 {1}，能放 {2} 天，按每公斤 {3} 元。"},
	"loses_daily":        {"Each day it stays it loses {0} yuan.", "多放一天贬值 {0} 元。"},
	"quarantine":         {"{0} days at home for the driver afterwards.", "司机回来后要在家 {0} 天。"},
	"hand_over":          {"Handing over to a driver from Wuhan at {0} would spare the {1} days, worth {2} yuan.", "在{0}交给武汉的司机，可免隔离 {1} 天，值 {2} 元。"},
	"handed_over":        {"At {0} the goods go over to {1}: from {2} to {3}.", "在{0}换 {1} 接着送：{2} 到 {3}。"},
	"zone_level":         {"{0}: {1} risk.", "{0}：{1}风险。"},
	"pass_of_starts":     {"The pass of {0} starts on {1}.", "{0} 的通行证从 {1} 起有效。"},
	"a_pass_starts":      {"A pass starts on {0}.", "有通行证从 {0} 起有效。"},
	"larger_truck":       {"A {0} would take it.", "换 {0} 就装得下。"},
	"one_more_truck":     {"One more truck would take it: {0}.", "再来一辆就行：{0}。"},
	"later":              {"{0} more time would do.", "再宽 {0} 就行。"},
	"cold_truck":         {"A refrigerated truck would take it.", "来一辆冷藏车就行。"},
	"wash_record":        {"A wash record of {0} would do.", "{0} 有清洗记录就行。"},

	"stranded": {"{0} does not drive on: {1} t on it wait for another truck.", "{0} 不能再开：车上 {1} 吨等别的车来接。"},

	"taken_off":       {"The dispatcher took it off.", "调度员撤下来了。"},
	"too_heavy":       {"{0} would carry {1} t, it takes {2} t.", "{0} 要装 {1} 吨，只能装 {2} 吨。"},
	"too_full":        {"{0} would carry {1} m³, it has {2} m³.", "{0} 要装 {1} 立方米，只有 {2} 立方米。"},
	"too_many_people": {"{1} people on {0}, which may take {2}.", "{0} 坐 {1} 人，只许 {2} 人。"},
	"unload_order":    {"On {0} {2} stands before {1}, which is unloaded first.", "{0} 上{2}挡在{1}前面，{1}要先卸。"},

	// Rows of a file that can't be used.
	"row_id":        {"Each row has an id of its own.", "每行要有自己的编号，不能重复。"},
	"row_kind":      {"The kind {0} is neither load nor truck.", "种类“{0}”既不是 load 也不是 truck。"},
	"row_moment":    {"The moment {0} can't be read: it is written 2020-02-20 06:00.", "时间“{0}”看不懂，请写成 2020-02-20 06:00。"},
	"row_amount":    {"The amount {0} is not above zero and at most 1,000,000.", "数量 {0} 不对，应大于零、不超过 1,000,000。"},
	"row_produce":   {"No produce is called {0}.", "没有叫“{0}”的货。"},
	"row_truck":     {"No type of truck is called {0}.", "没有叫“{0}”的车型。"},
	"row_price":     {"The price {0} yuan for each km does not lie between 0 and 10,000.", "每公里 {0} 元不对，应在 0 到 10,000 之间。"},
	"row_with":      {"It names {0} loads to ride with, at most {1} ride on one truck.", "写了 {0} 件同车的货，一辆车最多装 {1} 件。"},
	"row_with_gone": {"It must ride with {0}, which is not among the loads.", "它必须跟 {0} 同车，货里没有这一件。"},
	"row_number":    {"There is no number in the column {0}.", "“{0}”这一列不是数字。"},

	// Why an option stands where it stands.
	"first":            {"First: carries most with no warning, at the lowest cost among those.", "首选：装得最多、没有警告，其中最便宜。"},
	"first_warned":     {"First, though warned of: every other option is forbidden, carries less or costs more.", "首选，但有警告：别的方案要么不许、要么装得少、要么更贵。"},
	"costs_less":       {"Costs {0} yuan less than the first.", "比首选便宜 {0} 元。"},
	"costs_more":       {"Costs {0} yuan more than the first.", "比首选贵 {0} 元。"},
	"cost_of":          {"{0}: {1} yuan.", "{0} {1} 元。"},
	"fewer_green":      {"{0} trips would be toll-free without a pass instead of {1}.", "没有通行证也免费的车次 {0} 趟，首选 {1} 趟。"},
	"trucks_instead":   {"{0} trucks instead of {1}.", "用车 {0} 辆，首选 {1} 辆。"},
	"summary_of_trips": {"{0} × {1}: {2}", "{0} 辆 {1}：{2}"},
}

// vocabulary are single words within sentences.
var vocabulary = map[string]both{
	"low": {"low", "低"}, "medium": {"medium", "中"}, "high": {"high", "高"},
	"people": {"people", "人"},

	"road_permit": {"road permit", "道路运输证"}, "inspection": {"inspection", "年检"}, "insurance": {"insurance", "保险"},
	"driver_licence": {"driver's licence", "驾驶证"}, "carrier_licence": {"carrier's licence", "道路运输经营许可证"},
	"qualification": {"driver's qualification", "从业资格证"},

	"freight": {"freight", "运费"}, "approach": {"approach", "空驶去装货"}, "minimum": {"minimum", "最低运费"}, "toll": {"toll", "过路费"},
	"waiting": {"waiting", "等候"}, "diesel": {"diesel", "柴油"}, "decay": {"loss of value", "货物贬值"}, "quarantine": {"quarantine", "隔离"},

	"emergency_pass": {"the emergency pass", "应急通行证"}, "toll_free_days": {"the toll-free days", "免费期"}, "empty_return": {"the rule of the empty return", "空车返程免费"},
	"worker_coach": {"the rule of workers' coaches", "返岗包车免费"}, "green_channel": {"the green channel", "绿色通道"},

	"capacity": {"too heavy or too large", "太重或太大"}, "skill": {"something the truck lacks", "车不具备条件"}, "barred": {"a rule forbids it", "规则不许"}, "fewer": {"it would need one more truck", "要多用一辆车"}, "not_needed": {"the plan does without it", "不用它"}, "nothing": {"nothing may ride on it", "什么都不能装"},
	"only": {"it is bound to another truck", "指定了别的车"}, "unreachable": {"there is no road", "没有路"}, "window": {"it would be late", "来不及"},
	"shift": {"the truck's time is over before", "车的时间不够"}, "max_duration": {"the trip would take too long", "路上太久"}, "max_distance": {"the trip would be too long", "路太远"},
	"max_stops": {"too many stops", "站太多"}, "rule": {"goods that must ride along can't", "必须同车的货装不下"}, "no_room": {"no room beside the rest", "和别的货一起装不下"},
	"frozen": {"what has begun leaves no place", "已开始的不能动"}, "prize": {"it would cost more than it is worth", "不划算"}, "time": {"the search ended before", "没来得及找到"},

	"router_away": {"the routing server can't be reached.", "路线服务联系不上。"}, "router_slow": {"the routing server did not answer in time.", "路线服务没有及时回答。"},
	"router_refused": {"the routing server refuses the question.", "路线服务拒绝回答。"}, "router_bad_answer": {"the routing server's answer can't be true.", "路线服务的回答不可信。"},
	"off_map": {"the routing server's map has no road near any of these points.", "路线服务的地图上这些地点附近没有路。"},
}
