// Package search finds offers, demands, trucks and campaigns by words, filters and the price at the buyer's door.
//
// One text pipeline in Go serves both engines: text is folded (width, case, traditional characters), cut into
// words the Vocabulary knows and into pairs of characters, and given pinyin, initials and the names of what it speaks about.
// The engines only ever see lower-case words with spaces between them, so that no plugin is needed and both find the
// same. A query goes the same way and becomes a plan: clauses that must all match, each a set of alternatives with fixed
// weights, and filters. Relevance is the sum of the best weight of each clause and of terms for freshness, life left, certificate
// and stock. It needs no word statistics, so both engines give a document the same score.
//
// Embedded keeps documents and words in SQLite FTS5 and what is filtered, counted and sorted in memory. Elastic asks an
// Elasticsearch 8 cluster. Neither is given the user's text in its own query language.
package search
