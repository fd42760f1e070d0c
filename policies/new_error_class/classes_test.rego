package belay.policies.new_error_class_test

# A class that stable had 45 of 9000 of and the candidate none of 1000.
_gone := object.union(_row, {
	"signal": "Timeout",
	"p_value": 1,
	"bad_candidate": 0,
	"n_candidate": 1000,
	"bad_baseline": 45,
	"n_baseline": 9000,
	"ratio_candidate": 0,
	"ratio_baseline": 0.005,
})

# A class that the candidate has `bad` of 1000 of and stable none of 9000.
_arrived(id, bad) := object.union(_row, {
	"signal": id,
	"p_value": 0.00001,
	"bad_candidate": bad,
	"n_candidate": 1000,
	"n_baseline": 9000,
	"ratio_candidate": bad / 1000,
})

_signals_of(rows) := array.flatten([[after, before] |
	some row in rows
	name := {"id": row.signal, "service": row.service}
	after := object.union(_candidate, object.union(name, {"bad": row.bad_candidate, "total": row.n_candidate}))
	before := object.union(_stable, object.union(name, {"bad": row.bad_baseline, "total": row.n_baseline}))
])

_told(rows) := {finding.code: names |
	some finding in _findings(_request(_signals_of(rows), rows))
	names := [trim_suffix(trim_prefix(part, "`"), "`") |
		some part in split(finding.message, " ")
		startswith(part, "`")
	]
}

test_renamed if {
	rows := [_gone, _arrived("TimedOut", 5)]
	_findings(_request(_signals_of(rows), rows)) == {{
		"kind": "insufficient",
		"code": "ERROR_CLASS_RENAMED",
		"severity": "major",
		"message": concat("", [
			"`TimedOut` is new: 5 of 1000 of the candidate, none of 9000 of stable; ",
			"`Timeout` is gone, which had 45 of 9000: it may be the same by another name",
		]),
		"evidence": [
			{"path": "/derived/compare/1/p_value", "observed": 0.00001, "op": "<", "threshold": 0.01, "unit": "probability", "n": 1000},
			{"path": "/derived/compare/1/bad_candidate", "observed": 5, "op": ">=", "threshold": 3, "unit": "events", "n": 1000},
			{"path": "/derived/compare/1/bad_baseline", "observed": 0, "op": "==", "threshold": 0, "unit": "events", "n": 9000},
			{"path": "/derived/compare/0/bad_candidate", "observed": 0, "op": "==", "threshold": 0, "unit": "events", "n": 1000},
			{"path": "/derived/compare/0/bad_baseline", "observed": 45, "op": ">=", "threshold": 3, "unit": "events", "n": 9000},
		],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_renamed_at_a_similar_rate_only if {
	old := object.union(_gone, {"bad_baseline": 90, "ratio_baseline": 0.01})
	got := {bad: object.keys(_told([old, _arrived("TimedOut", bad)])) | some bad in [4, 5, 20, 21]}
	got == {4: {"NEW_ERROR_CLASS"}, 5: {"ERROR_CLASS_RENAMED"}, 20: {"ERROR_CLASS_RENAMED"}, 21: {"NEW_ERROR_CLASS"}}
}

test_one_that_is_gone_explains_one_that_is_new if {
	rows := [_gone, _arrived("A", 4), _arrived("B", 5), _arrived("C", 6)]
	{[finding.code, substring(finding.message, 0, 3)] | some finding in _findings(_request(_signals_of(rows), rows))} == {
		["NEW_ERROR_CLASS", "`A`"],
		["ERROR_CLASS_RENAMED", "`B`"],
		["NEW_ERROR_CLASS", "`C`"],
	}
}

test_two_that_are_gone if {
	other := object.union(_gone, {"signal": "Refused"})
	_told([_gone, other, _arrived("TimedOut", 5)]) == {"ERROR_CLASS_RENAMED": ["TimedOut", "Timeout"]}
}

test_gone_is_none_of_many if {
	new := _arrived("TimedOut", 5)
	object.keys(_told([object.union(_gone, {"bad_candidate": 1}), new])) == {"NEW_ERROR_CLASS"}
	object.keys(_told([object.union(_gone, {"bad_baseline": 2}), new])) == {"NEW_ERROR_CLASS"}
	object.keys(_told([object.union(_gone, {"bad_baseline": 3}), new])) == {"ERROR_CLASS_RENAMED"}
	object.keys(_told([object.union(_gone, {"sli": "availability"}), new])) == {"NEW_ERROR_CLASS"}
	object.keys(_told([object.union(_gone, {"service": "cart"}), new])) == {"NEW_ERROR_CLASS"}
}

test_renamed_is_a_question_also_where_it_is_not_critical if {
	rows := [_gone, _arrived("TimedOut", 5)]
	signals := [object.union(signal, {"critical": false}) | some signal in _signals_of(rows)]
	_codes(_request(signals, rows)) == {"ERROR_CLASS_RENAMED"}
}

test_sampled if {
	partial := object.union(_candidate, {"status": "partial"})
	_findings(_request([partial, _stable], [])) == {{
		"kind": "insufficient",
		"code": "ERROR_LOG_SAMPLED",
		"severity": "minor",
		"message": "`NullPointer` has 6 of 120 of the candidate; the log is not complete, so it may not be new",
		"evidence": [
			{"path": "/health/signals/0/bad", "observed": 6, "op": ">=", "threshold": 1, "unit": "events", "n": 120},
			{"path": "/health/signals/0/status", "observed": "partial", "op": "==", "threshold": "partial", "status": "partial"},
		],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_every_side_of_a_class_may_be_sampled if {
	noted := {"note": "one line in ten"}
	signals := [object.union(_candidate, noted), object.union(_stable, {"status": "partial"}), object.union(_baseline, noted)]
	{[item.path | some item in finding.evidence] | some finding in _findings(_request(signals, [_row]))} == {[
		"/health/signals/0/bad",
		"/health/signals/1/status",
		"/health/signals/0/note",
		"/health/signals/2/note",
	]}
	[item | some finding in _findings(_request(signals, [_row])); item := finding.evidence[2]] == [{
		"path": "/health/signals/0/note",
		"observed": "one line in ten",
		"op": "!=",
		"threshold": "",
	}]
	_codes_with({}, {"status": "partial"}, {}) == {"ERROR_LOG_SAMPLED"}
	_codes_with(noted, {"bad": 1}, {"bad_baseline": 1}) == set()
}

test_nobody_counted_it_before if {
	other := object.union(_stable, {"id": "Timeout", "bad": 3})
	_findings(_request([other, _candidate], [])) == {{
		"kind": "insufficient",
		"code": "NEW_ERROR_CLASS_UNCOUNTED",
		"severity": "minor",
		"message": "`NullPointer` has 6 of 120 of the candidate, and nobody counted it before the release",
		"evidence": [{"path": "/health/signals/1/bad", "observed": 6, "op": ">=", "threshold": 1, "unit": "events", "n": 120}],
		"grace_until_ms": _grace_until_ms,
	}}
	_codes(_request([_candidate], [])) == set()
	_codes(_request([object.union(other, {"service": "cart"}), _candidate], [])) == set()
	_codes(_request([object.union(other, {"population": "fleet"}), _candidate], [])) == set()
	_codes(_request([object.union(_stable, {"total": 0}), _candidate], [])) == {"NEW_ERROR_CLASS_UNCOUNTED"}
}

_series(values) := [{"t_ms": _now_ms + i, "v": v} | some i, v in values]

# The vector of spinnaker#5622: ranks cannot tell these two from each other.
_zeros := _series([0, 0, 0, 0, 0, 0, 0, 0, 0, 0])

_sparse := _series([0, 0.048, 0, 0.18, 0.089, 0, 0.098, 0.035, 0, 0])

_with_series(signal, series) := object.union(object.remove(signal, ["bad", "total"]), {"series": series})

test_sparse_points_against_zeros if {
	request := _request([_with_series(_candidate, _sparse), _with_series(_stable, _zeros)], [])
	_findings(request) == {{
		"kind": "insufficient",
		"code": "NEW_ERROR_CLASS_SPARSE",
		"severity": "minor",
		"message": "`NullPointer` is over zero at 5 of 10 points of the candidate, and at none of 10 of stable",
		"evidence": [
			{"path": "/health/signals/0/series", "observed": 5, "op": ">=", "threshold": 1, "unit": "points over zero", "n": 10},
			{"path": "/health/signals/1/series", "observed": 0, "op": "==", "threshold": 0, "unit": "points over zero", "n": 10},
		],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_what_is_not_sparse_against_zeros if {
	after := _with_series(_candidate, _sparse)
	before := _with_series(_stable, _zeros)
	_codes(_request([_with_series(_candidate, _zeros), before], [])) == set()
	_codes(_request([_with_series(_candidate, _series([0, null])), before], [])) == set()
	_codes(_request([_with_series(_candidate, _series([0, 1])), before], [])) == {"NEW_ERROR_CLASS_SPARSE"}
	_codes(_request([after, _with_series(_stable, _series([0, 0.001]))], [])) == set()
	_codes(_request([after, _with_series(_stable, _series([]))], [])) == set()
	_codes(_request([after, _with_series(_stable, _series([0]))], [])) == {"NEW_ERROR_CLASS_SPARSE"}
	_codes(_request([after], [])) == set()
	_codes(_request([object.union(after, {"status": "stale"}), before], [])) == {"ERROR_CLASS_LOST"}
	_codes(_request([object.union(after, {"sli": "latency"}), before], [])) == set()
	_codes(_request([object.union(after, {"population": "fleet"}), before], [])) == set()
	_codes(_request([after, before, object.union(before, {"population": "baseline"})], [])) == {"NEW_ERROR_CLASS_SPARSE"}
}

test_counts_say_more_than_a_series if {
	after := object.union(_candidate, {"series": _sparse})
	_codes(_request([after, object.union(_stable, {"series": _zeros})], [_row])) == {"NEW_ERROR_CLASS"}
}

test_hundreds_of_classes if {
	rows := [_arrived($"c{i}", 9) | some i in numbers.range(1, 120)]
	findings := _findings(_request(_signals_of(rows), rows))
	count(findings) == 20
}

test_two_at_a_time_keep_their_own_evidence if {
	rows := [object.union(_arrived("A", 9), {"p_value": 0.0001}), object.union(_arrived("B", 8), {"n_candidate": 900, "n_baseline": 8000})]
	{[item.observed, item.n] | some finding in _findings(_request(_signals_of(rows), rows)); some item in finding.evidence} == {
		[0.0001, 1000],
		[9, 1000],
		[0, 9000],
		[0.00001, 900],
		[8, 900],
		[0, 8000],
	}
	few := [object.union(row, {"p_value": 0.5}) | some row in rows]
	{[item.observed, item.n] | some finding in _findings(_request(_signals_of(few), few)); some item in finding.evidence} == {
		[9, 1000],
		[0, 9000],
		[8, 900],
		[0, 8000],
	}
}
