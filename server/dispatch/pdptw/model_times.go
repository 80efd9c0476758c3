package pdptw

import "sort"

// begin is the first moment at or after t when service at node x may begin, or inf.
func (m *model) begin(x int32, t int64) int64 {
	nd := &m.nodes[x]
	if t > nd.close {
		return inf
	}
	t = max(t, nd.open)
	if !nd.many {
		return t
	}
	for _, w := range m.windows(x) {
		if t <= w.Close {
			return max(t, w.Open)
		}
	}
	if nd.late {
		return t
	}
	return inf
}

// lastBegin is the last moment at or before t when service at node x may begin, or -inf.
func (m *model) lastBegin(x int32, t int64) int64 {
	nd := &m.nodes[x]
	t = min(t, nd.close)
	if nd.many {
		w := m.windows(x)
		k := sort.Search(len(w), func(i int) bool { return w[i].Open > t }) - 1
		if k < 0 {
			return -inf
		}
		if k < len(w)-1 || !nd.late {
			t = min(t, w[k].Close)
		}
	}
	if t < nd.open {
		return -inf
	}
	return t
}

func (m *model) windows(x int32) []Window {
	q := &m.p.Requests[m.nodes[x].req]
	if m.nodes[x].kind == Pickup {
		return q.Pickup.Windows
	}
	return q.Delivery.Windows
}
