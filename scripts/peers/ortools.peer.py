"""OR-Tools routing: peer.sh runs this."""
import importlib
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from instance import arguments, show  # noqa: E402

pywrapcp = importlib.import_module("ortools.constraint_solver.pywrapcp")
enums = importlib.import_module("ortools.constraint_solver.routing_enums_pb2")

inst, seconds = arguments()
manager = pywrapcp.RoutingIndexManager(inst.size, inst.vehicles, 0)
routing = pywrapcp.RoutingModel(manager)
distance = routing.RegisterTransitMatrix(inst.distance)
routing.SetArcCostEvaluatorOfAllVehicles(distance)
routing.SetFixedCostOfAllVehicles(inst.vehicle_cost())
time = routing.RegisterTransitMatrix([[x + inst.service(a) for x in row] for a, row in enumerate(inst.duration)])
early, late = inst.window(0)
routing.AddDimension(time, late, late, False, "time")
clock = routing.GetDimensionOrDie("time")
load = routing.RegisterUnaryTransitVector([n[3] for n in inst.nodes])
routing.AddDimension(load, 0, inst.capacity, True, "load")
for i in range(1, inst.size):
    clock.CumulVar(manager.NodeToIndex(i)).SetRange(*inst.window(i))
for v in range(inst.vehicles):
    clock.CumulVar(routing.Start(v)).SetRange(early, late)
    clock.CumulVar(routing.End(v)).SetRange(early, late)
solver = routing.solver()
for a, b in inst.pairs:
    x, y = manager.NodeToIndex(a), manager.NodeToIndex(b)
    routing.AddPickupAndDelivery(x, y)
    solver.Add(routing.VehicleVar(x) == routing.VehicleVar(y))
    solver.Add(clock.CumulVar(x) <= clock.CumulVar(y))
parameters = pywrapcp.DefaultRoutingSearchParameters()
parameters.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
parameters.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
parameters.time_limit.FromMilliseconds(int(seconds * 1000))
plan = routing.SolveWithParameters(parameters)
if plan is None:
    sys.exit("no plan")
routes = []
for v in range(inst.vehicles):
    i, nodes = routing.Start(v), []
    while not routing.IsEnd(i):
        i = plan.Value(routing.NextVar(i))
        if not routing.IsEnd(i):
            nodes.append(manager.IndexToNode(i))
    routes.append(nodes)
show(routes)
