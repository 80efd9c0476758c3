package pdptw

import "fmt"

// String says the reason in a sentence, with its numbers.
func (r *Reason) String() string {
	switch r.Rule {
	case ReasonCapacity:
		return fmt.Sprintf("The load is %d in dimension %d, the vehicle holds %d.", r.Need, r.Dimension, r.Limit)
	case ReasonSkill:
		return fmt.Sprintf("The vehicle lacks %q.", r.Detail)
	case ReasonBarred:
		return fmt.Sprintf("The vehicle may not carry it: %s.", r.Detail)
	case ReasonOnly:
		return "The vehicle is not among those named for it."
	case ReasonUnreachable:
		return fmt.Sprintf("No road leads to the %s.", r.Detail)
	case ReasonWindow, ReasonShift:
		return fmt.Sprintf("The %s is reached at %d at the earliest, and has to be at %d at the latest.", r.Detail, r.Need, r.Limit)
	case ReasonStanding:
		return fmt.Sprintf("Standing still when it must, it reaches the %s at %d at the earliest, and has to be there at %d at the latest.", r.Detail, r.Need, r.Limit)
	case ReasonRests:
		return fmt.Sprintf("With the rests due, it reaches the %s at %d at the earliest, and has to be there at %d at the latest.", r.Detail, r.Need, r.Limit)
	case ReasonDuration:
		return fmt.Sprintf("The trip takes %d ms, at most %d are allowed.", r.Need, r.Limit)
	case ReasonDistance:
		return fmt.Sprintf("The trip is %d m long, at most %d are allowed.", r.Need, r.Limit)
	case ReasonStops:
		return fmt.Sprintf("The trip has %d stops, at most %d are allowed.", r.Need, r.Limit)
	case ReasonRules:
		return fmt.Sprintf("The rule %s with request %d stands against it.", r.Detail, r.Other)
	case ReasonNoRoom, ReasonFrozen:
		return r.crowded()
	case ReasonPrize:
		return fmt.Sprintf("Serving it would cost %d more, and its prize is %d.", r.Need, r.Limit)
	case ReasonNotNeeded:
		return fmt.Sprintf("The plan does without it; using it would cost %d more at best.", r.Need)
	case ReasonFewer:
		return fmt.Sprintf("The plan does with one vehicle less; using it would change the distance by %d m at best.", r.Need)
	case ReasonNothing:
		return "No request may ride on it."
	}
	return "The search ended before a place was found."
}

func (r *Reason) crowded() string {
	switch {
	case r.Dimension >= 0:
		return fmt.Sprintf("Beside what the vehicle carries it would come to %d in dimension %d, and %d is what it holds.", r.Need, r.Dimension, r.Limit)
	case r.Need > r.Limit:
		return fmt.Sprintf("Beside what the vehicle carries the %s would be reached at %d, and has to be at %d at the latest.", r.Detail, r.Need, r.Limit)
	}
	return "What the vehicle carries or has begun leaves no place for it."
}
