package pdptw

// explain adds the reasons.
func (m *model) explain(p *plan, out *Solution) {
}
