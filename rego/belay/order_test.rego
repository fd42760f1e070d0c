package belay.order_test

import data.belay.order

_finding(kind, severity, policy, code) := {"kind": kind, "severity": severity, "policy": policy, "code": code}

test_sorted if {
	want := [
		_finding("regression", "minor", "b", "A1"),
		_finding("unsafe", "critical", "b", "A1"),
		_finding("hold", "critical", "b", "A1"),
		_finding("hold", "major", "b", "A1"),
		_finding("hold", "minor", "b", "A1"),
		_finding("hold", "info", "b", "A1"),
		_finding("insufficient", "critical", "a", "B1"),
		_finding("insufficient", "critical", "b", "A1"),
		_finding("insufficient", "critical", "b", "A2"),
		_finding("note", "critical", "a", "A1"),
	]
	order.sorted({finding | some finding in want}) == want
	order.sorted(array.reverse(want)) == want
}

test_rest_breaks_ties if {
	one := object.union(_finding("note", "info", "a", "A1"), {"message": "1"})
	two := object.union(_finding("note", "info", "a", "A1"), {"message": "2"})
	order.sorted([two, one]) == [one, two]
}
