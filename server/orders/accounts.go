package orders

// The accounts of an order. Gram accounts, in the order in which goods pass through them:
//
//	lot/<lot>/available -> line/<line>/reserved -> alloc/<alloc>/allocated -> consign/<c>/allocated
//	-> consign/<c>/on_truck -> consign/<c>/{accepted,rejected,returned,lost/<cause>}
//	consign/<c>/accepted -> consign/<c>/accepted/handed_out
//
// Fen accounts:
//
//	world/bank -> campaign/<id>/fund -> order/<id>/escrow -> payable/<party>, benefit/<household>, platform/...

// LineReserved holds what a seller promised of an order line and nobody has a place for yet.
func LineReserved(line string) string { return "line/" + line + "/reserved" }

// AllocAllocated holds what is promised to one demand and not on a plan.
func AllocAllocated(alloc string) string { return "alloc/" + alloc + "/allocated" }

// ConsignAllocated holds what a trip is to load.
func ConsignAllocated(c string) string { return "consign/" + c + "/allocated" }

// ConsignOnTruck holds what was loaded and is on the road.
func ConsignOnTruck(c string) string { return "consign/" + c + "/on_truck" }

// ConsignAccepted holds what the receiver took.
func ConsignAccepted(c string) string { return "consign/" + c + "/accepted" }

// ConsignHandedOut holds what of that its wards got.
func ConsignHandedOut(c string) string { return "consign/" + c + "/accepted/handed_out" }

// ConsignRejected holds what was weighed in and refused.
func ConsignRejected(c string) string { return "consign/" + c + "/rejected" }

// ConsignReturned holds what went back to the seller.
func ConsignReturned(c string) string { return "consign/" + c + "/returned" }

// ConsignLost holds what did not arrive, by its cause.
func ConsignLost(c string, cause LossCause) string { return "consign/" + c + "/lost/" + string(cause) }

// Escrow holds the money of one order until it is settled.
func Escrow(order string) string { return "order/" + order + "/escrow" }

// Overpaid holds what was paid for an order beyond its invoice, until the buyer says what to do with it.
func Overpaid(order string) string { return "order/" + order + "/overpaid" }

// Payable holds what is owed to a party.
func Payable(party string) string { return "payable/" + party }

// Benefit holds what is owed to a registered household out of the price.
func Benefit(household string) string { return "benefit/" + household }

// HaulEscrow holds the money of a haulage need that is no order of the market.
func HaulEscrow(load string) string { return "haul/" + load + "/escrow" }

// Refund holds what is owed back to a buyer.
func Refund(party string) string { return "refund/" + party }

// Unmatched holds the money of one bank line or one checkout until somebody knows what it was for.
func Unmatched(id string) string { return "unmatched/" + id }

// Held holds a deposit until the promise it was put up for is kept or broken.
func Held(deposit string) string { return "deposit/" + deposit }

// SetoffAccount holds what one party owes another through us, until it is taken out of what we owe the first.
func SetoffAccount(setoff string) string { return "setoff/" + setoff }

// GatewayWorld is our account at the payment service, seen from the outside.
const GatewayWorld = "world/stripe"

// GatewayFees stands for what the payment service kept for its work. It is of the outside: below zero by what it cost.
const GatewayFees = "world/fees"

// Refunding holds what goes back to a payer through the payment service, until that has done it.
func Refunding(refund string) string { return "refunding/" + refund }

// Transit holds a payment to a party that two people approved, until the bank's number proves it.
func Transit(payout string) string { return "payout/" + payout + "/transit" }

// Frozen holds what a payer's bank took back, until it is decided who is right.
func Frozen(dispute string) string { return "disputed/" + dispute }

// Owed stands for what a party owes us. It is of the outside: below zero by what is owed.
func Owed(party string) string { return "world/owed/" + party }

// The platform's own accounts.
const (
	Fee      = "platform/fee"
	Rounding = "platform/rounding"
)
