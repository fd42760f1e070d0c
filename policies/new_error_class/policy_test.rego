package belay.policies.new_error_class_test

import data.belay.policies.new_error_class

_now_ms := 1767225600000

_exposed_ms := 1767225000000

_grace_until_ms := 1767225300000

# What the host derives for 6 of 120 against 0 of 1080.
_row := {
	"signal": "NullPointer",
	"service": "checkout",
	"sli": "log_class",
	"population_baseline": "stable",
	"p_value": 8.9187e-7,
	"bad_candidate": 6,
	"n_candidate": 120,
	"bad_baseline": 0,
	"n_baseline": 1080,
	"ratio_candidate": 0.05,
	"ratio_baseline": 0,
}

_candidate := {
	"id": "NullPointer",
	"sli": "log_class",
	"service": "checkout",
	"population": "candidate",
	"status": "ok",
	"bad": 6,
	"total": 120,
}

_stable := object.union(_candidate, {"population": "stable", "bad": 0, "total": 1080})

_baseline := object.union(_stable, {"population": "baseline"})

_request(signals, rows) := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {"service": "checkout", "exposed_since_ms": _exposed_ms},
	"health": {"signals": signals},
	"derived": {"compare": rows},
}

_findings(request) := findings if {
	findings := new_error_class.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_codes_with(candidate, stable, row) := _codes(_request(
	[object.union(_candidate, candidate), object.union(_stable, stable)],
	[object.union(_row, row)],
))

_evidence(index) := [
	{
		"path": $"/derived/compare/{index}/p_value",
		"observed": 8.9187e-7,
		"op": "<",
		"threshold": 0.01,
		"unit": "probability",
		"n": 120,
	},
	{
		"path": $"/derived/compare/{index}/bad_candidate",
		"observed": 6,
		"op": ">=",
		"threshold": 3,
		"unit": "events",
		"n": 120,
	},
	{
		"path": $"/derived/compare/{index}/bad_baseline",
		"observed": 0,
		"op": "==",
		"threshold": 0,
		"unit": "events",
		"n": 1080,
	},
]

test_nothing_to_judge if {
	_findings({}) == set()
	_codes(_request([], [])) == set()
	_codes(_request([_stable], [])) == set()
}

test_new_class if {
	other := object.union(_row, {"signal": "http-errors", "sli": "availability"})
	_findings(_request([_stable, _candidate], [other, _row])) == {{
		"kind": "regression",
		"code": "NEW_ERROR_CLASS",
		"severity": "critical",
		"message": "`NullPointer` is new: 6 of 120 of the candidate, none of 1080 of stable",
		"evidence": _evidence(1),
	}}
}

test_new_class_of_another_service if {
	moved := {"service": "cart"}
	signals := [object.union(_candidate, moved), object.union(_stable, moved)]
	{finding.message | some finding in _findings(_request(signals, [object.union(_row, moved)]))} == {
		"`NullPointer` of `cart` is new: 6 of 120 of the candidate, none of 1080 of stable",
	}
}

test_new_class_that_is_not_critical if {
	_findings(_request([object.union(_candidate, {"critical": false}), _stable], [_row])) == {{
		"kind": "insufficient",
		"code": "NEW_ERROR_CLASS_NOT_CRITICAL",
		"severity": "minor",
		"message": "`NullPointer` is new: 6 of 120 of the candidate, none of 1080 of stable; the signal is not critical",
		"evidence": _evidence(0),
	}}
	_codes_with({"critical": true}, {}, {}) == {"NEW_ERROR_CLASS"}
}

test_other_signals_are_no_classes if {
	_codes_with({"sli": "correctness"}, {"sli": "correctness"}, {"sli": "correctness"}) == set()
	_codes_with({"sli": "correctness"}, {}, {}) == set()
	_codes_with({"population": "fleet"}, {}, {}) == set()
}

test_limits if {
	got := {[bad, p]: codes |
		some bad in [1, 2, 3, 4]
		some p in [0.0099, 0.01]
		codes := _codes_with({"bad": bad}, {}, {"bad_candidate": bad, "p_value": p})
	}
	unproven := {"NEW_ERROR_CLASS_UNPROVEN"}
	new := {"NEW_ERROR_CLASS"}
	got == {
		[1, 0.0099]: unproven,
		[1, 0.01]: unproven,
		[2, 0.0099]: unproven,
		[2, 0.01]: unproven,
		[3, 0.0099]: new,
		[3, 0.01]: unproven,
		[4, 0.0099]: new,
		[4, 0.01]: unproven,
	}
	_codes_with({"bad": 0}, {}, {"bad_candidate": 0}) == set()
}

test_unproven if {
	few := {"bad_candidate": 2, "p_value": 0.0098}
	_findings(_request([object.union(_candidate, {"bad": 2}), _stable], [object.union(_row, few)])) == {{
		"kind": "insufficient",
		"code": "NEW_ERROR_CLASS_UNPROVEN",
		"severity": "minor",
		"message": "`NullPointer` is new: 2 of 120 of the candidate, none of 1080 of stable; too few to tell it from chance",
		"evidence": [
			{"path": "/derived/compare/0/bad_candidate", "observed": 2, "op": ">=", "threshold": 1, "unit": "events", "n": 120},
			{"path": "/derived/compare/0/bad_baseline", "observed": 0, "op": "==", "threshold": 0, "unit": "events", "n": 1080},
		],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_seen_before if {
	_codes_with({}, {"bad": 1}, {"bad_baseline": 1}) == set()
	seen := object.union(_stable, {"bad": 5})
	_codes(_request([_candidate, _baseline, seen], [object.union(_row, {"population_baseline": "baseline"})])) == set()
	elsewhere := [object.union(seen, {"id": "Timeout"}), object.union(seen, {"service": "cart"})]
	_codes(_request(array.concat([_candidate, _stable], elsewhere), [_row])) == {"NEW_ERROR_CLASS"}
}

test_candidate_that_cannot_be_judged if {
	every status in ["no_data", "nan", "stale", "error"] {
		_codes_with({"status": status}, {}, {}) == {"ERROR_CLASS_LOST"}
		_codes_with({"status": status, "critical": false}, {}, {}) == {"ERROR_CLASS_LOST"}
		_codes_with({"status": status, "critical": true}, {}, {}) == set()
		_codes_with({}, {"status": status}, {}) != set()
	}
	lost := object.union(_candidate, {"status": "stale"})
	_codes(_request([object.union(lost, {"sli": "latency"}), object.union(lost, {"population": "fleet"})], [])) == set()
	_findings(_request([_stable, lost], [])) == {{
		"kind": "insufficient",
		"code": "ERROR_CLASS_LOST",
		"severity": "minor",
		"message": "`NullPointer` of the candidate cannot be judged (stale): it may be new",
		"evidence": [{
			"path": "/health/signals/1/status",
			"observed": "stale",
			"op": "!=",
			"threshold": "ok",
			"status": "stale",
		}],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_parameters if {
	settings := {"policies": {"new_error_class": {"params": {"min_bad": 7, "grace_s": 60, "unproven_min_bad": 6}}}}
	findings := new_error_class.finding with input as _request([_candidate, _stable], [_row]) with data.belay.settings as settings
	{[finding.code, finding.grace_until_ms] | some finding in findings} == {["NEW_ERROR_CLASS_UNPROVEN", _exposed_ms + 60000]}
	quiet := {"policies": {"new_error_class": {"params": {"unproven_min_bad": 7}}}}
	nothing := new_error_class.finding with input as _request([_candidate, _stable], [_row]) with data.belay.settings as quiet
	nothing == set()
}

test_limits_of_parameters if {
	new_error_class.param_limits == {
		"min_bad": {"min": 1, "integer": true},
		"p_limit": {"above": 0, "max": 1},
		"rename_factor": {"min": 1},
		"unproven_min_bad": {"min": 1, "integer": true},
		"grace_s": {"min": 0},
	}
	object.keys(new_error_class.param_limits) == object.keys(new_error_class.default_params)
}
