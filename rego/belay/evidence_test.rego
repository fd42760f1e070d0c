package belay.evidence_test

import data.belay.evidence

_sound := {"path": "/derived/burn/0/rate", "observed": 48.6, "op": ">=", "threshold": 14.4}

test_sound if {
	sound := array.concat(
		[object.union(_sound, {"op": op}) | some op in ["<", "<=", ">", ">=", "==", "!="]],
		array.concat(
			[object.union(_sound, {"observed": value, "threshold": value}) | some value in [null, false, 0, -1.5, "", "ok"]],
			[object.union(_sound, more) | some more in [{"path": ""}, {"path": "/"}, {"unit": "times", "n": 1000, "status": "ok"}]],
		),
	)
	[problem | some item in sound; problem := evidence.problem(item)] == []
}

test_missing_key if {
	got := {key: problem | some key, _ in _sound; problem := evidence.problem(object.remove(_sound, [key]))}
	got == {
		"path": "evidence has no `path`",
		"observed": "evidence has no `observed`",
		"op": "evidence has no `op`",
		"threshold": "evidence has no `threshold`",
	}
}

test_wrong if {
	got := [problem |
		some wrong in [
			{"limit": 5},
			{"path": "derived/burn"},
			{"path": "/a\nb"},
			{"path": null},
			{"op": "="},
			{"op": null},
			{"observed": [1]},
			{"threshold": {"a": 1}},
			{"threshold": {1}},
			{"unit": 5},
			{"unit": null},
			{"status": false},
			{"n": "1000"},
			{"n": null},
		]
		problem := evidence.problem(object.union(_sound, wrong))
	]
	got == [
		"evidence has a key that no evidence has",
		"the `path` of evidence is not a JSON Pointer",
		"the `path` of evidence is not a JSON Pointer",
		"the `path` of evidence is not a JSON Pointer",
		"the `op` of evidence is none of <, <=, >, >=, ==, !=",
		"the `op` of evidence is none of <, <=, >, >=, ==, !=",
		"`observed` of evidence is not a single value",
		"`threshold` of evidence is not a single value",
		"`threshold` of evidence is not a single value",
		"`unit` of evidence is not a string",
		"`unit` of evidence is not a string",
		"`status` of evidence is not a string",
		"`n` of evidence is not a number",
		"`n` of evidence is not a number",
	]
}

test_no_object if {
	[problem | some item in [null, 1, "x", [], {1}]; problem := evidence.problem(item)] == ["evidence is not an object" | some _ in numbers.range(1, 5)]
}
