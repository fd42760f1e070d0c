package belay.statement_test

import data.belay.statement

_added := {"policy": "burn", "counted": true}

_finding(code) := {"kind": "note", "code": code, "severity": "info", "message": "seen", "evidence": []}

test_read if {
	statement.read({_finding("B1"), _finding("A1")}, _added) == {
		"findings": [object.union(_finding("A1"), _added), object.union(_finding("B1"), _added)],
		"problems": set(),
	}
}

test_read_nothing if {
	statement.read(set(), _added) == {"findings": [], "problems": set()}
}

test_read_keeps_what_is_sound if {
	statement.read({_finding("A1"), _finding("b"), "B1"}, _added) == {
		"findings": [object.union(_finding("A1"), _added)],
		"problems": {
			"a finding has no `code` of 2 to 64 upper-case letters, digits and _",
			"a finding is not an object",
		},
	}
}

test_read_no_set if {
	every stated in [null, true, "A1", 5, [], [_finding("A1")], {}, _finding("A1"), {"a": _finding("A1")}] {
		statement.read(stated, _added) == {"findings": [], "problems": {"`finding` is not a set"}}
	}
}

test_read_all_of_100 if {
	statement.read({_finding($"A{i}") | some i in numbers.range(100, 199)}, _added).problems == set()
}

test_read_at_most_100 if {
	stated := {_finding($"A{i}") | some i in numbers.range(100, 200)}
	statement.read(stated, _added) == {
		"findings": [object.union(_finding($"A{i}"), _added) | some i in numbers.range(100, 199)],
		"problems": {"101 findings, of which 100 are kept"},
	}
}

test_read_cannot_pose_as_another_policy if {
	statement.read({object.union(_finding("A1"), {"policy": "other"})}, _added) == {
		"findings": [],
		"problems": {"A1: it has a key that no finding has"},
	}
}
