package belay.policies.slo_burn_test

import data.belay.policies.slo_burn

_now_ms := 1767225600000

# Ten minutes ago, so that a canary is younger than every window but the shortest.
_exposed_ms := 1767225000000

_slo := {"id": "availability", "signal": "errors", "objective_ratio": 0.999}

_request(rows) := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {"service": "checkout", "exposed_since_ms": _exposed_ms},
	"health": {"slos": [_slo]},
	"derived": {"burn": rows},
}

_fleet(window_s, rate, bad, total) := {
	"slo": "availability",
	"signal": "errors",
	"service": "checkout",
	"population": "fleet",
	"objective_ratio": 0.999,
	"window_s": window_s,
	"effective_window_s": min([window_s, 600]),
	"rate": rate,
	"bad": bad,
	"total": total,
}

_candidate(window_s, rate, bad, total) := object.union(_fleet(window_s, rate, bad, total), {"population": "candidate"})

# Rows of all seven windows, each pair at its own rate; trickle shares a window with slow.
_windows(fast, slow, ticket, trickle) := [
	_fleet(3600, fast, 500, 100000),
	_fleet(300, fast, 50, 10000),
	_fleet(21600, slow, 3000, 600000),
	_fleet(1800, slow, 250, 50000),
	_fleet(86400, ticket, 8000, 2400000),
	_fleet(7200, ticket, 900, 200000),
	_fleet(259200, trickle, 9000, 7200000),
]

_codes(request) := codes if {
	codes := {finding.code | some finding in slo_burn.finding} with input as request with data.belay.settings as {}
}

_patched(request, patch) := object.union(request, patch)

_calm := _request(_windows(0.5, 0.5, 0.5, 0.5))

test_nothing_to_judge if {
	slo_burn.finding == set() with input as {} with data.belay.settings as {}
	slo_burn.finding == set() with input as {"health": {"slos": []}, "derived": {"burn": []}} with data.belay.settings as {}
}

test_calm if {
	slo_burn.finding == set() with input as _calm with data.belay.settings as {}
}

test_fast_burn if {
	rows := [_candidate(300, 52, 26, 500), _candidate(3600, 48.611997, 35, 720)]
	slo_burn.finding == {{
		"kind": "regression",
		"code": "SLO_FAST_BURN",
		"severity": "critical",
		"message": concat("", [
			"the candidate burns the error budget of `availability` at 48.61 times the allowed rate ",
			"over 10 min, all since its exposure (limit 14.4): 35 of 720 bad",
		]),
		"evidence": [
			{"path": "/derived/burn/1/rate", "observed": 48.611997, "op": ">=", "threshold": 14.4, "unit": "times", "n": 720},
			{"path": "/derived/burn/0/rate", "observed": 52, "op": ">=", "threshold": 14.4, "unit": "times", "n": 500},
			{"path": "/derived/burn/1/bad", "observed": 35, "op": ">=", "threshold": 3, "unit": "events", "n": 720},
			{"path": "/derived/burn/1/effective_window_s", "observed": 600, "op": "<", "threshold": 3600, "unit": "s"},
		],
	}} with input as _request(rows) with data.belay.settings as {}
}

test_slow_burn_of_a_young_release if {
	rows := _windows(10, 6, 0.5, 0.5)
	slo_burn.finding == {{
		"kind": "regression",
		"code": "SLO_SLOW_BURN",
		"severity": "major",
		"message": "the fleet burns the error budget of `availability` at 6 times the allowed rate over 6 h (limit 6): 3000 of 600000 bad",
		"evidence": [
			{"path": "/derived/burn/2/rate", "observed": 6, "op": ">=", "threshold": 6, "unit": "times", "n": 600000},
			{"path": "/derived/burn/3/rate", "observed": 6, "op": ">=", "threshold": 6, "unit": "times", "n": 50000},
			{"path": "/derived/burn/2/bad", "observed": 3000, "op": ">=", "threshold": 3, "unit": "events", "n": 600000},
			{"path": "/release/exposed_since_ms", "observed": _exposed_ms, "op": ">=", "threshold": 1767204000000, "unit": "ms"},
		],
	}} with input as _request(rows) with data.belay.settings as {}
}

test_slow_burn_unexplained if {
	request := json.remove(_request(_windows(10, 6, 0.5, 0.5)), ["/release/exposed_since_ms"])
	findings := slo_burn.finding with input as request with data.belay.settings as {}
	[object.remove(finding, ["evidence"]) | some finding in findings] == [{
		"kind": "insufficient",
		"code": "SLO_SLOW_BURN_UNEXPLAINED",
		"severity": "major",
		"message": concat("", [
			"the fleet burns the error budget of `availability` at 6 times the allowed rate over 6 h (limit 6): ",
			"3000 of 600000 bad; it is not known to have begun with this release",
		]),
	}]
}

test_ticket_burn if {
	findings := slo_burn.finding with input as _request(_windows(2, 2, 3, 2)) with data.belay.settings as {}
	[object.remove(finding, ["evidence"]) | some finding in findings] == [{
		"kind": "insufficient",
		"code": "SLO_TICKET_BURN",
		"severity": "minor",
		"message": "the fleet burns the error budget of `availability` at 3 times the allowed rate over 1 d (limit 3): 8000 of 2400000 bad",
	}]
}

test_trickle_burn if {
	findings := slo_burn.finding with input as _request(_windows(1, 1, 1, 1)) with data.belay.settings as {}
	[object.remove(finding, ["evidence"]) | some finding in findings] == [{
		"kind": "note",
		"code": "SLO_TRICKLE_BURN",
		"severity": "info",
		"message": "the fleet burns the error budget of `availability` at 1 times the allowed rate over 3 d (limit 1): 9000 of 7200000 bad",
	}]
}

test_low_traffic if {
	slo_burn.finding == {{
		"kind": "insufficient",
		"code": "SLO_LOW_TRAFFIC",
		"severity": "minor",
		"message": concat("", [
			"the candidate burns the error budget of `availability` at 50 times the allowed rate ",
			"over 10 min, all since its exposure (limit 14.4): 1 of 20 bad, too few events to tell",
		]),
		"evidence": [
			{"path": "/derived/burn/0/rate", "observed": 50, "op": ">=", "threshold": 14.4, "unit": "times", "n": 20},
			{"path": "/derived/burn/1/rate", "observed": 50, "op": ">=", "threshold": 14.4, "unit": "times", "n": 20},
		],
		"grace_until_ms": 1767225300000,
	}} with input as _request([_candidate(3600, 50, 1, 20), _candidate(300, 50, 1, 20)]) with data.belay.settings as {}
}

test_zero_tolerance if {
	rows := [object.union(row, {"objective_ratio": 1}) | some row in [_candidate(3600, null, 3, 50), _candidate(300, null, 1, 20)]]
	slo_burn.finding == {{
		"kind": "regression",
		"code": "SLO_ZERO_TOLERANCE",
		"severity": "critical",
		"message": "the candidate has 3 bad of 50 over 10 min, all since its exposure; `availability` allows none",
		"evidence": [
			{"path": "/derived/burn/0/bad", "observed": 3, "op": ">=", "threshold": 3, "unit": "events", "n": 50},
			{"path": "/derived/burn/1/bad", "observed": 1, "op": ">=", "threshold": 1, "unit": "events", "n": 20},
			{"path": "/derived/burn/0/effective_window_s", "observed": 600, "op": "<", "threshold": 3600, "unit": "s"},
		],
	}} with input as _request(rows) with data.belay.settings as {}
}

test_windows_missing if {
	slo_burn.finding == {{
		"kind": "insufficient",
		"code": "SLO_WINDOWS_MISSING",
		"severity": "major",
		"message": "`availability` cannot be judged: no usable signal of candidate or fleet has windows of 3600 s and 300 s",
		"evidence": [{"path": "/derived/burn", "observed": 0, "op": "<", "threshold": 1, "unit": "pairs of windows"}],
	}} with input as _request([_fleet(3600, 20, 500, 100000), _fleet(600, 20, 50, 10000)]) with data.belay.settings as {}
}

test_parameters if {
	strict := {"policies": {"slo_burn": {"params": {"fast_factor": 10, "fast_long_s": 1800, "min_bad": 400}}}}
	request := _request([_fleet(1800, 10, 399, 100000), _fleet(300, 10, 50, 10000)])
	findings := slo_burn.finding with input as request with data.belay.settings as strict
	{finding.code | some finding in findings} == {"SLO_LOW_TRAFFIC"}
}
