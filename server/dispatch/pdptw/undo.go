package pdptw

// mark begins a new transaction: what happens from here on can be taken back.
func (s *state) mark() {
	s.stamp++
	s.changed, s.saved = s.changed[:0], s.saved[:0]
	s.savedLen, s.savedVer, s.savedCost, s.savedSoft = s.savedLen[:0], s.savedVer[:0], s.savedCost[:0], s.savedSoft[:0]
	s.savedAbsent = append(s.savedAbsent[:0], s.absent...)
	s.savedEnergy = s.energy
}

// touch saves route v the first time it is changed after mark.
func (s *state) touch(v int32) {
	if s.stampOf[v] == s.stamp {
		return
	}
	s.stampOf[v] = s.stamp
	s.changed = append(s.changed, v)
	s.saved = append(s.saved, s.seq[v]...)
	s.savedLen = append(s.savedLen, int32(len(s.seq[v])))
	s.savedVer = append(s.savedVer, s.version[v])
	s.savedCost, s.savedSoft = append(s.savedCost, s.cost[v]), append(s.savedSoft, s.soft[v])
}

// rollback restores the plan as it was at mark.
func (s *state) rollback() {
	at := int32(0)
	for i, v := range s.changed {
		n := s.savedLen[i]
		s.seq[v] = append(s.seq[v][:0], s.saved[at:at+n]...)
		at += n
		s.refresh(int(v))
		s.version[v], s.cost[v], s.soft[v] = s.savedVer[i], s.savedCost[i], s.savedSoft[i]
		for _, x := range s.seq[v] {
			if r := s.m.nodes[x].req; r >= 0 {
				s.where[r] = v
			}
		}
	}
	s.absent = append(s.absent[:0], s.savedAbsent...)
	for _, r := range s.absent {
		s.where[r] = -1
	}
	s.energy = s.savedEnergy
	s.mark()
}
