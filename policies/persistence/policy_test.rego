package belay.policies.persistence_test

import data.belay.policies.persistence

_row := {
	"signal": "errors",
	"service": "checkout",
	"critical": true,
	"breached": true,
	"consecutive": 3,
	"breaches": 4,
	"checks": 8,
	"span_s": 120,
}

_other := object.union(_row, {"signal": "slow", "consecutive": 7, "span_s": 600, "checks": 9})

_calm := {"state_changes": 1, "checks": 8, "window_s": 3600}

_restless := {"state_changes": 3, "checks": 6, "window_s": 3600}

_request(rows, flap, signals) := {
	"health": {"signals": signals},
	"derived": {"persistence": rows, "flap": flap},
}

_findings(request) := findings if {
	findings := persistence.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_codes_with(patch) := _codes(_request([object.union(_row, patch)], _calm, []))

test_nothing_to_judge if {
	_findings({}) == set()
	_codes(_request([], _calm, [])) == set()
	_codes_with({"breached": false, "consecutive": 0, "span_s": 0}) == set()
	_codes_with({"consecutive": 1, "span_s": 0}) == set()
}

test_breach_persists if {
	_findings(_request([_other, _row], _calm, [])) == {
		{
			"kind": "regression",
			"code": "BREACH_PERSISTS",
			"severity": "critical",
			"message": "`errors` of `checkout` is in breach in 3 checks in a row, over 2 min",
			"evidence": [
				{"path": "/derived/persistence/1/consecutive", "observed": 3, "op": ">=", "threshold": 3, "unit": "checks", "n": 8},
				{"path": "/derived/persistence/1/span_s", "observed": 120, "op": ">=", "threshold": 60, "unit": "s", "n": 8},
			],
		},
		{
			"kind": "regression",
			"code": "BREACH_PERSISTS",
			"severity": "critical",
			"message": "`slow` of `checkout` is in breach in 7 checks in a row, over 10 min",
			"evidence": [
				{"path": "/derived/persistence/0/consecutive", "observed": 7, "op": ">=", "threshold": 3, "unit": "checks", "n": 9},
				{"path": "/derived/persistence/0/span_s", "observed": 600, "op": ">=", "threshold": 60, "unit": "s", "n": 9},
			],
		},
	}
}

test_breach_that_is_not_critical_persists if {
	rows := [object.union(row, {"critical": false}) | some row in [_other, _row]]
	_findings(_request(rows, _calm, [])) == {
		{
			"kind": "insufficient",
			"code": "BREACH_PERSISTS_NOT_CRITICAL",
			"severity": "minor",
			"message": "`errors` of `checkout` is in breach in 3 checks in a row, over 2 min; the signal is not critical",
			"evidence": [
				{"path": "/derived/persistence/1/consecutive", "observed": 3, "op": ">=", "threshold": 3, "unit": "checks", "n": 8},
				{"path": "/derived/persistence/1/span_s", "observed": 120, "op": ">=", "threshold": 60, "unit": "s", "n": 8},
			],
		},
		{
			"kind": "insufficient",
			"code": "BREACH_PERSISTS_NOT_CRITICAL",
			"severity": "minor",
			"message": "`slow` of `checkout` is in breach in 7 checks in a row, over 10 min; the signal is not critical",
			"evidence": [
				{"path": "/derived/persistence/0/consecutive", "observed": 7, "op": ">=", "threshold": 3, "unit": "checks", "n": 9},
				{"path": "/derived/persistence/0/span_s", "observed": 600, "op": ">=", "threshold": 60, "unit": "s", "n": 9},
			],
		},
	}
}

test_breach_does_not_last_yet if {
	rows := [object.union(_row, {"consecutive": 2, "span_s": 60}), object.union(_other, {"span_s": 59})]
	_findings(_request(rows, _calm, [])) == {
		{
			"kind": "note",
			"code": "BREACH_NOT_LASTING",
			"severity": "info",
			"message": "`errors` of `checkout` is in breach in 2 checks in a row, over 1 min; it decides from 3 checks over 1 min on",
			"evidence": [{"path": "/derived/persistence/0/consecutive", "observed": 2, "op": "<", "threshold": 3, "unit": "checks", "n": 8}],
		},
		{
			"kind": "note",
			"code": "BREACH_NOT_LASTING",
			"severity": "info",
			"message": "`slow` of `checkout` is in breach in 7 checks in a row, over 59 s; it decides from 3 checks over 1 min on",
			"evidence": [{"path": "/derived/persistence/1/span_s", "observed": 59, "op": "<", "threshold": 60, "unit": "s", "n": 9}],
		},
	}
	_codes_with({"span_s": 60}) == {"BREACH_PERSISTS"}
}

test_flapping if {
	_findings(_request([object.union(_row, {"consecutive": 1, "span_s": 0})], _restless, [])) == {{
		"kind": "hold",
		"code": "FLAPPING",
		"severity": "major",
		"message": "breach and none took turns 3 times in 6 checks, and none lasts: going back may not be what helps",
		"evidence": [{
			"path": "/derived/flap/state_changes",
			"observed": 3,
			"op": ">=",
			"threshold": 3,
			"unit": "changes",
			"n": 6,
		}],
	}}
	_codes(_request([], object.union(_restless, {"state_changes": 2}), [])) == set()
	_codes(_request([], object.union(_restless, {"state_changes": 9}), [])) == {"FLAPPING"}
}

test_what_stands_does_not_flap if {
	_codes(_request([_row], _restless, [])) == {"BREACH_PERSISTS"}
	_codes(_request([object.union(_row, {"critical": false})], _restless, [])) == {"BREACH_PERSISTS_NOT_CRITICAL", "FLAPPING"}
	_codes(_request([object.union(_row, {"span_s": 5})], _restless, [])) == {"BREACH_NOT_LASTING", "FLAPPING"}
	_codes(_request([], _restless, [_signal])) == {"AVAILABILITY_COLLAPSED"}
}

_signal := {
	"id": "errors",
	"sli": "availability",
	"service": "checkout",
	"population": "candidate",
	"status": "ok",
	"bad": 11,
	"total": 20,
}

_collapsed_with(patch) := _codes(_request([], _calm, [object.union(_signal, patch)])) == {"AVAILABILITY_COLLAPSED"}

test_availability_collapsed if {
	well := object.union(_signal, {"bad": 10})
	fleet := object.union(_signal, {"population": "fleet", "bad": 400, "total": 500})
	_findings(_request([], _calm, [well, _signal, fleet])) == {
		{
			"kind": "regression",
			"code": "AVAILABILITY_COLLAPSED",
			"severity": "critical",
			"message": "`errors` of `checkout`, candidate: 11 of 20 bad, less than 50 % is good",
			"evidence": [
				{"path": "/health/signals/1/bad", "observed": 11, "op": ">", "threshold": 10, "unit": "events", "n": 20},
				{"path": "/health/signals/1/total", "observed": 20, "op": ">=", "threshold": 20, "unit": "events"},
			],
		},
		{
			"kind": "regression",
			"code": "AVAILABILITY_COLLAPSED",
			"severity": "critical",
			"message": "`errors` of `checkout`, fleet: 400 of 500 bad, less than 50 % is good",
			"evidence": [
				{"path": "/health/signals/2/bad", "observed": 400, "op": ">", "threshold": 250, "unit": "events", "n": 500},
				{"path": "/health/signals/2/total", "observed": 500, "op": ">=", "threshold": 20, "unit": "events"},
			],
		},
	}
}

test_availability_collapsed_in_the_shortest_window if {
	windows := [{"window_s": 3600, "bad": 20, "total": 1000}, {"window_s": 300, "bad": 30, "total": 50}]
	windowed := object.union(object.remove(_signal, ["bad", "total"]), {"windows": windows})
	{item.path | some finding in _findings(_request([], _calm, [windowed])); some item in finding.evidence} == {
		"/health/signals/0/windows/1/bad",
		"/health/signals/0/windows/1/total",
	}
}

test_what_is_no_collapse if {
	_collapsed_with({})
	not _collapsed_with({"bad": 10})
	not _collapsed_with({"bad": 19, "total": 19})
	not _collapsed_with({"sli": "correctness"})
	not _collapsed_with({"critical": false})
	not _collapsed_with({"population": "stable"})
	not _collapsed_with({"population": "baseline"})
	not _collapsed_with({"status": "partial"})
	_codes(_request([], _calm, [object.remove(_signal, ["bad", "total"])])) == set()
}

test_parameters if {
	params := {"consecutive_limit": 4, "min_span_s": 200, "flap_changes": 4, "hard_availability_floor": 0.9, "hard_min_total": 11}
	settings := {"policies": {"persistence": {"params": params}}}
	got := {bad: codes |
		some bad in [1, 2]
		request := _request([_row], _restless, [object.union(_signal, {"bad": bad, "total": 11})])
		findings := persistence.finding with input as request with data.belay.settings as settings
		codes := {finding.code | some finding in findings}
	}
	got == {1: {"BREACH_NOT_LASTING"}, 2: {"BREACH_NOT_LASTING", "AVAILABILITY_COLLAPSED"}}
}

# 1 - 0.7 is not 0.3 in binary fractions: 30 of 100 bad is at the floor and not below it.
test_floor_is_free_of_rounding if {
	settings := {"policies": {"persistence": {"params": {"hard_availability_floor": 0.7}}}}
	got := {bad: count(findings) |
		some bad in [29, 30, 31]
		request := _request([], _calm, [object.union(_signal, {"bad": bad, "total": 100})])
		findings := persistence.finding with input as request with data.belay.settings as settings
	}
	got == {29: 0, 30: 0, 31: 1}
}

test_hundreds_of_signals if {
	rows := [object.union(_row, {"signal": $"s{i}"}) | some i in numbers.range(1, 60)]
	signals := [object.union(_signal, {"id": $"s{i}"}) | some i in numbers.range(1, 60)]
	findings := _findings(_request(rows, _calm, signals))
	[count([1 | some finding in findings; finding.code == code]) | some code in ["BREACH_PERSISTS", "AVAILABILITY_COLLAPSED"]] == [20, 20]
}

test_limits_of_parameters if {
	persistence.param_limits == {
		"consecutive_limit": {"min": 2, "integer": true},
		"min_span_s": {"min": 0},
		"hard_availability_floor": {"min": 0, "max": 1},
		"hard_min_total": {"min": 1, "integer": true},
		"flap_changes": {"min": 2, "integer": true},
	}
	object.keys(persistence.param_limits) == object.keys(persistence.default_params)
}
