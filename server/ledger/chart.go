package ledger

import (
	"fmt"
	"slices"
	"strings"
)

// Account is one line of the chart of accounts: a family of accounts of one form.
type Account struct {
	Pattern string   // "order/<order>/escrow"; <...> stands for one name without a slash
	Unit    Unit     // what it holds
	Holds   string   // what its balance means
	Zh      string   // the same in Chinese
	By      []string // kinds of the entries that move it
}

// Real reports whether the account holds something of ours and so never goes below zero. The others are the outside.
func (a Account) Real() bool { return !strings.HasPrefix(a.Pattern, World) }

// Chart is the chart of accounts. Post refuses an account that is not in it, so that every gram and every fen is somewhere
// that has a name. docs/accounts.md is printed from it.
var Chart = []Account{
	{"world/harvest", Grams, "the fields: all that was ever weighed in, below zero", "田里：累计过磅入库（负数）", []string{"weighed"}},
	{"world/reweighed", Grams, "differences found when joined lots are put on the scale again", "合并批次复磅的差额", []string{"weighed"}},
	{"world/returned", Grams, "rejected goods that became a new lot of their seller", "拒收后由卖方收回、另立批次的货物", []string{"weighed"}},
	{"world/posted", Grams, "goods of haulage needs that are no orders of the market", "市场外货源的货物", []string{"taken", "untaken", "loaded"}},
	{"lot/<lot>/available", Grams, "left of a lot, promised to nobody", "批次余量", []string{"weighed", "reserved", "released", "loaded"}},
	{"line/<line>/reserved", Grams, "promised to an order line, without a destination yet", "订单行已锁定、未定去向", []string{"reserved", "allocated", "released", "refused"}},
	{"alloc/<allocation>/allocated", Grams, "promised to one need, on no plan", "已分配给需求、未排车", []string{"reserved", "allocated", "released", "refused", "taken", "untaken", "loaded"}},
	{"consign/<consignment>/allocated", Grams, "planned on a trip, to be loaded", "已排车、待装", []string{"taken", "untaken", "loaded"}},
	{"consign/<consignment>/on_truck", Grams, "loaded and on the road", "在途", []string{"loaded", "received"}},
	{"consign/<consignment>/accepted", Grams, "taken by the receiver", "已签收合格", []string{"received", "corrected", "handed_out", "handed_back"}},
	{"consign/<consignment>/accepted/handed_out", Grams, "of that, handed out by the receiver", "其中收货方已分发", []string{"handed_out", "handed_back", "corrected"}},
	{"consign/<consignment>/rejected", Grams, "weighed in and refused, at the door or by a claim", "拒收", []string{"received", "corrected", "returned"}},
	{"consign/<consignment>/returned", Grams, "went back to the seller", "退回", []string{"received", "returned"}},
	{"consign/<consignment>/lost/<cause>", Grams, "loaded and not received: moisture, rot, missing or theft", "途中损耗（失水、腐烂、短少、失窃）", []string{"received", "corrected"}},

	{"world/bank", Fen, "our account at the bank, seen from the outside: what came in, below zero", "银行（外部）", []string{"paid", "unpaid", "payout_done", "payout_failed"}},
	{"world/stripe", Fen, "our account at the payment service, seen from the outside: what payers paid less what went back, below zero", "支付服务账户（外部）", []string{"paid", "refund_done", "refund_failed", "dispute_lost", "gateway_fee", "dispute_fee"}},
	{"world/fees", Fen, "what the payment service kept for its work, below zero: a cost of running the market", "支付服务手续费（外部成本）", []string{"gateway_fee", "dispute_fee"}},
	{"world/owed/<party>", Fen, "what a party owes us, below zero", "主体欠款（外部）", []string{"dispute_opened", "dispute_won", "unspent", "corrected", "loss_charged", "set_off"}},
	{"unmatched/<bank line or checkout>", Fen, "money that nobody can place yet, or of another amount than was asked", "未匹配的到账", []string{"paid", "refund_begun", "dispute_opened", "dispute_won", "unpaid"}},
	{"campaign/<campaign>/fund", Fen, "money of a gift, restricted to its named use", "募捐款（限定用途）", []string{"paid", "funded", "settled", "given_back", "set_off", "haulage", "unspent", "dispute_opened", "dispute_won", "unpaid"}},
	{"order/<order>/escrow", Fen, "money of one order, held until its goods are accepted", "订单托管款", []string{"paid", "funded", "settled", "given_back", "haulage", "dispute_opened", "dispute_won", "unpaid"}},
	{"deposit/<deposit>", Fen, "put up by one side for its promise, until that is kept or broken", "保证金", []string{"paid", "unpaid", "dispute_opened", "dispute_won", "deposit_released", "deposit_forfeited"}},
	{"setoff/<setoff>", Fen, "owed by one party to another through us, until it is taken out of what we owe the first", "待抵扣", []string{"corrected", "loss_charged", "set_off"}},
	{"haul/<load>/escrow", Fen, "money of one haulage need outside the market, held until it is hauled", "市场外货源的运费托管款", []string{"paid", "haulage", "given_back", "unpaid"}},
	{"order/<order>/overpaid", Fen, "paid for an order beyond its invoice", "多付的货款", []string{"paid", "funded", "settled", "given_back", "dispute_opened", "dispute_won", "unpaid"}},
	{"refund/<party>", Fen, "owed back to a buyer or a donor", "应退买方、捐方", []string{"paid", "settled", "given_back", "unspent", "refund_begun", "refund_failed", "dispute_opened", "dispute_won", "unpaid", "payout_begun", "payout_failed", "deposit_released", "deposit_forfeited", "set_off"}},
	{"refunding/<refund>", Fen, "on its way back to a payer through the payment service", "原路退款中", []string{"refund_begun", "refund_done", "refund_failed"}},
	{"disputed/<dispute>", Fen, "taken back by a payer's bank until it is decided who is right", "拒付争议冻结款", []string{"dispute_opened", "dispute_won", "dispute_lost"}},
	{"payable/<party>", Fen, "owed to a seller or a carrier", "应付（卖方、承运人）", []string{"settled", "given_back", "deposit_forfeited", "set_off", "haulage", "payout_begun", "payout_failed"}},
	{"benefit/<household>", Fen, "owed to a registered household out of the price", "应付带贫收益", []string{"settled", "set_off", "payout_begun", "payout_failed"}},
	{"payout/<payout>/transit", Fen, "on its way to a payee's bank, until the bank's number proves it", "打款在途", []string{"payout_begun", "payout_done", "payout_failed"}},
	{"platform/fee", Fen, "the platform's share", "平台服务费", []string{"settled", "set_off"}},
	{"platform/rounding", Fen, "what rounding leaves over", "尾差", []string{"settled", "set_off"}},
}

// FindAccount gives the line of the chart that an account belongs to.
func FindAccount(unit Unit, name string) (Account, bool) {
	for _, a := range Chart {
		if a.Unit == unit && fits(a.Pattern, name) {
			return a, true
		}
	}
	return Account{}, false
}

// fits matches a name with a pattern, part by part.
func fits(pattern, name string) bool {
	for {
		p, restP, moreP := strings.Cut(pattern, "/")
		n, restN, moreN := strings.Cut(name, "/")
		if n == "" || moreP != moreN || p != n && !strings.HasPrefix(p, "<") {
			return false
		}
		if !moreP {
			return true
		}
		pattern, name = restP, restN
	}
}

// charted refuses a posting from or to an account that the chart does not know.
func charted(p Posting) error {
	for _, name := range []string{p.From, p.To} {
		if _, ok := FindAccount(p.Unit, name); !ok {
			return fmt.Errorf("account %s %s is not in the chart of accounts (ledger/chart.go)", p.Unit, name)
		}
	}
	return nil
}

// ChartDocument prints the chart as Markdown.
func ChartDocument() string {
	var b strings.Builder
	b.WriteString("# Chart of accounts 会计科目\n\nPrinted from `server/ledger/chart.go`: change that, then `go test ./server/ledger -run Chart -update`.\n\n")
	b.WriteString("Real accounts never go below zero. Accounts below `world/` are the outside; theirs is what came from there, below zero.\n")
	b.WriteString("An entry that names any other account is refused.\n")
	for _, unit := range []Unit{Grams, Fen} {
		fmt.Fprintf(&b, "\n## %s\n\n| account | holds | 含义 | moved by |\n|---|---|---|---|\n", map[Unit]string{Grams: "Goods, in grams", Fen: "Money, in fen"}[unit])
		for _, a := range Chart {
			if a.Unit == unit {
				fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", a.Pattern, a.Holds, a.Zh, strings.Join(slices.Sorted(slices.Values(a.By)), ", "))
			}
		}
	}
	b.WriteString("\n## Acts\n\nWhat moves them: the kinds of entries, and how pages name them.\n\n| kind | act | 动作 |\n|---|---|---|\n")
	for _, a := range Acts {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", a.Kind, a.En, a.Zh)
	}
	return b.String()
}
