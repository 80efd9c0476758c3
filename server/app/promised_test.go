package app

import "maps"

// promised is a trip that was planned for one truck, with loads of apples from Fengxiang to Taibai, which its carrier has not answered yet.
type promised struct {
	plan, trip, truck string
	loads             map[string]string // of the plan, by shipper
	view              map[string]any    // of the trip
}

// promiseTruck plans it: weights by shipper, and what else the truck's offer says.
func (w *town) promiseTruck(plate string, more object, weights map[string]string) promised {
	w.t.Helper()
	vehicle := w.post("haulier", "/api/vehicles", object{"carrier": partyID("haulier"), "plate": plate, "plate_colour": "yellow", "type": "T68", "driver": "司机(演示)"}).text("id")
	offer := capacity(vehicle)
	maps.Copy(offer, more)
	p := promised{truck: w.post("haulier", "/api/capacity-offers", offer).text("id"), loads: map[string]string{}}
	loads := []string{}
	for shipper, weight := range weights {
		posted := w.post(shipper, "/api/posted-loads", object{"shipper": partyID(shipper), "produce": "苹果", "weight": weight, "packing": "箱", "pack_weight": "20公斤",
			"from": object{"adcode": "610322"}, "to": object{"adcode": "610331"}, "ready_from": "2020-02-06T08:00:00+08:00"})
		load, _ := posted.json["load"].(object)
		p.loads[shipper], _ = load["allocation"].(string)
		loads = append(loads, posted.text("id"))
	}
	plan := w.post("dispatcher", "/api/plans", object{"loads": loads, "trucks": []string{p.truck}})
	p.plan = plan.text("id")
	options, _ := plan.json["options"].([]any)
	option, _ := options[0].(map[string]any)
	trips := w.post("dispatcher", "/api/plans/"+p.plan+"/accept", object{"option": option["id"]}).list()
	if len(trips) != 1 {
		w.t.Fatalf("%d trips", len(trips))
	}
	p.view = trips[0]
	p.trip, _ = p.view["id"].(string)
	return p
}
