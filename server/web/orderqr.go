package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// registerOrderQR draws the code of a packing list: the order's page, for whoever counts at the ramp.
func registerOrderQR(api huma.API, s Services) {
	op := operation(http.MethodGet, "/orders/{id}/qr", "Draws the QR code of an order's packing list as SVG")
	huma.Register(api, op, func(ctx context.Context, in *byID) (*textAnswer, error) {
		by, err := actor(ctx)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		if _, err = s.Orders.Order(ctx, by, in.ID); err != nil {
			return nil, problemOf(ctx, err)
		}
		svg, err := drawQR("order/" + in.ID)
		return &textAnswer{ContentType: "image/svg+xml", Body: svg}, err
	})
}
