package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
)

// WeighingView is an order line on its three scales, with what was lost on the road.
type WeighingView struct {
	Line        string            `json:"line"`
	ProduceName string            `json:"produce_name"`
	Farm        int64             `json:"farm_grams" doc:"as ordered, by the farm's scale"`
	Loaded      int64             `json:"loaded_grams" doc:"by the scale at the ramp"`
	OnTruck     int64             `json:"on_truck_grams"`
	Received    int64             `json:"received_grams" doc:"by the receiver's scale, rejected goods included"`
	Accepted    int64             `json:"accepted_grams"`
	Rejected    int64             `json:"rejected_grams"`
	Within      int64             `json:"moisture_within_grams" doc:"dried out, within what was agreed: nobody answers for it"`
	Beyond      int64             `json:"moisture_beyond_grams"`
	Rot         int64             `json:"rot_grams"`
	Missing     int64             `json:"missing_grams" doc:"stolen goods too"`
	Moisture    int               `json:"moisture_per_mille" doc:"agreed beforehand, of the loaded weight"`
	Bearer      market.LossBearer `json:"bearer" enum:"carrier,seller" doc:"answers for the rest, agreed beforehand"`
	Charged     int64             `json:"charged_fen" doc:"what the bearer answers for, at the agreed price"`
}

func registerWeighings(api huma.API, s Services) {
	get(api, "/orders/{id}/weighings", "Shows each line on its three scales: farm, ramp, receiver; and the losses by the terms agreed beforehand",
		func(ctx context.Context, by auth.Actor, in *byID) ([]WeighingView, error) {
			list, err := s.Orders.Weighings(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			var ids []string
			for _, w := range list {
				ids = append(ids, w.Lot)
			}
			lots, err := market.LotsByID(ctx, s.DB.Read(), ids...)
			return mapped(list, func(w orders.Weighing) WeighingView {
				return WeighingView{w.Line, s.produceName(ctx, lots[w.Lot].Produce), int64(w.Farm), int64(w.Loaded), int64(w.OnTruck), int64(w.Received), int64(w.Accepted),
					int64(w.Rejected), int64(w.Within), int64(w.Beyond), int64(w.Rot), int64(w.Missing), w.Terms.MoisturePerMille, w.Terms.Bearer, int64(w.Charged)}
			}), err
		})
}
