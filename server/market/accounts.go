package market

import "strings"

// Harvest is the outside world goods come from at the farm weighing.
const Harvest = "world/harvest"

// Reweighed is the outside world that takes or gives the difference when joined lots are put on the scale again.
const Reweighed = "world/reweighed"

// Returned is the outside world that rejected goods come back from, as a lot of their own; their old lot keeps them as returned.
const Returned = "world/returned"

// Bank is the outside world that money comes from and goes to.
const Bank = "world/bank"

// LotAvailable names the gram account of what is left of a lot.
func LotAvailable(lot string) string { return "lot/" + lot + "/available" }

// lotAvailableOf is LotAvailable in SQL, of a column.
func lotAvailableOf(column string) string { return `'lot/' || ` + column + ` || '/available'` }

// CampaignFund names the fen account of a campaign, restricted to its named use.
func CampaignFund(campaign string) string { return "campaign/" + campaign + "/fund" }

// FundOf gives the campaign whose fund an account is.
func FundOf(account string) (campaign string, ok bool) {
	rest, ok := strings.CutPrefix(account, "campaign/")
	campaign, fund := strings.CutSuffix(rest, "/fund")
	return campaign, ok && fund
}
