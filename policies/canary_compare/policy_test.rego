package belay.policies.canary_compare_test

import data.belay.policies.canary_compare

_now_ms := 1767225600000

# 30 of 1000 against 90 of 9000.
_row := {
	"signal": "http-errors",
	"service": "checkout",
	"sli": "availability",
	"direction": "lower_better",
	"method": "two_proportion",
	"population_baseline": "stable",
	"estimate": 0.02,
	"lo": 0.0108078056784,
	"hi": 0.0326405237137,
	"effect": 3,
	"z2": 30.3643724696,
	"p_value": 1.7902210454e-8,
	"bad_candidate": 30,
	"n_candidate": 1000,
	"bad_baseline": 90,
	"n_baseline": 9000,
	"ratio_candidate": 0.03,
	"ratio_baseline": 0.01,
}

# 3 of 100 against 0 of 900: no effect, and Fisher's exact test.
_zero_baseline := object.union(_row, {
	"method": "fisher_exact",
	"estimate": 0.03,
	"lo": 0.00980228803195,
	"hi": 0.0845193642905,
	"effect": null,
	"z2": null,
	"p_value": 0.000973117405983,
	"bad_candidate": 3,
	"n_candidate": 100,
	"bad_baseline": 0,
	"n_baseline": 900,
	"ratio_candidate": 0.03,
	"ratio_baseline": 0,
})

# 20 of 1000 against 90 of 9000: twice as many, and one in five hundred by chance.
_close := object.union(_row, {
	"estimate": 0.01,
	"lo": 0.00262411674337,
	"hi": 0.0208500546644,
	"effect": 2,
	"z2": 8.27281919294,
	"p_value": 0.00201214850945,
	"bad_candidate": 20,
	"ratio_candidate": 0.02,
})

_request(rows) := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {"service": "checkout", "exposed_since_ms": _now_ms - 600000},
	"derived": {"compare": rows},
}

_codes(request) := codes if {
	codes := {finding.code | some finding in canary_compare.finding} with input as request with data.belay.settings as {}
}

_codes_with(patch) := _codes(_request([object.union(_row, patch)]))

test_nothing_to_compare if {
	_codes({}) == set()
	_codes(_request([])) == set()
}

test_worse if {
	slow := object.union(_row, {"signal": "slow", "sli": "latency", "lo": -0.01, "p_value": 0.4})
	canary_compare.finding == {{
		"kind": "regression",
		"code": "CANARY_WORSE",
		"severity": "critical",
		"message": "`http-errors` is worse than stable: 3 % bad (30 of 1000) against 1 % (90 of 9000)",
		"evidence": [
			{"path": "/derived/compare/1/lo", "observed": 0.0108078056784, "op": ">", "threshold": 0.001, "unit": "ratio", "n": 1000},
			{"path": "/derived/compare/1/p_value", "observed": 1.7902210454e-8, "op": "<", "threshold": 0.001, "unit": "probability", "n": 1000},
			{"path": "/derived/compare/1/bad_candidate", "observed": 30, "op": ">=", "threshold": 3, "unit": "events", "n": 1000},
			{"path": "/derived/compare/1/effect", "observed": 3, "op": ">=", "threshold": 1.5, "unit": "times", "n": 1000},
		],
	}} with input as _request([slow, _row]) with data.belay.settings as {}
}

test_worse_than_a_zero_baseline if {
	canary_compare.finding == {{
		"kind": "regression",
		"code": "CANARY_WORSE",
		"severity": "critical",
		"message": "`http-errors` is worse than stable: 3 % bad (3 of 100) against 0 % (0 of 900)",
		"evidence": [
			{"path": "/derived/compare/0/lo", "observed": 0.00980228803195, "op": ">", "threshold": 0.001, "unit": "ratio", "n": 100},
			{"path": "/derived/compare/0/p_value", "observed": 0.000973117405983, "op": "<", "threshold": 0.001, "unit": "probability", "n": 100},
			{"path": "/derived/compare/0/bad_candidate", "observed": 3, "op": ">=", "threshold": 3, "unit": "events", "n": 100},
		],
	}} with input as _request([_zero_baseline]) with data.belay.settings as {}
}

test_not_critical if {
	findings := canary_compare.finding with input as _request([object.union(_row, {"sli": "latency"})]) with data.belay.settings as {}
	[object.remove(finding, ["evidence"]) | some finding in findings] == [{
		"kind": "insufficient",
		"code": "CANARY_WORSE_NOT_CRITICAL",
		"severity": "minor",
		"message": "`http-errors` is worse than stable: 3 % bad (30 of 1000) against 1 % (90 of 9000); the signal is not critical",
	}]
	_codes_with({"critical": false}) == {"CANARY_WORSE_NOT_CRITICAL"}
	_codes_with({"sli": "latency", "critical": true}) == {"CANARY_WORSE"}
}

test_marginal if {
	canary_compare.finding == {{
		"kind": "insufficient",
		"code": "CANARY_MARGINAL",
		"severity": "minor",
		"message": "`http-errors` is worse than stable: 2 % bad (20 of 1000) against 1 % (90 of 9000); not clear enough to roll back",
		"evidence": [
			{"path": "/derived/compare/0/lo", "observed": 0.00262411674337, "op": ">", "threshold": 0, "unit": "ratio", "n": 1000},
			{"path": "/derived/compare/0/hi", "observed": 0.0208500546644, "op": ">", "threshold": 0.001, "unit": "ratio", "n": 1000},
			{"path": "/derived/compare/0/p_value", "observed": 0.00201214850945, "op": "<", "threshold": 0.01, "unit": "probability", "n": 1000},
			{"path": "/derived/compare/0/bad_candidate", "observed": 20, "op": ">=", "threshold": 3, "unit": "events", "n": 1000},
		],
		"grace_until_ms": 1767225300000,
	}} with input as _request([_close]) with data.belay.settings as {}
}

test_warming_up if {
	got := {age_ms: codes |
		some age_ms in [0, 59999, 60000]
		codes := _codes(object.union(_request([_row]), {"release": {"exposed_since_ms": _now_ms - age_ms}}))
	}
	got == {0: {"CANARY_WARMING_UP"}, 59999: {"CANARY_WARMING_UP"}, 60000: {"CANARY_WORSE"}}
}

test_warming_up_is_tolerated_until_it_ends if {
	request := object.union(_request([_row]), {"release": {"exposed_since_ms": _now_ms - 10000}})
	findings := canary_compare.finding with input as request with data.belay.settings as {}
	[object.remove(finding, ["evidence"]) | some finding in findings] == [{
		"kind": "insufficient",
		"code": "CANARY_WARMING_UP",
		"severity": "minor",
		"message": "`http-errors` is worse than stable: 3 % bad (30 of 1000) against 1 % (90 of 9000); it may still be warming up",
		"grace_until_ms": _now_ms + 50000,
	}]
}

test_exposure_unknown_is_no_warm_up if {
	request := json.remove(_request([_row, object.union(_close, {"signal": "other"})]), ["/release/exposed_since_ms"])
	findings := canary_compare.finding with input as request with data.belay.settings as {}
	{[finding.code, object.get(finding, "grace_until_ms", null)] | some finding in findings} == {["CANARY_WORSE", null], ["CANARY_MARGINAL", null]}
}

test_parameters if {
	lenient := {"policies": {"canary_compare": {"params": {"tolerance_ratio": 0.02, "marginal_p_limit": 0}}}}
	findings := canary_compare.finding with input as _request([_row]) with data.belay.settings as lenient
	findings == set()
}
