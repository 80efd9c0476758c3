// Package places knows the divisions of China with their codes over time, where they lie, and how far it is by road
// from one point to another.
//
// Atlas is the list of divisions, built in. Router gives road distances and driving times; it has two implementations:
// Estimator works everywhere without a map, OSRM asks a routing server. Both pass the suite in placestest.
package places
