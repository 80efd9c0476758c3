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
}

// statementHeads are the words that heads of a bank's columns begin with, by what is read from them. The longest word wins. Several
// columns may hold words: banks part what the payer wrote from what kind of payment it was.
var statementHeads = map[string][]string{
	"serial": {"流水号", "交易流水", "银行流水", "核心流水", "业务编号", "交易序号", "凭证号", "serial", "transaction id", "bank number", "client_id"},
	"at":     {"交易日期", "交易时间", "入账日期", "入账时间", "记账日期", "到账时间", "日期", "时间", "paid at", "paid_at", "date", "time"},
	"in":     {"贷方", "收入", "存入", "转入", "入账金额", "credit", "money in"},
	"out":    {"借方", "支出", "支取", "转出", "debit", "money out"},
	"amount": {"金额", "交易金额", "发生额", "到账金额", "amount"},
	"side":   {"借贷", "收支", "收/支", "借/贷", "side", "direction"},
	"words":  {"附言", "摘要", "用途", "备注", "参考号", "汇款附言", "reference", "purpose", "remark", "note"},
	"payer":  {"对方户名", "对方名称", "对方单位", "付款人", "付款方", "汇款人", "payer", "counterparty", "name"},
}

func statementField(head string) string {
	text := strings.ToLower(strings.NewReplacer("（", "(", "）", ")", "／", "/").Replace(strings.TrimSpace(head)))
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
	now    time.Time
	zone   *time.Location
	seen   map[string]int // equal rows without a number so far
	taken  map[string]int // row by serial
}

// ReadStatement reads a bank's table; days are those of zone. A table that names neither day nor amount is a fault at "file"; a wrong row
// is told in Faults, by its column.
func ReadStatement(t sheet.Table, zone *time.Location, now time.Time) (StatementTable, error) {
	var out StatementTable
	r := statementReader{heads: t.Header, now: now, zone: zone, seen: map[string]int{}, taken: map[string]int{}}
	for _, h := range t.Header {
		f := statementField(h)
		if f != "words" && f != "at" && f != "" && slices.Contains(r.fields, f) {
			return out, fault.At("file", "column_twice", "The column %q says for the second time what another says.", h)
		}
		if r.fields = append(r.fields, f); f == "" && h != "" {
			out.Ignored = append(out.Ignored, h)
		}
	}
	if !slices.Contains(r.fields, "at") || !slices.Contains(r.fields, "amount") && !slices.Contains(r.fields, "in") {
		return out, fault.At("file", "no_columns", "The first row must name the columns: %s.", "交易日期, 贷方金额, 附言")
	}
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
	text := r.text(row, "out")
	if text == "" || zero(text) {
		text = strings.Trim(cmp.Or(r.text(row, "amount"), r.text(row, "in")), "-−")
	}
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
		return out, sheet.FaultIn(out.N, r.head(map[string]string{"client_id": "serial", "reference": "words", "amount": "amount"}[f.Field]), f)
	}
	return out, nil
}

// sum is what a row brought; 0 where the money went out. A row says it by two columns, by a sign or by a word.
func (r *statementReader) sum(row sheet.Row) (measure.Fen, string, error) {
	in, out := r.text(row, "in"), r.text(row, "out")
	if in == "" && out != "" && !zero(out) {
		return 0, "", nil
	}
	name := "in"
	if in == "" {
		name, in = "amount", r.text(row, "amount")
	}
	if in == "" {
		return 0, name, fault.New(fault.Invalid, "required", "This can't be empty.")
	}
	side := r.text(row, "side")
	if strings.HasPrefix(in, "-") || strings.HasPrefix(in, "−") || strings.HasPrefix(side, "借") || strings.HasPrefix(side, "支") || strings.EqualFold(side, "debit") {
		return 0, name, nil
	}
	fen, err := measure.ParseMoney(strings.TrimPrefix(in, "+"))
	if err == nil && fen == 0 && !zero(out) && out != "" {
		return 0, name, nil
	}
	if err == nil && fen == 0 {
		err = fault.New(fault.Invalid, "bad_money", "The amount lies above zero and at most at a billion yuan.")
	}
	return fen, name, err
}

func zero(text string) bool { return strings.Trim(text, "0.,¥￥元 -") == "" }

// at is the moment of a row: one column, or a day and a time beside it.
func (r *statementReader) at(row sheet.Row) (measure.Millis, error) {
	var parts []string
	c := sheet.Cell{}
	for i, f := range r.fields {
		if f == "at" && row.Cells[i].Text != "" {
			parts, c = append(parts, row.Cells[i].Text), row.Cells[i]
		}
	}
	if len(parts) > 1 {
		c = sheet.Cell{Text: strings.Join(parts, " ")}
	}
	at, ok := c.Moment(r.zone)
	switch {
	case !ok:
		return 0, fault.New(fault.Invalid, "bad_date", "%q is no date; write it as 2020-02-01.", c.Text)
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

// head is what the file calls a field.
func (r *statementReader) head(name string) string {
	if i := slices.Index(r.fields, name); i >= 0 {
		return r.heads[i]
	}
	return cmp.Or(name, "?")
}
