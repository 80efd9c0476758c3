package dispatch

import (
	"context"

	"jishi/server/measure"
	"jishi/server/store"
)

// insertTripParty lets one more party see a trip. A second time changes nothing.
func insertTripParty(ctx context.Context, tx store.Tx, trip, party string) error {
	return store.Exec(ctx, tx, `INSERT INTO trip_parties (trip_id, party_id) VALUES ($1, $2) ON CONFLICT (trip_id, party_id) DO NOTHING`, trip, party)
}

// setNothingToLoad leaves a trip out of those that are looked through for what they have yet to load.
func setNothingToLoad(ctx context.Context, tx store.Tx, trip string) error {
	return store.Exec(ctx, tx, `UPDATE trips SET to_load = $1 WHERE id = $2`, false, trip)
}

// unansweredTrips are those whose carrier had to answer before an instant and about which nobody said anything.
func unansweredTrips(ctx context.Context, q store.Querier, now measure.Millis) ([]string, error) {
	return rowsOf(ctx, q, scanText, `SELECT t.id FROM trips t WHERE t.to_load AND t.answer_by < $1
		AND NOT EXISTS (SELECT 1 FROM trip_events e WHERE e.trip_id = t.id AND e.kind IN ('confirm', 'decline', 'cancel', 'expire'))
		ORDER BY t.id`, int64(now))
}
