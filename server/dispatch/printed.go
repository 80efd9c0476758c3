package dispatch

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"jishi/server/dispatch/mot"
)

// The first words of what stands in a waybill's QR code, by which its form is known.
const (
	sealedForm = "JISHI2" // with a seal of this site
	digestForm = "JISHI1" // older: with a digest of the whole waybill, times included
)

// code is what stands in the QR code of a printed waybill: number and segment, plate, from, to, each kind of goods with its
// kilograms, marks of who hauls, drives, sends and receives, and a seal that this site alone can make. By the seal a paper of ours
// is known when the record has changed, by the rest what has changed.
func (w writer) code(b mot.Waybill) string {
	text := written(sealedForm, b) + "|" + strings.Join(marksOf(b), ".")
	return text + "|" + w.s.seal(w.t.ID, text)
}

// written is what both forms of a code say in plain words.
func written(form string, b mot.Waybill) string {
	v := b.VehicleInfo
	return strings.Join([]string{form, b.ShippingNoteNumber, b.SerialNumber, v.VehicleNumber, v.LoadingCountrySubdivisionCode, v.ReceiptCountrySubdivisionCode,
		strings.Join(goodsOf(b), ",")}, "|")
}

func goodsOf(b mot.Waybill) []string {
	goods := make([]string, 0, len(b.VehicleInfo.GoodsInfo))
	for _, g := range b.VehicleInfo.GoodsInfo {
		goods = append(goods, g.DescriptionOfGoods+" "+g.GoodsItemGrossWeight+"kg")
	}
	return goods
}

// marksOf are short digests of the lines of a waybill that name people and firms: carrier, driver, consignors, consignees.
func marksOf(b mot.Waybill) []string {
	return []string{mark(b.Carrier, b.ActualCarrierInfo), mark(b.VehicleInfo.Driver), mark(b.ConsignorInfo), mark(b.ConsigneeInfo)}
}

// mark is 16 bits of a digest: enough to see that a line has changed, too few to find out what it says.
func mark(lines ...any) string { return digest(lines)[:4] }

// digest is the SHA-256 of something as JSON, in hexadecimal digits.
func digest(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("a form of texts can't fail to be written: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// seal is 64 bits of an HMAC over what stands on a trip's paper, under the key of this site.
func (s *Service) seal(trip, text string) string {
	m := hmac.New(sha256.New, s.sealKey)
	fmt.Fprintf(m, "waybill/%s/%s", trip, text)
	return hex.EncodeToString(m.Sum(nil)[:8])
}

// digestCode is what stood in the code before there were seals. Times are in its digest: printed before the truck left, a paper
// no longer agrees when it has.
func digestCode(b mot.Waybill) string {
	b.SendToProDateTime = "" // of every printing another
	return written(digestForm, b) + "|" + digest(b)[:32]
}

// Proof is what a code proves of the paper it stands on.
type Proof string

// What a code proves.
const (
	PrintedHere Proof = "printed_here" // this site wrote it, for this trip
	OldForm     Proof = "old_form"     // of the form before seals, which proves nothing once the record has changed
	NotOurs     Proof = "not_ours"     // not written here for this trip, or changed since
)

// Line is one line of a printed waybill.
type Line string

// The lines that are compared.
const (
	LineSegment   Line = "segment"
	LineVehicle   Line = "vehicle"
	LineFrom      Line = "from" // a division's code, as "to" is
	LineTo        Line = "to"
	LineGoods     Line = "goods" // kilograms of one kind of goods
	LineCarrier   Line = "carrier"
	LineDriver    Line = "driver"
	LineConsignor Line = "consignor"
	LineConsignee Line = "consignee"
)

// PaperLine is one line of a printed waybill beside what is recorded now. Lines that name people or firms agree or don't: what
// they say is left out.
type PaperLine struct {
	Line     Line
	Goods    string // which kind, of goods
	Paper    string // "": the paper has no such line
	Recorded string
	Agrees   bool
}

// PaperCheck is what a printed waybill says beside the record, which is that of the truck that has the goods now. Without a proof
// it says nothing of the trip.
type PaperCheck struct {
	Proof  Proof
	Number string
	State  TripState
	Lines  []PaperLine
}

// CheckPaper compares what stands in the code of a printed waybill with the record. Anybody may ask who has the paper: the record
// is shown to none whose code doesn't prove that this site wrote it.
func (s *Service) CheckPaper(ctx context.Context, trip, code string) (PaperCheck, error) {
	t, err := tripByID(ctx, s.db.Read(), trip)
	if err != nil {
		return PaperCheck{}, err
	}
	w, err := s.writerOf(ctx, t)
	if err != nil {
		return PaperCheck{}, err
	}
	bills := w.waybills()
	if proof := w.prove(code, bills); proof != PrintedHere {
		return PaperCheck{Proof: proof}, nil
	}
	return PaperCheck{Proof: PrintedHere, Number: t.Number, State: t.State(w.now), Lines: besideRecord(strings.Split(code, "|"), bills[len(bills)-1])}, nil
}

// prove tells what a code proves of its paper.
func (w writer) prove(code string, bills []mot.Waybill) Proof {
	text, seal := cutLast(code, '|')
	switch parts := strings.Split(code, "|"); {
	case parts[0] == sealedForm && len(parts) == 9 && hmac.Equal([]byte(seal), []byte(w.s.seal(w.t.ID, text))):
		return PrintedHere
	case parts[0] != digestForm:
		return NotOurs
	case slices.ContainsFunc(bills, func(b mot.Waybill) bool { return digestCode(b) == code }):
		return PrintedHere
	}
	return OldForm
}

// cutLast cuts a text at the last of its separators; without one all of it stands before.
func cutLast(text string, separator byte) (before, after string) {
	i := strings.LastIndexByte(text, separator)
	if i < 0 {
		return text, ""
	}
	return text[:i], text[i+1:]
}

// besideRecord sets the parts of a code that is proved beside a waybill as it is recorded.
func besideRecord(code []string, b mot.Waybill) []PaperLine {
	v := b.VehicleInfo
	var lines []PaperLine
	add := func(line Line, goods, paper, recorded string) {
		lines = append(lines, PaperLine{line, goods, paper, recorded, paper == recorded})
	}
	add(LineSegment, "", code[2], b.SerialNumber)
	add(LineVehicle, "", code[3], v.VehicleNumber)
	add(LineFrom, "", code[4], v.LoadingCountrySubdivisionCode)
	add(LineTo, "", code[5], v.ReceiptCountrySubdivisionCode)
	paper, recorded := weights(strings.Split(code[6], ",")), weights(goodsOf(b))
	for _, g := range append(paper.names, recorded.names...) {
		if !slices.ContainsFunc(lines, func(l PaperLine) bool { return l.Line == LineGoods && l.Goods == g }) {
			add(LineGoods, g, paper.of[g], recorded.of[g])
		}
	}
	if code[0] == digestForm {
		return lines // its digest agreed, and has all the rest
	}
	now := marksOf(b)
	for i, m := range strings.Split(code[7], ".") {
		lines = append(lines, PaperLine{Line: []Line{LineCarrier, LineDriver, LineConsignor, LineConsignee}[i], Agrees: m == now[i]})
	}
	return lines
}

// kinds are kilograms by kind of goods.
type kinds struct {
	names []string
	of    map[string]string
}

func weights(goods []string) kinds {
	out := kinds{of: map[string]string{}}
	for _, g := range goods {
		name, kg := cutLast(strings.TrimSuffix(g, "kg"), ' ')
		if kg != "" {
			out.names, out.of[name] = append(out.names, name), kg
		}
	}
	return out
}
