"""PyVRP: peer.sh runs this."""
import importlib
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from instance import arguments, show  # noqa: E402

pyvrp = importlib.import_module("pyvrp")
stop = importlib.import_module("pyvrp.stop")

inst, seconds = arguments()
m = pyvrp.Model()
places = [m.add_location(n[1], n[2]) for n in inst.nodes]
early, late = inst.window(0)
depot = m.add_depot(places[0], tw_early=early, tw_late=late)
m.add_vehicle_type(inst.vehicles, capacity=inst.capacity, start_depot=depot, end_depot=depot, fixed_cost=inst.vehicle_cost(), tw_early=early, tw_late=late)
for a in range(inst.size):
    for b in range(inst.size):
        m.add_edge(places[a], places[b], inst.distance[a][b], inst.duration[a][b])
for p, d in inst.pairs:
    (pe, pl), (de, dl) = inst.window(p), inst.window(d)
    m.add_shipment(places[p], places[d], pe, pl, inst.service(p), de, dl, inst.service(d), amount=inst.nodes[p][3])
result = m.solve(stop.MaxRuntime(seconds), seed=1, collect_stats=False, display=False)
if not result.is_feasible():
    sys.exit("no feasible plan")
routes = []
for route in result.best.routes():
    nodes = []
    for x in route.schedule():
        if x.is_pickup():
            nodes.append(inst.pairs[x.idx][0])
        elif x.is_delivery():
            nodes.append(inst.pairs[x.idx][1])
    routes.append(nodes)
show(routes)
