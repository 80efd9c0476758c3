package market

import (
	"context"
	"slices"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/sheet"
	"jishi/server/store"
)

// ImportInput is a file with lots.
type ImportInput struct {
	ClientID string
	Party    string
	Place    Place // of rows that name none; without a county the party's own
	Name     string
	Data     []byte
}

// ReadImport reads a file and keeps what it understood; no lot is made yet. A file that is no table is a fault; a wrong row is told in
// Faults.
func (s *Service) ReadImport(ctx context.Context, by auth.Actor, in ImportInput) (Import, error) {
	by, err := by.ActFor(in.Party, auth.ActLots)
	if err != nil {
		return Import{}, err
	}
	if in.Place.Adcode == "" {
		p, err := PartyByID(ctx, s.DB.Read(), in.Party)
		if err != nil {
			return Import{}, fault.OfField(found(err, "party"), "party")
		}
		in.Place = p.Place
	}
	t, err := sheet.Read(in.Name, in.Data)
	if err != nil {
		return Import{}, err
	}
	fields, ignored, err := fieldsOf(t.Header)
	if err != nil {
		return Import{}, err
	}
	rows, faults, wrong := s.readRows(t, fields, in, s.time(ctx))
	for i := range rows {
		whole := rows[i].place(in.Place)
		rows[i].PlaceName, rows[i].Adcode = whole.Name, whole.Adcode
	}
	i := Import{ID: store.NewID(), Party: in.Party, Name: clip(in.Name), Good: len(rows), Wrong: wrong, Faults: faults, Ignored: ignored, Mandate: mandateOf(by), CreatedAt: s.millis(ctx)}
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := Once(ctx, tx, in.ClientID, i.ID)
		if err != nil {
			return err
		}
		if before != "" {
			i, err = importByID(ctx, tx, before)
			return err
		}
		return insertImport(ctx, tx, i, rows, by.ID())
	})
	i.Rows = rows[:min(len(rows), shownRows)]
	return i, err
}

// Import gives an import with its first rows.
func (s *Service) Import(ctx context.Context, by auth.Actor, id string) (Import, error) {
	i, err := importByID(ctx, s.DB.Read(), id)
	if err != nil {
		return i, found(err, "import")
	}
	if !by.MayActFor(i.Party, auth.ActLots) {
		return Import{}, notFound("import")
	}
	for _, act := range []string{pieceWaiting, pieceMade, pieceUndone} {
		first, err := firstPiece(ctx, s.DB.Read(), id, act)
		if err != nil {
			return i, err
		}
		if len(first) > 0 && first[0].n == 0 {
			i.Rows = first[0].rows[:min(len(first[0].rows), shownRows)]
		}
	}
	return i, nil
}

// Imports lists a party's imports, newest first.
func (s *Service) Imports(ctx context.Context, by auth.Actor, party, after string) ([]Import, error) {
	if !by.MayActFor(party, auth.ActLots) {
		return nil, notFound("party")
	}
	return importsOf(ctx, s.DB.Read(), party, after, pageSize)
}

// ConfirmImport makes the next piece of an import into lots, and offers that are live where the row has a price. Whoever calls goes on
// until Made is Good; stopping there, or a power cut, leaves whole pieces, and the import can go on or be undone. Rows that are wrong
// are left out only when the caller says so.
func (s *Service) ConfirmImport(ctx context.Context, by auth.Actor, id string, withoutWrong bool) (Import, error) {
	var i Import
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		var err error
		if i, err = importByID(ctx, tx, id); err != nil {
			return found(err, "import")
		}
		acting, err := by.ActFor(i.Party, auth.ActLots)
		if err != nil {
			return notFound("import")
		}
		if i.Undone > 0 {
			return fault.New(fault.Conflict, "import_undone", "This import was taken back.")
		}
		if i.Wrong > 0 && !withoutWrong {
			return fault.At("without_wrong", "rows_wrong", "%d rows are wrong: correct the file, or say that they are left out.", i.Wrong)
		}
		next, err := firstPiece(ctx, tx, id, pieceWaiting)
		if err != nil || len(next) == 0 {
			return err
		}
		lots, err := s.makePiece(ctx, tx, acting, i, next[0])
		if err != nil {
			return err
		}
		i.Made += len(lots)
		return setPiece(ctx, tx, id, next[0].n, pieceMade, lots)
	})
	return i, err
}

func (s *Service) makePiece(ctx context.Context, tx store.Tx, by auth.Actor, i Import, p piece) ([]string, error) {
	var lots []string
	for _, row := range p.rows {
		l, err := s.newLot(ctx, by, row.lot(i.Party, row.place(Place{})))
		if err != nil {
			return nil, err
		}
		if row.Certificate != "" {
			l.Certificate, l.CertifiedAt = row.Certificate, l.CreatedAt
		}
		shares, err := ownShares(ctx, tx, LotInput{Party: i.Party, Weight: row.Weight})
		if err != nil {
			return nil, err
		}
		if err = s.writeLot(ctx, tx, by, l, shares, nil); err != nil {
			return nil, err
		}
		if row.Price != measure.NoPrice {
			if err = s.putUp(ctx, tx, by, l, row.offer(l.ID)); err != nil {
				return nil, err
			}
		}
		lots = append(lots, l.ID)
	}
	return lots, nil
}

// putUp writes an offer that is live at once.
func (s *Service) putUp(ctx context.Context, tx store.Tx, by auth.Actor, l Lot, in OfferInput) error {
	o := Offer{ID: store.NewID(), Lot: l.ID, Seller: l.Party, Price: in.Price, Gift: in.Gift, Min: in.Min, Pickup: in.Pickup, Loss: in.loss(), Act: OfferLive, Version: 1,
		Mandate: mandateOf(by), CreatedAt: l.CreatedAt, UpdatedAt: l.CreatedAt}
	if err := insertOffer(ctx, tx, o, by.ID()); err != nil {
		return err
	}
	if err := s.changed(ctx, tx, OfferKind, o.ID); err != nil {
		return err
	}
	if err := s.listed(ctx, tx, by, o, l.Produce); err != nil {
		return err
	}
	return s.record(ctx, tx, by, "offer.create", "offer/"+o.ID, "", nil, o)
}

// UndoImport takes the next piece of an import back: its offers are withdrawn, and its grams go back to where they came from. It is
// refused as a whole when any of its goods were ordered, joined or moved. Whoever calls goes on until Made is 0.
func (s *Service) UndoImport(ctx context.Context, by auth.Actor, id string) (Import, error) {
	var i Import
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		var err error
		if i, err = importByID(ctx, tx, id); err != nil {
			return found(err, "import")
		}
		acting, err := by.ActFor(i.Party, auth.ActLots)
		if err != nil {
			return notFound("import")
		}
		pieces, err := piecesOf(ctx, tx, id)
		if err != nil || len(pieces) == 0 {
			return err
		}
		if i.Undone > 0 { // the others were looked at with the first
			pieces = pieces[:1]
		}
		if err = s.noneOrdered(ctx, tx, pieces); err != nil {
			return err
		}
		if err = s.takeBack(ctx, tx, acting, pieces[0].lots); err != nil {
			return err
		}
		i.Made, i.Undone = i.Made-len(pieces[0].lots), i.Undone+len(pieces[0].lots)
		return setPiece(ctx, tx, id, pieces[0].n, pieceUndone, pieces[0].lots)
	})
	return i, err
}

// noneOrdered faults an import of which something was ordered.
func (s *Service) noneOrdered(ctx context.Context, tx store.Tx, pieces []piece) error {
	for _, p := range pieces {
		ordered, err := s.Books.OrderedLots(ctx, tx, p.lots...)
		if err != nil {
			return err
		}
		if len(ordered) > 0 {
			return fault.New(fault.Conflict, "import_ordered", "%d of these lots were ordered: the import can't be taken back as a whole.", len(ordered))
		}
	}
	return nil
}

func (s *Service) takeBack(ctx context.Context, tx store.Tx, by auth.Actor, lots []string) error {
	byID, err := LotsByID(ctx, tx, lots...)
	if err != nil {
		return err
	}
	left, err := available(ctx, tx, lots...)
	if err != nil {
		return err
	}
	for _, id := range lots {
		l := byID[id]
		if left[id] != l.Weighed {
			return fault.New(fault.Conflict, "import_moved", "Goods of these lots were joined or moved: the import can't be taken back as a whole.")
		}
		if err = s.unweigh(ctx, tx, by, l); err != nil {
			return err
		}
	}
	return nil
}

// unweigh withdraws a lot's offers and posts its grams back: lot/<id>/available -> world/harvest.
func (s *Service) unweigh(ctx context.Context, tx store.Tx, by auth.Actor, l Lot) error {
	offers, err := offersOfLot(ctx, tx, l.ID)
	if err != nil {
		return err
	}
	for _, o := range offers {
		if slices.Contains(OfferEnds, o.Act) {
			continue
		}
		gone := o
		gone.Act, gone.UpdatedAt = OfferWithdrawn, s.millis(ctx)
		if _, err = setOfferAct(ctx, tx, o, gone); err != nil {
			return err
		}
	}
	_, _, err = ledger.Post(ctx, tx, ledger.Entry{ClientID: "lot/" + l.ID + "/unweighed", At: s.millis(ctx), Actor: by.ID(), Kind: "weighed", Subject: "lot/" + l.ID,
		Postings: []ledger.Posting{{Unit: ledger.Grams, From: LotAvailable(l.ID), To: Harvest, Amount: int64(l.Weighed)}}})
	if err != nil {
		return err
	}
	if err = s.LotsChanged(ctx, tx, l.ID); err != nil {
		return err
	}
	return s.record(ctx, tx, by, "lot.undo", "lot/"+l.ID, "", l, nil)
}
