package web

import "github.com/danielgtaylor/huma/v2"

// areas are all parts of the interface under /api.
var areas = []func(api huma.API, s Services){
	registerSession,
	registerMandates,
	registerAudit,
	registerPlaces,
	registerProduce,
	registerParties,
	registerLots,
	registerImports,
	registerOffers,
	registerListing,
	registerIncome,
	registerTodo,
	registerDemands,
	registerCampaigns,
	registerOrders,
	registerOrderQR,
	registerOpenOrders,
	registerCarts,
	registerQuotations,
	registerStanding,
	registerApproval,
	registerClaims,
	registerRecords,
	registerYesAhead,
	registerDispatch,
	registerBank,
	registerPayments,
	registerGifts,
	registerGiving,
	registerSearch,
	registerNotices,
	registerHealth,
}
