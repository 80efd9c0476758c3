// Package rules holds the regulations of the road and the facts of produce and trucks as data with dates.
//
// Every value carries the days it holds on, the area it holds in, its source and a mark: nothing for a value read in a
// text, "°" for one from memory that nobody checked, "!" where sources disagree. So the same load can be judged under
// the rules of any day, and every verdict names its rule. Nothing here reads a clock or a database.
package rules
