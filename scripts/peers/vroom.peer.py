"""VROOM through pyvroom: peer.sh runs this."""
import datetime
import importlib
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from instance import arguments, show  # noqa: E402

vroom = importlib.import_module("vroom")
np = importlib.import_module("numpy")

inst, seconds = arguments()
p = vroom.Input()
p.set_durations_matrix("car", np.array(inst.duration, dtype=np.uint32))
p.set_costs_matrix("car", np.array(inst.distance, dtype=np.uint32))
early, late = inst.window(0)
costs = vroom.VehicleCosts(fixed=inst.vehicle_cost())
for v in range(inst.vehicles):
    p.add_vehicle(vroom.Vehicle(v, start=0, end=0, capacity=[inst.capacity], time_window=vroom.TimeWindow(early, late), costs=costs))


def step(i):
    return vroom.ShipmentStep(i, i, default_service=inst.service(i), time_windows=[vroom.TimeWindow(*inst.window(i))])


for a, b in inst.pairs:
    p.add_shipment(step(a), step(b), amount=vroom.Amount([inst.nodes[a][3]]))
# Run with -O: an assertion of pyvroom 1.15 on the time limit can never hold. Level 5 is the most thorough; the time given ends it.
solution = p.solve(exploration_level=5, nb_threads=1, timeout=datetime.timedelta(seconds=seconds))
routes = {}
for _, row in solution.routes.iterrows():
    if row["type"] in ("pickup", "delivery"):
        routes.setdefault(row["vehicle_id"], []).append(int(row["id"]))
show(routes.values())
