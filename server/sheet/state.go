package sheet

// State tells how far a table that is taken in piece by piece has come, of its good rows, the rows done and the rows taken back:
// checked, importing, imported, undoing or undone.
func State(good, done, undone int) string {
	switch {
	case undone > 0 && done > 0:
		return "undoing"
	case undone > 0:
		return "undone"
	case done == 0:
		return "checked"
	case done < good:
		return "importing"
	}
	return "imported"
}
