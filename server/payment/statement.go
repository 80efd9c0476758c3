package payment

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/sheet"
)

// StatementRow is one row of a statement as it was understood: money that came in.
type StatementRow struct {
	N         int            `json:"n"` // as the file counts
	Serial    string         `json:"serial"`
	Reference string         `json:"reference"`
	Fen       measure.Fen    `json:"fen"`
	PaidAt    measure.Millis `json:"paid_at"`
	Payer     string         `json:"payer"`
}

// Line is the row as a line of the bank.
func (r StatementRow) Line() BankLine {
	return BankLine{ClientID: r.Serial, Reference: r.Reference, Fen: r.Fen, PaidAt: r.PaidAt, Payer: r.Payer}
}

// StatementTable is a statement as it was read.
type StatementTable struct {
	Rows    []StatementRow
	Passed  int            // rows of money that went out
	Out     []StatementRow // of them, those that quote something: they may prove payouts
	Faults  []sheet.RowFault
	Ignored []string // heads of columns that nothing is read from
	Serial  string   // head of the column with the bank's own numbers
}

// statementHeads are the words that heads of a bank's columns begin with, by what is read from them. The longest word wins. Several
// columns may hold words: banks part what the payer wrote from what kind of payment it was.
var statementHeads = map[string][]string{
	"serial": {"流水号", "交易流水", "银行流水", "核心流水", "业务编号", "交易序号", "凭证号", "serial", "transaction id", "bank number", "client_id", "client id"},
	"at":     {"交易日期", "交易时间", "入账日期", "入账时间", "记账日期", "到账时间", "付款时间", "日期", "时间", "paid at", "paid_at", "date", "time"},
	"in":     {"贷方", "收入", "存入", "转入", "入账金额", "credit", "money in"},
	"out":    {"借方", "支出", "支取", "转出", "debit", "money out"},
	"amount": {"金额", "交易金额", "发生额", "到账金额", "amount"},
	"side":   {"借贷", "收支", "收付", "收/支", "借/贷", "dr/cr", "side", "direction"},
	"money":  {"币种", "币别", "货币", "currency", "ccy"},
	"words":  {"附言", "摘要", "用途", "备注", "参考号", "汇款附言", "付款附言", "reference", "purpose", "remark", "note"},
	"payer":  {"对方户名", "对方名称", "对方单位", "付款人", "付款方", "汇款人", "payer", "counterparty", "name"},
}

// Words of a row's side, and of the yuan and what is none. A word that begins with a longer one of another list belongs to that.
var (
	cameIn   = []string{"贷", "收", "入", "进", "存", "转入", "credit", "cr", "c", "in", "+"}
	wentAway = []string{"借", "支", "出", "付", "转出", "debit", "dr", "d", "out", "-", "−"}
	yuans    = []string{"人民币", "人民币元", "元", "cny", "rmb", "156", "yuan", "¥"} // 156: ISO 4217's number of it
	others   = []string{"美元", "欧元", "港元", "港币", "日元", "英镑", "外币", "usd", "eur", "hkd", "jpy", "gbp", "$", "€", "£"}
)

// fold makes one writing of a head or a word.
func fold(text string) string {
	return strings.ToLower(strings.NewReplacer("（", "(", "）", ")", "／", "/", "￥", "¥").Replace(strings.TrimSpace(text)))
}

// begins reports whether a text begins with a word; a word of one or two Latin letters or a sign must be all of it.
func begins(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return text == w || len(w) > 2 && strings.HasPrefix(text, w) })
}

func statementField(head string) string {
	text := fold(head)
	best, most := "", 0
	for name, words := range statementHeads {
		for _, w := range words {
			if strings.HasPrefix(text, w) && len(w) > most {
				best, most = name, len(w)
			}
		}
	}
	return best
}

// statementReader reads the rows of one table.
type statementReader struct {
	fields []string // by column
	heads  []string
	units  map[string]string // of the amounts, by field, as their heads say: 万元
	now    time.Time
	zone   *time.Location
	seen   map[string]int // equal rows without a number so far
	taken  map[string]int // row by serial
}

// ReadStatement reads a bank's table; days are those of zone. A table that names neither day nor amount is a fault at "file"; a wrong row
// is told in Faults, by its column.
func ReadStatement(t sheet.Table, zone *time.Location, now time.Time) (StatementTable, error) {
	var out StatementTable
	r := statementReader{heads: t.Header, units: map[string]string{}, now: now, zone: zone, seen: map[string]int{}, taken: map[string]int{}}
	for _, h := range t.Header {
		f := statementField(h)
		if f != "words" && f != "at" && f != "" && slices.Contains(r.fields, f) {
			return out, fault.At("file", "column_twice", "The column %q says for the second time what another says.", h)
		}
		if r.fields = append(r.fields, f); f == "" && h != "" {
			out.Ignored = append(out.Ignored, h)
		}
		if err := r.unit(f, h); err != nil {
			return out, err
		}
	}
	if !slices.Contains(r.fields, "at") || !slices.Contains(r.fields, "amount") && !slices.Contains(r.fields, "in") {
		return out, fault.At("file", "no_columns", "The first row must name the columns: %s.", "交易日期, 贷方金额, 附言")
	}
	out.Serial = r.head("serial")
	for _, row := range t.Rows {
		read, bad := r.row(row)
		switch {
		case bad != nil:
			out.Faults = append(out.Faults, *bad)
		case read.Fen <= 0:
			out.Passed++
			if read.Fen < 0 && len(References(read.Reference)) > 0 {
				read.Fen = -read.Fen
				out.Out = append(out.Out, read)
			}
		default:
			out.Rows = append(out.Rows, read)
		}
	}
	return out, nil
}

// unit keeps what the head of an amount says in brackets, where it is a unit of money. A head of another currency is a fault.
func (r *statementReader) unit(name, head string) error {
	_, unit, _ := strings.Cut(fold(head), "(")
	if unit = strings.TrimSpace(strings.TrimSuffix(unit, ")")); unit == "" || name != "amount" && name != "in" && name != "out" {
		return nil
	}
	if begins(unit, others) {
		return fault.Within(otherCurrency(unit), "file")
	}
	if _, err := measure.ParseMoney("1" + unit); err == nil {
		r.units[name] = unit
	}
	return nil
}

func otherCurrency(word string) *fault.Fault {
	return fault.New(fault.Invalid, "statement_currency", "The books are kept in yuan; %q is another currency.", word)
}

// money is the amount in a column, in the unit of its head where the cell names none.
func (r *statementReader) money(row sheet.Row, name string) string {
	text := r.text(row, name)
	if text != "" && strings.Trim(text, "0123456789.,-−+ ０１２３４５６７８９．，") == "" {
		text += r.units[name]
	}
	return text
}

// row reads one; its sum is below zero where the money went out and the row says how much.
func (r *statementReader) row(row sheet.Row) (StatementRow, *sheet.RowFault) {
	out := StatementRow{N: row.N}
	for i, c := range row.Cells {
		if c.Formula && r.fields[i] != "" {
			return out, sheet.FaultIn(row.N, r.heads[i], fault.New(fault.Invalid, "formula", "A formula stands here; put in the value itself."))
		}
		if c.Merged != "" && (r.fields[i] == "amount" || r.fields[i] == "in" || r.fields[i] == "out") {
			return out, sheet.FaultIn(row.N, r.heads[i], fault.New(fault.Invalid, "merged_amount", "The cells %s are merged: write the amount in each row.", c.Merged))
		}
	}
	var err error
	column := ""
	if money := fold(r.text(row, "money")); money != "" && !begins(money, yuans) {
		return out, sheet.FaultIn(row.N, r.head("money"), otherCurrency(r.text(row, "money")))
	}
	if out.Fen, column, err = r.sum(row); err == nil && out.Fen == 0 {
		return r.wentOut(row, out), nil
	}
	if err == nil {
		column = "at"
		out.PaidAt, err = r.at(row)
	}
	if err != nil {
		return out, sheet.FaultIn(row.N, r.head(column), err)
	}
	out.Reference, out.Payer, out.Serial = r.text(row, "words"), r.text(row, "payer"), r.text(row, "serial")
	return r.number(out)
}

// wentOut reads a row of money that went out, as far as it names a sum, a day and a number of its own: else its sum stays 0.
func (r *statementReader) wentOut(row sheet.Row, out StatementRow) StatementRow {
	text := r.money(row, "out")
	if text == "" || zero(text) {
		text = cmp.Or(r.money(row, "amount"), r.money(row, "in"))
	}
	text = strings.TrimLeft(text, "-−")
	fen, err := measure.ParseMoney(strings.TrimPrefix(text, "+"))
	at, errAt := r.at(row)
	serial := r.text(row, "serial")
	if err != nil || errAt != nil || serial == "" || fen <= 0 || r.taken[serial] > 0 {
		return out
	}
	r.taken[serial] = out.N
	out.Fen, out.PaidAt, out.Serial, out.Reference, out.Payer = -fen, at, serial, r.text(row, "words"), r.text(row, "payer")
	return out
}

// number checks the bank's own number of a row, or makes one of its content where the bank gives none: the second of two equal payments
// of a statement is another one, and the same statement sent again has the same numbers.
func (r *statementReader) number(out StatementRow) (StatementRow, *sheet.RowFault) {
	if out.Serial == "" {
		key := fmt.Sprintf("%d/%d/%s/%s", out.PaidAt, out.Fen, out.Reference, out.Payer)
		r.seen[key]++
		hash := sha256.Sum256(fmt.Appendf(nil, "%s/%d", key, r.seen[key]))
		out.Serial = "row/" + hex.EncodeToString(hash[:16])
	}
	if before := r.taken[out.Serial]; before > 0 {
		return out, sheet.FaultIn(out.N, r.head("serial"), fault.New(fault.Invalid, "serial_twice", "Row %d has the same bank number.", before))
	}
	r.taken[out.Serial] = out.N
	if f := out.Line().Check(); f != nil {
		return out, sheet.FaultIn(out.N, r.head(statementColumns[f.Field]), f)
	}
	return out, nil
}

// sum is what a row brought; 0 where the money went out. A row says it by two columns, by a sign or by a word.
func (r *statementReader) sum(row sheet.Row) (measure.Fen, string, error) {
	in, out := r.money(row, "in"), r.money(row, "out")
	if out != "" && !zero(out) {
		if in != "" && !zero(in) {
			return 0, "in", fault.New(fault.Invalid, "in_and_out", "This row says both that money came in and that it went out.")
		}
		return 0, "", nil
	}
	name := "in"
	if in == "" {
		name, in = "amount", r.money(row, "amount")
	}
	if in == "" {
		return 0, name, fault.New(fault.Invalid, "required", "This can't be empty.")
	}
	if away, err := r.away(row); err != nil || away {
		return 0, "side", err
	}
	if strings.HasPrefix(in, "-") || strings.HasPrefix(in, "−") {
		return 0, name, nil
	}
	fen, err := measure.ParseMoney(strings.TrimPrefix(in, "+"))
	if err == nil && fen == 0 {
		err = fault.New(fault.Invalid, "bad_money", "The amount lies above zero and at most at a billion yuan.")
	}
	return fen, name, err
}

// away reports whether a row's word says that the money went out. A word that says neither is a fault: money is not guessed.
func (r *statementReader) away(row sheet.Row) (bool, error) {
	side := fold(r.text(row, "side"))
	if begins(side, wentAway) {
		return true, nil
	}
	if side != "" && !begins(side, cameIn) {
		return false, fault.New(fault.Invalid, "bad_side", "%q says neither that money came in (贷) nor that it went out (借).", side)
	}
	return false, nil
}

func zero(text string) bool { return strings.Trim(text, "0.,¥￥元 -") == "" }

// at is the moment of a row: one column, or a day and a time beside it. Of several days (of the deal, of its booking) the first counts.
func (r *statementReader) at(row sheet.Row) (measure.Millis, error) {
	var day, clock string
	for i, f := range r.fields {
		text := row.Cells[i].Spelt()
		switch {
		case f != "at" || text == "":
		case sheet.IsClock(text):
			clock = cmp.Or(clock, text)
		default:
			day = cmp.Or(day, text)
		}
	}
	at, ok := sheet.Cell{Text: strings.TrimSpace(day + " " + clock)}.Moment(r.zone)
	if !ok {
		at, ok = sheet.Cell{Text: day}.Moment(r.zone) // it says the time itself
	}
	switch {
	case !ok:
		return 0, fault.New(fault.Invalid, "bad_date", "%q is no date; write it as 2020-02-01.", strings.TrimSpace(day+" "+clock))
	case at.After(r.now):
		return 0, fault.New(fault.Invalid, "payment_day", "The day of payment is missing or lies ahead.")
	}
	return measure.Millis(at.UnixMilli()), nil
}

// text joins the cells of a field, each word once.
func (r *statementReader) text(row sheet.Row, name string) string {
	var out []string
	for i, f := range r.fields {
		if text := row.Cells[i].Text; f == name && text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return strings.Join(out, " ")
}

// statementColumns says which field of a table a fault of BankLine is about.
var statementColumns = map[string]string{"client_id": "serial", "reference": "words", "payer": "payer", "amount": "in"}

// head is what the file calls a field, or the sum where it has no such column.
func (r *statementReader) head(name string) string {
	for _, f := range []string{name, "in", "amount"} {
		if i := slices.Index(r.fields, f); i >= 0 {
			return r.heads[i]
		}
	}
	return ""
}
