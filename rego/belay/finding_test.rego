package belay.finding_test

import data.belay.finding

_sound := {
	"kind": "regression",
	"code": "SLO_FAST_BURN",
	"severity": "critical",
	"message": "burns",
	"evidence": [],
}

_insufficient := object.union(_sound, {"kind": "insufficient", "grace_until_ms": 1767225600000})

test_sound if {
	sound := array.concat(
		[object.union(_sound, {"kind": kind}) | some kind in ["regression", "unsafe", "insufficient", "hold", "note"]],
		array.concat(
			[object.union(_sound, {"severity": severity}) | some severity in ["critical", "major", "minor", "info"]],
			[_insufficient, object.union(_sound, {"code": concat("", ["A" | some _ in numbers.range(1, 64)])})],
		),
	)
	[problem | some one in sound; problem := finding.problem(one)] == []
}

test_sound_at_the_limits if {
	item := {"path": "/a", "observed": 1, "op": ">", "threshold": 0}
	full := object.union(_insufficient, {
		"message": concat("", ["x" | some _ in numbers.range(1, 500)]),
		"evidence": [item | some _ in numbers.range(1, 32)],
		"grace_until_ms": 9007199254740991,
	})
	not finding.problem(full)
}

test_no_object if {
	{problem | some one in [null, true, 1, "x", [_sound], {_sound}]; problem := finding.problem(one)} == {"a finding is not an object"}
}

test_no_code if {
	codes := [
		null, 5, "", "A", "slo_burn", "SLO-BURN", "SLO BURN", "_SLO", "9LIVES", "SLOÉ", "SLO\n",
		concat("", ["A" | some _ in numbers.range(1, 65)]),
	]
	problems := [problem | some code in codes; problem := finding.problem(object.union(_sound, {"code": code}))]
	problems == ["a finding has no `code` of 2 to 64 upper-case letters, digits and _" | some _ in codes]
	finding.problem({}) == problems[0]
}

test_missing_key if {
	got := {key: problem |
		some key in ["kind", "severity", "message", "evidence"]
		problem := finding.problem(object.remove(_sound, [key]))
	}
	got == {
		"kind": "SLO_FAST_BURN: `kind` is missing",
		"severity": "SLO_FAST_BURN: `severity` is missing",
		"message": "SLO_FAST_BURN: `message` is missing",
		"evidence": "SLO_FAST_BURN: `evidence` is missing",
	}
}

test_first_missing_key if {
	finding.problem({"code": "X1"}) == "X1: `evidence` is missing"
}

test_wrong_value if {
	got := [problem |
		some wrong in [
			{"policy": "slo_burn"},
			{"kind": "rollback"},
			{"kind": ["note"]},
			{"severity": "high"},
			{"message": ""},
			{"message": "two\nlines"},
			{"message": concat("", ["x" | some _ in numbers.range(1, 501)])},
			{"evidence": {}},
			{"evidence": set()},
			{"evidence": [{} | some _ in numbers.range(1, 33)]},
			{"evidence": [{"path": "/a", "observed": 1, "op": ">", "threshold": 0}, 5]},
		]
		problem := finding.problem(object.union(_sound, wrong))
	]
	got == [
		"SLO_FAST_BURN: it has a key that no finding has",
		"SLO_FAST_BURN: `kind` is none of regression, unsafe, insufficient, hold, note",
		"SLO_FAST_BURN: `kind` is none of regression, unsafe, insufficient, hold, note",
		"SLO_FAST_BURN: `severity` is none of critical, major, minor, info",
		"SLO_FAST_BURN: `message` is not one line of 1 to 500 characters",
		"SLO_FAST_BURN: `message` is not one line of 1 to 500 characters",
		"SLO_FAST_BURN: `message` is not one line of 1 to 500 characters",
		"SLO_FAST_BURN: `evidence` is not an array of at most 32 items",
		"SLO_FAST_BURN: `evidence` is not an array of at most 32 items",
		"SLO_FAST_BURN: `evidence` is not an array of at most 32 items",
		"SLO_FAST_BURN: evidence is not an object",
	]
}

test_wrong_grace if {
	graces := [{"kind": "hold"}, {"grace_until_ms": 0.5}, {"grace_until_ms": "1"}, {"grace_until_ms": 9007199254740992}, {"grace_until_ms": false}]
	[problem | some grace in graces; problem := finding.problem(object.union(_insufficient, grace))] == ["SLO_FAST_BURN: `grace_until_ms` is not for this kind, or not whole milliseconds" | some _ in graces]
}
