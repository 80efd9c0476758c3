package orders

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// GiftReceipt is the paper for one sum that a donor gave. It says for good what held when it was issued.
type GiftReceipt struct {
	Series    string // the year
	N         int64  // without holes within the series
	Entry     string // ledger entry of the money
	Campaign  string
	Donor     string
	DonorName string
	Title     string // of the campaign
	NamedUse  string
	Fen       measure.Fen
	PaidAt    measure.Millis
	IssuedAt  measure.Millis
	TakenBack measure.Fen // of it, since: by the payer's bank in a dispute, or by finance; such a receipt holds no more
}

// Number is what the receipt is called: "2020-000001".
func (r GiftReceipt) Number() string { return fmt.Sprintf("%s-%06d", r.Series, r.N) }

// IssueReceipts gives a receipt for every sum that a donor paid into a campaign, writing those that are missing. The next number is taken
// in the transaction that writes it, so that no number is left out or given twice.
func (s *Service) IssueReceipts(ctx context.Context, by auth.Actor, campaign, donor string) ([]GiftReceipt, error) {
	acting, err := by.ActFor(donor, auth.ActCampaigns)
	if err != nil {
		return nil, notFound("campaign")
	}
	var out []GiftReceipt
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		c, err := market.CampaignByID(ctx, tx, campaign)
		if err != nil {
			return found(err, "campaign")
		}
		if err = s.issueMissing(ctx, tx, acting, c, donor); err != nil {
			return err
		}
		out, err = receiptsOf(ctx, tx, campaign, donor)
		return err
	})
	return out, err
}

func (s *Service) issueMissing(ctx context.Context, tx store.Tx, by auth.Actor, c market.Campaign, donor string) error {
	entries, err := ledger.Entries(ctx, tx, "campaign/"+c.ID)
	if err != nil {
		return err
	}
	have, err := receiptsOf(ctx, tx, c.ID, donor)
	if err != nil {
		return err
	}
	issued := map[string]bool{}
	for _, r := range have {
		issued[r.Entry] = true
	}
	parties, err := market.PartiesByID(ctx, tx, donor)
	if err != nil {
		return err
	}
	now := s.Now(ctx)
	for _, e := range entries {
		fen := paidBy(e, c, donor)
		if fen == 0 || issued[e.ID] {
			continue
		}
		back, err := takenBack(ctx, tx, e)
		if err != nil {
			return err
		}
		if fen -= back; fen <= 0 { // until it is decided; won, it is a gift again
			continue
		}
		r := GiftReceipt{Series: now.In(china).Format("2006"), Entry: e.ID, Campaign: c.ID, Donor: donor, DonorName: parties[donor].Name, Title: c.Title,
			NamedUse: c.NamedUse, Fen: fen, PaidAt: e.At, IssuedAt: millis(now)}
		if r.N, err = nextReceipt(ctx, tx, r.Series); err != nil {
			return err
		}
		if err = insertReceipt(ctx, tx, r, by.ID()); err != nil {
			return err
		}
		if err = record(ctx, tx, by, deed{act: "receipt.issue", subject: "campaign/" + c.ID, at: r.IssuedAt, after: r}); err != nil {
			return err
		}
	}
	return nil
}

// paidBy is what an entry brought into the fund from outside in a donor's name. What another campaign left over has its receipt there.
func paidBy(e ledger.Entry, c market.Campaign, donor string) measure.Fen {
	who := e.Note[donorNote]
	if who == "" {
		who = c.Donor
	}
	var fen measure.Fen
	for _, p := range e.Postings {
		if who == donor && p.To == market.CampaignFund(c.ID) && cameIn(p.From) && e.Kind != "unspent" {
			fen += measure.Fen(p.Amount)
		}
	}
	return fen
}

// takenBack is what of the money of an entry its payer's bank took again, or finance gave back as a mistake.
func takenBack(ctx context.Context, q store.Querier, e ledger.Entry) (sum measure.Fen, err error) {
	parts := strings.Split(e.ClientID, "/")
	switch {
	case len(parts) == 3 && parts[0] == "checkout":
		disputes, err := payment.DisputesOf(ctx, q, parts[1])
		for _, d := range disputes {
			if d.Act != payment.DisputeIsWon {
				sum += d.Fen
			}
		}
		return sum, err
	case len(parts) == 3 && parts[0] == "bank":
		undone, err := ledger.ByClientID(ctx, q, "bank/"+parts[1]+"/undone")
		for _, p := range undone.Postings {
			sum += measure.Fen(p.Amount)
		}
		return sum, ignoreNoRows(err)
	}
	return 0, nil
}

// withTakenBack adds to receipts what was taken back since.
func withTakenBack(ctx context.Context, q store.Querier, campaign string, list []GiftReceipt) ([]GiftReceipt, error) {
	if len(list) == 0 {
		return list, nil
	}
	c, err := market.CampaignByID(ctx, q, campaign)
	if err != nil {
		return nil, err
	}
	entries, err := ledger.Entries(ctx, q, "campaign/"+campaign)
	for i := range list {
		r := &list[i]
		for _, e := range entries {
			if e.ID == r.Entry && err == nil {
				var back measure.Fen
				back, err = takenBack(ctx, q, e)
				r.TakenBack = min(max(0, back-(paidBy(e, c, r.Donor)-r.Fen)), r.Fen) // what was gone when it was issued is not in it
			}
		}
	}
	return list, err
}

var receiptNumber = regexp.MustCompile(`^(\d{4})-(\d{6,12})$`)

// ReceiptByNumber gives one receipt to its donor and to those who check the books.
func (s *Service) ReceiptByNumber(ctx context.Context, by auth.Actor, number string) (GiftReceipt, error) {
	m := receiptNumber.FindStringSubmatch(number)
	if m == nil {
		return GiftReceipt{}, notFound("receipt")
	}
	n, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil {
		return GiftReceipt{}, notFound("receipt")
	}
	r, err := scanReceipt(s.DB.Read().QueryRowContext(ctx, `SELECT `+receiptColumns+` FROM receipts WHERE series = $1 AND n = $2`, m[1], n))
	if err != nil {
		return r, found(err, "receipt")
	}
	if !by.MayActFor(r.Donor, auth.ActCampaigns) && !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return GiftReceipt{}, notFound("receipt")
	}
	list, err := withTakenBack(ctx, s.DB.Read(), r.Campaign, []GiftReceipt{r})
	return list[0], err
}

const receiptColumns = `series, n, entry, campaign_id, donor_id, donor_name, title, named_use, fen, paid_at, issued_at`

func scanReceipt(row store.Scanner) (GiftReceipt, error) {
	var r GiftReceipt
	err := row.Scan(&r.Series, &r.N, &r.Entry, &r.Campaign, &r.Donor, &r.DonorName, &r.Title, &r.NamedUse, &r.Fen, &r.PaidAt, &r.IssuedAt)
	return r, err
}

func insertReceipt(ctx context.Context, tx store.Tx, r GiftReceipt, by string) error {
	return store.Exec(ctx, tx, `INSERT INTO receipts (`+receiptColumns+`, issued_by) VALUES (`+store.Marks(1, 12)+`)`,
		r.Series, r.N, r.Entry, r.Campaign, r.Donor, r.DonorName, r.Title, r.NamedUse, int64(r.Fen), int64(r.PaidAt), int64(r.IssuedAt), by)
}

func nextReceipt(ctx context.Context, tx store.Tx, series string) (int64, error) {
	var n int64
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(n), 0) + 1 FROM receipts WHERE series = $1`, series).Scan(&n)
	return n, err
}

func receiptsOf(ctx context.Context, q store.Querier, campaign, donor string) ([]GiftReceipt, error) {
	list, err := store.All(ctx, q, scanReceipt, `SELECT `+receiptColumns+` FROM receipts WHERE campaign_id = $1 AND donor_id = $2 ORDER BY series, n`, campaign, donor)
	if err != nil {
		return nil, err
	}
	return withTakenBack(ctx, q, campaign, list)
}
