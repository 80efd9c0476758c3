package ledger

// Act is what an entry or an event of the audit can be of: its kind, in words.
type Act struct {
	Kind string // Entry.Kind or Event.Act, as it is kept
	En   string
	Zh   string
}

// In gives the act for readers of a language: "zh", or anything else for English.
func (a Act) In(lang string) string {
	if lang == "zh" {
		return a.Zh
	}
	return a.En
}

// Acts are all that entries can be of, goods first. Post refuses any other; docs/accounts.md is printed from them too.
var Acts = []Act{
	{"weighed", "weighed in", "过磅入库"},
	{"reserved", "reserved for an order", "为订单锁定"},
	{"released", "set free again", "解除锁定"},
	{"allocated", "allocated to a need", "分配给需求"},
	{"refused", "taken back from a need that wants no more", "需求不再要，收回"},
	{"taken", "put on a trip's plan", "排上车"},
	{"untaken", "taken off a trip's plan", "撤下排车"},
	{"loaded", "loaded on a truck", "装车"},
	{"received", "weighed at the receiver", "到货过磅"},
	{"corrected", "weight corrected", "更正重量"},
	{"handed_out", "handed out by the receiver", "收货方分发"},
	{"handed_back", "hand-out taken back", "撤回分发"},
	{"returned", "went back to the seller", "退回卖方"},

	{"paid", "paid in", "到账"},
	{"unpaid", "pay-in taken back", "撤销到账"},
	{"funded", "paid for out of a campaign", "捐款付给订单"},
	{"settled", "settled", "结算"},
	{"given_back", "what was left given back", "退还余款"},
	{"unspent", "unspent gift as its donor chose", "按捐方意愿处理余款"},
	{"haulage", "haulage settled", "运费结算"},
	{"loss_charged", "loss on the road charged", "途中损耗赔付"},
	{"set_off", "set off against what was owed", "抵扣"},
	{"deposit_released", "deposit given back", "退还保证金"},
	{"deposit_forfeited", "deposit forfeited", "保证金赔付对方"},
	{"payout_begun", "payout on its way", "打款发出"},
	{"payout_done", "payout proved by the bank", "打款到账"},
	{"payout_failed", "payout failed", "打款失败"},
	{"refund_begun", "refund on its way", "退款发出"},
	{"refund_done", "refund arrived", "退款到账"},
	{"refund_failed", "refund failed", "退款失败"},
	{"dispute_opened", "taken back by the payer's bank", "付款方银行拒付"},
	{"dispute_won", "dispute won, money back", "拒付争议胜诉，钱退回"},
	{"dispute_lost", "dispute lost", "拒付争议败诉"},
	{"gateway_fee", "fee of the payment service", "支付服务手续费"},
	{"dispute_fee", "fee for a dispute", "拒付争议手续费"},
}

var actOf = byKind(Acts)

func byKind(acts []Act) map[string]Act {
	m := map[string]Act{}
	for _, a := range acts {
		m[a.Kind] = a
	}
	return m
}

// ActOf gives the words for an entry's kind. One that is not among Acts, of books kept elsewhere, stands for itself.
func ActOf(kind string) Act {
	if a, ok := actOf[kind]; ok {
		return a
	}
	return Act{kind, kind, kind}
}
