package belay.policies.post_rollback_verify_test

import data.belay.policies.post_rollback_verify

_now_ms := 1767225600000

_deadline_ms := 1767225900000

_slo := {"id": "availability", "signal": "errors", "objective_ratio": 0.999}

_before := {"signal": "errors", "service": "checkout", "bad": 30, "total": 1000}

_signal := {
	"id": "errors",
	"sli": "availability",
	"service": "checkout",
	"population": "fleet",
	"status": "ok",
	"bad": 20,
	"total": 1000,
}

# A signal that is not critical, before and after.
_slow_before := {"signal": "slow", "service": "checkout", "bad": 100, "total": 1000}

_slow := object.union(_signal, {"id": "slow", "sli": "latency"})

_request(before, signals) := {
	"request": {"question": "verify", "now_ms": _now_ms},
	"release": {"service": "checkout"},
	"health": {"signals": signals, "slos": [_slo]},
	"history": {"active_rollback": {"state": "verifying", "deadline_ms": _deadline_ms, "before": before}},
}

_findings(request) := findings if {
	findings := post_rollback_verify.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_codes_with(patch) := _codes(_request([_before], [object.union(_signal, patch)]))

_bad_item(index, bad, op, threshold, n) := {
	"path": $"/health/signals/{index}/bad",
	"observed": bad,
	"op": op,
	"threshold": threshold,
	"unit": "events",
	"n": n,
}

test_nothing_to_verify if {
	_findings({}) == set()
	_codes(_request([], [_signal])) == set()
	_codes(json.remove(_request([_before], [_signal]), ["/history/active_rollback"])) == set()
	_codes(object.union(_request([_before], [_signal]), {"request": {"question": "continue"}})) == set()
}

test_recovered if {
	_findings(_request([_slow_before, _before], [object.union(_slow, {"bad": 1}), object.union(_signal, {"bad": 2})])) == {{
		"kind": "note",
		"code": "RECOVERED_AFTER_ROLLBACK",
		"severity": "info",
		"message": "recovered: 1 critical signal back on target",
		"evidence": [_bad_item(1, 2, "<=", 2, 1000)],
	}}
}

test_not_recovered_yet if {
	calm := object.union(_signal, {"service": "cart", "bad": 0})
	also := object.union(_before, {"service": "cart"})
	_findings(_request([also, _before], [calm, _signal])) == {{
		"kind": "insufficient",
		"code": "NOT_RECOVERED_YET",
		"severity": "major",
		"message": "`errors` of `checkout`, fleet: 2 % bad (20 of 1000); it has not recovered yet",
		"evidence": [_bad_item(1, 20, ">", 2, 1000)],
		"grace_until_ms": _deadline_ms,
	}}
}

test_without_a_deadline_there_is_no_grace if {
	request := json.remove(_request([_before], [_signal]), ["/history/active_rollback/deadline_ms"])
	{[finding.code, object.get(finding, "grace_until_ms", null)] | some finding in _findings(request)} == {["NOT_RECOVERED_YET", null]}
}

test_worse_than_before if {
	_findings(_request([_slow_before, _before], [object.union(_slow, {"bad": 1}), object.union(_signal, {"bad": 80})])) == {{
		"kind": "regression",
		"code": "WORSE_AFTER_ROLLBACK",
		"severity": "critical",
		"message": concat("", [
			"`errors` of `checkout`, fleet: 8 % bad (80 of 1000); it is worse than before the rollback: ",
			"3 % bad (30 of 1000)",
		]),
		"evidence": [_bad_item(1, 80, ">", 2, 1000), _bad_item(1, 80, ">", 45, 1000)],
	}}
}

test_secondary_signals if {
	well := object.union(_signal, {"bad": 0})
	_findings(_request([_before, _slow_before], [well, object.union(_slow, {"bad": 90})])) == {
		{
			"kind": "note",
			"code": "RECOVERED_AFTER_ROLLBACK",
			"severity": "info",
			"message": "recovered: 1 critical signal back on target",
			"evidence": [_bad_item(0, 0, "<=", 2, 1000)],
		},
		{
			"kind": "note",
			"code": "SECONDARY_NOT_RECOVERED",
			"severity": "info",
			"message": "`slow` of `checkout`, fleet: 9 % bad (90 of 1000); it has not recovered yet; the signal is not critical",
			"evidence": [_bad_item(1, 90, ">", 11, 1000)],
		},
	}
	worse := [finding |
		some finding in _findings(_request([_before, _slow_before], [well, object.union(_slow, {"bad": 300})]))
		finding.kind == "insufficient"
	]
	worse == [{
		"kind": "insufficient",
		"code": "SECONDARY_WORSE_AFTER_ROLLBACK",
		"severity": "minor",
		"message": concat("", [
			"`slow` of `checkout`, fleet: 30 % bad (300 of 1000); it is worse than before the rollback: 10 % bad (100 of 1000); ",
			"the signal is not critical",
		]),
		"evidence": [_bad_item(1, 300, ">", 11, 1000), _bad_item(1, 300, ">", 150, 1000)],
		"grace_until_ms": _deadline_ms,
	}]
}

test_low_traffic if {
	_findings(_request([_before], [object.union(_signal, {"bad": 1, "total": 49})])) == {{
		"kind": "insufficient",
		"code": "LOW_TRAFFIC_AFTER_ROLLBACK",
		"severity": "minor",
		"message": "`errors` of `checkout`, fleet: 2.041 % bad (1 of 49); too few to tell whether it has recovered",
		"evidence": [{"path": "/health/signals/0/total", "observed": 49, "op": "<", "threshold": 50, "unit": "events", "n": 49}],
		"grace_until_ms": _deadline_ms,
	}}
	{finding.message | some finding in _findings(_request([_before], [object.union(_signal, {"bad": 0, "total": 0})]))} == {
		"`errors` of `checkout`, fleet: no events; too few to tell whether it has recovered",
	}
	_codes_with({"bad": 0, "total": 50}) == {"RECOVERED_AFTER_ROLLBACK"}
}

test_missing if {
	cart := object.union(_before, {"service": "cart"})
	_findings(_request([_before, cart], [object.union(_signal, {"bad": 0})])) == {{
		"kind": "insufficient",
		"code": "UNVERIFIED_AFTER_ROLLBACK",
		"severity": "major",
		"message": "`errors` of `cart` was there before the rollback, and cannot be judged now",
		"evidence": [{
			"path": "/health/signals",
			"observed": 0,
			"op": "<",
			"threshold": 1,
			"unit": "usable signals of that id",
		}],
		"grace_until_ms": _deadline_ms,
	}}
}

test_recovered_only_where_all_is if {
	well := object.union(_signal, {"bad": 0})
	quiet := object.union(well, {"service": "cart", "total": 3})
	ill := object.union(well, {"service": "cart", "bad": 30})
	awful := object.union(well, {"service": "cart", "bad": 300})
	cart := object.union(_before, {"service": "cart"})
	_codes(_request([_before, cart], [well, quiet])) == {"LOW_TRAFFIC_AFTER_ROLLBACK"}
	_codes(_request([_before, cart], [well, ill])) == {"NOT_RECOVERED_YET"}
	_codes(_request([_before, cart], [well, awful])) == {"WORSE_AFTER_ROLLBACK"}
	_codes(_request([_slow_before], [object.union(_slow, {"bad": 0})])) == set()
}

test_hundreds_of_signals if {
	names := [$"s{i}" | some i in numbers.range(1, 60)]
	before := [object.union(_before, {"signal": name}) | some name in names]
	got := [count(_findings(_request(before, [object.union(_signal, object.union(patch, {"id": name})) | some name in names]))) |
		some patch in [{"bad": 90}, {"bad": 900}, {"total": 20}, {"status": "error"}, {"bad": 90, "critical": false}, {"bad": 900, "critical": false}]
	]
	got == [20, 20, 20, 20, 20, 20]
	all_well := _findings(_request(before, [object.union(_signal, {"id": name, "bad": 0}) | some name in names]))
	{count(finding.evidence) | some finding in all_well} == {20}
}

test_parameters if {
	params := {"min_total": 10, "min_bad": 1, "target_ratio": 0.5, "tolerance_ratio": 0, "worse_factor": 1, "z2_limit": 0}
	settings := {"policies": {"post_rollback_verify": {"params": params}}}
	got := {patch: codes |
		some patch in [
			{"bad": 1, "total": 1000},
			{"bad": 2, "total": 1000},
			{"bad": 1, "total": 10},
			{"id": "free", "bad": 500},
			{"id": "free", "bad": 501},
		]
		request := _request([_before, object.union(_before, {"signal": "free"})], [object.union(_signal, patch)])
		findings := post_rollback_verify.finding with input as request with data.belay.settings as settings
		codes := {finding.code | some finding in findings} - {"UNVERIFIED_AFTER_ROLLBACK"}
	}
	got == {
		{"bad": 1, "total": 1000}: set(),
		{"bad": 2, "total": 1000}: {"NOT_RECOVERED_YET"},
		{"bad": 1, "total": 10}: {"WORSE_AFTER_ROLLBACK"},
		{"id": "free", "bad": 500}: set(),
		{"id": "free", "bad": 501}: {"WORSE_AFTER_ROLLBACK"},
	}
}

test_limits_of_parameters if {
	post_rollback_verify.param_limits == {
		"min_total": {"min": 1, "integer": true},
		"min_bad": {"min": 1, "integer": true},
		"target_ratio": {"min": 0, "max": 1},
		"tolerance_ratio": {"min": 0, "max": 1},
		"worse_factor": {"min": 1},
		"z2_limit": {"min": 0},
	}
	object.keys(post_rollback_verify.param_limits) == object.keys(post_rollback_verify.default_params)
}
