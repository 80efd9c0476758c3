"""VROOM through pyvroom on a problem of our own (server/dispatch/cmd/bench writes it): peer.sh runs this.

Taken over are capacities, windows, service, which vehicle may carry what, open ends and a price per km. Times are whole seconds, rounded
up, so that a plan that keeps them keeps the milliseconds too. Prints "Route 12 : 5p 3p 5d 3d" with the vehicle's number.
"""
import datetime
import importlib
import json
import sys

vroom = importlib.import_module("vroom")
np = importlib.import_module("numpy")

problem, seconds = json.load(open(sys.argv[1])), float(sys.argv[2])
vehicles, requests, matrix = problem["vehicles"], problem["requests"], problem["profiles"][0]
size = matrix["size"]
origin = min(v["shift"]["open"] for v in vehicles)
FAR = 10**9  # seconds and metres: no road


def up(ms):
    return -(-ms // 1000)


def window(w):
    return vroom.TimeWindow(max(0, up(w["open"] - origin)), max(0, (w["close"] - origin) // 1000))


def table(values, scale):
    return np.array([FAR if x < 0 else scale(x) for x in values], dtype=np.uint32).reshape(size, size)


def who(i):
    barred = {b["vehicle"] for b in requests[i]["barred"] or ()}
    only = requests[i]["only"]
    return frozenset(v for v in range(len(vehicles)) if v not in barred and (not only or v in only))


allowed = [who(i) for i in range(len(requests))]
skill = {fleet: k for k, fleet in enumerate(sorted(set(allowed), key=sorted), 1)}

p = vroom.Input()
p.set_durations_matrix("car", table(matrix["duration"], up))
p.set_distances_matrix("car", table(matrix["distance"], int))
for n, v in enumerate(vehicles):
    end = None if v["end"] < 0 else v["end"]
    p.add_vehicle(vroom.Vehicle(n, start=v["start"], end=end, capacity=v["capacity"], time_window=window(v["shift"]), skills={k for fleet, k in skill.items() if n in fleet},
                                costs=vroom.VehicleCosts(fixed=v["fixed_cost"], per_hour=0, per_km=v["per_km"])))


def step(i, stop):
    return vroom.ShipmentStep(i, stop["location"], default_service=up(stop["service"]), time_windows=[window(w) for w in stop["windows"] or ()])


for i, r in enumerate(requests):
    p.add_shipment(step(i, r["pickup"]), step(i, r["delivery"]), amount=vroom.Amount(r["load"]), skills={skill[allowed[i]]})
# Run with -O: an assertion of pyvroom 1.15 on the time limit can never hold. Level 5 is the most thorough; the time given ends it.
solution = p.solve(exploration_level=5, nb_threads=1, timeout=datetime.timedelta(seconds=seconds))
routes = {}
for _, row in solution.routes.iterrows():
    if row["type"] in ("pickup", "delivery"):
        routes.setdefault(int(row["vehicle_id"]), []).append(f'{int(row["id"])}{row["type"][0]}')
for v, stops in sorted(routes.items()):
    print(f"Route {v} :", *stops)
