// Package pdptw finds routes for pickups and deliveries with time windows.
//
// # Model
//
// Problem lists what has to be moved and by what, Solve gives a plan and a reason for everything it leaves out, Verify
// checks a plan and shares no code with Solve. compile turns a Problem into a model of flat slices that all workers read;
// a state is one worker's plan. A route is a slice of nodes: node 2r is the pickup of request r, 2r+1 its delivery.
//
// Each position of a route knows its earliest leaving, the latest arrival that keeps the rest of the route in time, and the load,
// so that a stop is tested in constant time. A pair is inserted by fixing the pickup and walking the delivery along with the
// delayed time until slack or room ends it (insert.go). Where the cost or the rules look at the whole route (breaks, hours, spans without driving, tolls, a least price,
// last in first out, limits), the quick test only chooses candidates, and the simulation decides (insert_exact.go, simulate.go).
// The cheapest place of a request in a route is kept until the route changes. Pairs of requests that can never share a
// route are known in advance (conflict.go). Changes are taken back from a log, the plan is never copied. After warming up, an
// iteration allocates nothing.
//
// # Search
//
//  1. construct: what is kept of the plan to start from, then greedy insertion.
//  2. shrink (lexicographic objective only; a quarter of the budget at most): empty a route, find places for its requests. Guided
//     ejection search puts out one or two requests that failed less often; ruin and recreate is judged by the same failure
//     counts; they take turns of about the same length. It ends early when as many vehicles are left as there are requests of
//     which no two can share a route (bound.go).
//  3. anneal: ruin and recreate. Strings of stops around a request are taken out, or its neighbours, requests at random, a whole
//     route (ruin.go), and put back one by one at their cheapest place, in one of several orders, now and then passing over a
//     route (recreate.go); what has to ride together goes as a whole into the vehicle where all of it costs least (together.go).
//     Where vehicles differ, two of them swap routes now and then (swap.go), and half of the time an empty one
//     is opened by the request's share of its cost, if what waits and has room rides along (recreate_open.go). Where entering an area
//     costs a vehicle money, all requests of the area leave one vehicle at once, and others are emptied for them
//     (ruin_entry.go). The first temperature grows with the iterations a request can hope for; the last is the same for all.
//     Lexicographic objective: no more vehicles than the best plan has may be in use, a step that can't be kept any more ends
//     early, and once a request has had cycleLength iterations the plan is heated again, from the best there is, after a
//     short look for a vehicle less (solve.go).
//  4. join, between two rounds of anneal: the routes of the better plans are kept (pool.go), and a set partitioning problem
//     over them is solved by Lagrangian prices and a bounded depth-first search (cover.go).
//
// A large plan is cut into parts of near routes (territory.go). A worker changes one part at a time, and the parts are put together
// again after each round; so several workers change one plan. Where the plan is too small for that, they search alone and
// exchange their best plans between two rounds, in the order of their numbers. All that is drawn by chance comes from the seed
// and the worker's number, so the same problem, seed, workers and iterations give the same plan. Whether a worse step is kept
// is worked out in floating point, so this holds on one processor architecture.
//
// What a vehicle can't serve alone is not tried on it beside other requests, unless only its rests stand against it. Where roads
// are missing that can miss a plan. A trip leaves as late as the earliest return allows, and returns later only where a limit of hours asks
// for it and a span without driving is spent elsewhere then (standing.go).
//
// # Papers
//
//   - J. Christiaens, G. Vanden Berghe: Slack induction by string removals for vehicle routing problems. Transportation Science 54(2), 2020.
//   - Y. Nagata, S. Kobayashi: Guided ejection search for the pickup and delivery problem with time windows. EvoCOP 2010.
//   - T. Curtois, D. Landa-Silva, Y. Qu, W. Laesanklang: Large neighbourhood search with adaptive guided ejection search for the
//     pickup and delivery problem with time windows. EURO Journal on Transportation and Logistics 7, 2018.
//   - C. Sartori, L. Buriol: A study on the pickup and delivery problem with time windows: matheuristics and new instances.
//     Computers & Operations Research 124, 2020.
//   - Y. Rochat, É. Taillard: Probabilistic diversification and intensification in local search for vehicle routing. Journal of
//     Heuristics 1, 1995 (plans put together from a pool of routes, 4).
//   - É. Taillard: Parallel iterative search methods for vehicle routing problems. Networks 23, 1993 (parts of near routes).
//   - G. Hiermann, M. Schiffer: A decomposition-based approach for large-scale pickup and delivery problems. arXiv 2405.00230, 2024.
//   - M. Held, P. Wolfe, H. Crowder: Validation of subgradient optimization. Mathematical Programming 6, 1974.
//   - H. Li, A. Lim: A metaheuristic for the pickup and delivery problem with time windows. ICTAI 2001 (the instances).
package pdptw
