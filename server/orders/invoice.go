package orders

import (
	"jishi/server/market"
	"jishi/server/measure"
)

// CreditTerms let a buyer pay after delivery, against one invoice a month.
type CreditTerms struct {
	Party string
	Limit measure.Fen // that its open orders may lack together
	Days  int         // after the month's end
}

// Invoice is what a buyer with credit terms owes for a month's accepted deliveries.
type Invoice struct {
	ID        string
	Buyer     string
	Month     string // 2020-02
	Reference string // that the transfer quotes
	Fen       measure.Fen
	DueAt     measure.Millis
	MadeAt    measure.Millis
	MadeBy    string
	Lines     []InvoiceLine
}

// InvoiceLine is one order on an invoice.
type InvoiceLine struct {
	Order string
	Grams measure.Grams // accepted
	Fen   measure.Fen   // due: by accepted weight, less what was paid before
}

// TransferProof is a payer's word that it has transferred.
type TransferProof struct {
	ID    string
	For   string // id of the order or the invoice
	Photo string // of the slip, "" none
	Note  string
	At    measure.Millis
	By    string
}

// TransferState is where a payment by bank transfer stands.
type TransferState string

// The states of a payment by bank transfer.
const (
	AwaitingTransfer TransferState = "awaiting_transfer"
	ProofUploaded    TransferState = "proof_uploaded"   // the payer says that it has transferred; the bank has not said so
	TransferOverdue  TransferState = "transfer_overdue" // the due day is over, and nobody said anything
	TransferPaid     TransferState = "transfer_paid"    // all of it came
)

// TransferStep is one allowed change of a bank transfer's state.
type TransferStep market.Step[TransferState]

// TransferSteps are all changes of a bank transfer's state. A proof moves no money: only a line of the bank's statement does.
var TransferSteps = []TransferStep{
	{AwaitingTransfer, "upload_proof", ProofUploaded, ByBuyer, "a photo of the slip or a note; finance sees it, no money moves"},
	{AwaitingTransfer, "fall_due", TransferOverdue, market.ByClock, "the due day of an invoice is over"},
	{TransferOverdue, "upload_proof", ProofUploaded, ByBuyer, "as above"},
	{ProofUploaded, "upload_proof", ProofUploaded, ByBuyer, "another slip"},
	{AwaitingTransfer, "pay", TransferPaid, ByLedger, "lines of the bank's statement brought the whole, for the invoice or for its orders, or a page of the payment service did; a statement or a payment taken back takes this back too"},
	{TransferOverdue, "pay", TransferPaid, ByLedger, "as above"},
	{ProofUploaded, "pay", TransferPaid, ByLedger, "as above"},
}

// TransferEnds are the states nothing leads out of.
var TransferEnds = []TransferState{TransferPaid}

// transferState works the state out. due is 0 where no day was agreed.
func transferState(lacks measure.Fen, proofs int, due, now measure.Millis) TransferState {
	switch {
	case lacks == 0:
		return TransferPaid
	case proofs > 0:
		return ProofUploaded
	case due > 0 && now > due:
		return TransferOverdue
	}
	return AwaitingTransfer
}
