package belay.policies.canary_compare_test

import data.belay.policies.canary_compare
import data.belay.text

# [1, 2.2, 1.1, 2.5, 3] and, of the candidate, [20, 22, 21, 25, 30].
_shift := {
	"signal": "p99",
	"service": "checkout",
	"sli": "latency",
	"critical": true,
	"unit": "ms",
	"direction": "lower_better",
	"method": "mann_whitney",
	"population_baseline": "baseline",
	"estimate": 20,
	"lo": 17,
	"hi": 29,
	"lo_ratio": 0.85,
	"hi_ratio": 1.45,
	"effect": 12.0408163265,
	"cles": 1,
	"p_value": null,
	"nonzero_candidate": 5,
	"nonzero_baseline": 5,
	"n_candidate": 5,
	"n_baseline": 5,
	"mean_candidate": 23.6,
	"mean_baseline": 1.96,
	"from_ms": 1767225300000,
	"to_ms": 1767225540000,
}

# The sparse errors of spinnaker#5622: five of ten points, where the baseline has none.
_sparse := object.union(_shift, {
	"signal": "errors",
	"method": "fisher_exact_nonzero",
	"estimate": 0.0175,
	"lo": 0,
	"hi": 0.089,
	"lo_ratio": 0,
	"hi_ratio": 5.08571428571,
	"effect": null,
	"p_value": 0.016253869969,
	"nonzero_candidate": 5,
	"nonzero_baseline": 0,
	"n_candidate": 10,
	"n_baseline": 10,
	"mean_candidate": 0.045,
	"mean_baseline": 0,
})

_fewer := object.union(_shift, {
	"signal": "orders",
	"direction": "higher_better",
	"estimate": -20,
	"lo": -29,
	"hi": -17,
	"lo_ratio": -1.45,
	"hi_ratio": -0.85,
	"effect": 0.0830508474576,
	"cles": 0,
	"mean_candidate": 1.96,
	"mean_baseline": 23.6,
})

_shifts(rows) := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {"service": "checkout", "exposed_since_ms": _now_ms - 600000},
	"derived": {"shift": rows},
}

_shift_codes(row, patch) := _codes(_shifts([object.union(row, patch)]))

test_shifted if {
	canary_compare.finding == {{
		"kind": "regression",
		"code": "CANARY_SHIFTED",
		"severity": "critical",
		"message": "`p99` is worse than baseline: 23.6 ms on average against 1.96, 17 to 29 more (5 points against 5)",
		"evidence": [
			{"path": "/derived/shift/0/lo_ratio", "observed": 0.85, "op": ">", "threshold": 0.25, "unit": "of the estimate", "n": 5},
			{"path": "/derived/shift/0/effect", "observed": 12.0408163265, "op": ">=", "threshold": 1.25, "unit": "times", "n": 5},
			{"path": "/derived/shift/0/n_candidate", "observed": 5, "op": ">=", "threshold": 5, "unit": "points", "n": 5},
			{"path": "/derived/shift/0/n_baseline", "observed": 5, "op": ">=", "threshold": 5, "unit": "points", "n": 5},
		],
	}} with input as _shifts([_shift]) with data.belay.settings as {}
}

test_shifted_down_where_more_is_better if {
	canary_compare.finding == {{
		"kind": "regression",
		"code": "CANARY_SHIFTED",
		"severity": "critical",
		"message": "`orders` is worse than baseline: 1.96 on average against 23.6, 17 to 29 less (5 points against 5)",
		"evidence": [
			{"path": "/derived/shift/0/hi_ratio", "observed": -0.85, "op": "<", "threshold": -0.25, "unit": "of the estimate", "n": 5},
			{"path": "/derived/shift/0/effect", "observed": 0.0830508474576, "op": "<=", "threshold": 0.8, "unit": "times", "n": 5},
			{"path": "/derived/shift/0/n_candidate", "observed": 5, "op": ">=", "threshold": 5, "unit": "points", "n": 5},
			{"path": "/derived/shift/0/n_baseline", "observed": 5, "op": ">=", "threshold": 5, "unit": "points", "n": 5},
		],
	}} with input as _shifts([object.remove(_fewer, ["unit"])]) with data.belay.settings as {}
}

test_sparse_errors_do_not_pass if {
	canary_compare.finding == {{
		"kind": "insufficient",
		"code": "CANARY_SHIFT_MARGINAL",
		"severity": "minor",
		"message": "`errors` is worse than baseline: 5 of 10 points are not 0, against none of 10; not clear enough to roll back",
		"evidence": [{"path": "/derived/shift/0/p_value", "observed": 0.016253869969, "op": "<", "threshold": 0.05, "unit": "probability", "n": 10}],
		"grace_until_ms": 1767225300000,
	}} with input as _shifts([_sparse]) with data.belay.settings as {}
	_shift_codes(_sparse, {"critical": false}) == {"CANARY_SHIFT_MARGINAL"}
}

test_errors_where_there_were_none if {
	canary_compare.finding == {{
		"kind": "regression",
		"code": "CANARY_SHIFTED",
		"severity": "critical",
		"message": "`errors` is worse than baseline: 8 of 10 points are not 0, against none of 10",
		"evidence": [
			{"path": "/derived/shift/0/p_value", "observed": 0.000357226553, "op": "<", "threshold": 0.01, "unit": "probability", "n": 10},
			{"path": "/derived/shift/0/nonzero_candidate", "observed": 8, "op": ">=", "threshold": 3, "unit": "points", "n": 10},
		],
	}} with input as _shifts([object.union(_sparse, {"p_value": 0.000357226553, "nonzero_candidate": 8})]) with data.belay.settings as {}
}

test_few_errors_where_there_were_none if {
	got := [codes |
		some patch in [
			{"p_value": 0.01},
			{"p_value": 0.0099},
			{"p_value": 0.0099, "nonzero_candidate": 2},
			{"p_value": 0.0099, "nonzero_candidate": 3},
			{"p_value": 0.0099, "critical": false},
			{"p_value": 0.05},
			{"p_value": 0.0499},
		]
		codes := _shift_codes(_sparse, patch)
	]
	got == [
		{"CANARY_SHIFT_MARGINAL"},
		{"CANARY_SHIFTED"},
		{"CANARY_SHIFT_MARGINAL"},
		{"CANARY_SHIFTED"},
		{"CANARY_SHIFTED_NOT_CRITICAL"},
		set(),
		{"CANARY_SHIFT_MARGINAL"},
	]
}

test_each_condition_of_a_shift_is_needed if {
	got := [codes |
		some patch in [
			{"lo_ratio": 0.25},
			{"lo_ratio": 0.2501, "effect": 1.25},
			{"effect": 1.2499},
			{"effect": null},
			{"n_candidate": 4},
			{"n_baseline": 4},
			{"lo_ratio": null, "hi_ratio": null, "effect": null},
			{"direction": "higher_better"},
		]
		codes := _shift_codes(_shift, patch)
	]
	got == [
		{"CANARY_SHIFT_MARGINAL"},
		{"CANARY_SHIFTED"},
		{"CANARY_SHIFT_MARGINAL"},
		{"CANARY_SHIFTED"},
		set(),
		set(),
		set(),
		set(),
	]
}

test_each_condition_of_a_shift_down_is_needed if {
	got := [codes |
		some patch in [
			{"hi_ratio": -0.25},
			{"hi_ratio": -0.2501, "effect": 0.8},
			{"effect": 0.8001},
			{"effect": null},
			{"direction": "lower_better"},
		]
		codes := _shift_codes(_fewer, patch)
	]
	got == [{"CANARY_SHIFT_MARGINAL"}, {"CANARY_SHIFTED"}, {"CANARY_SHIFT_MARGINAL"}, {"CANARY_SHIFTED"}, set()]
}

test_marginal_shift if {
	canary_compare.finding == {{
		"kind": "insufficient",
		"code": "CANARY_SHIFT_MARGINAL",
		"severity": "minor",
		"message": "`p99` is worse than baseline: 23.6 ms on average against 1.96, 17 to 29 more (5 points against 5); not clear enough to roll back",
		"evidence": [
			{"path": "/derived/shift/0/lo_ratio", "observed": 0.1, "op": ">", "threshold": 0, "unit": "of the estimate", "n": 5},
			{"path": "/derived/shift/0/effect", "observed": 1.1, "op": ">=", "threshold": 1.1, "unit": "times", "n": 5},
			{"path": "/derived/shift/0/n_candidate", "observed": 5, "op": ">=", "threshold": 5, "unit": "points", "n": 5},
			{"path": "/derived/shift/0/n_baseline", "observed": 5, "op": ">=", "threshold": 5, "unit": "points", "n": 5},
		],
		"grace_until_ms": 1767225300000,
	}} with input as _shifts([object.union(_shift, {"lo_ratio": 0.1, "effect": 1.1})]) with data.belay.settings as {}
}

test_marginal_shift_down if {
	findings := canary_compare.finding with input as _shifts([object.union(_fewer, {"hi_ratio": -0.1, "effect": 0.9})]) with data.belay.settings as {}
	[[finding.code, [[item.op, item.threshold] | some item in finding.evidence]] | some finding in findings] == [[
		"CANARY_SHIFT_MARGINAL",
		[["<", 0], ["<=", 0.9], [">=", 5], [">=", 5]],
	]]
}

test_less_than_marginal_is_nothing if {
	every patch in [{"lo_ratio": 0, "effect": 2}, {"effect": 1.0999}, {"effect": 1.1, "lo_ratio": 0.1, "critical": false}, {"effect": 1.2, "n_candidate": 4}] {
		_shift_codes(_shift, patch) == set()
	}
	every patch in [{"hi_ratio": 0, "effect": 0.5}, {"effect": 0.9001}] {
		_shift_codes(_fewer, patch) == set()
	}
}

test_shift_that_is_not_critical if {
	findings := canary_compare.finding with input as _shifts([object.remove(_shift, ["critical"])]) with data.belay.settings as {}
	[object.remove(finding, ["evidence"]) | some finding in findings] == [{
		"kind": "insufficient",
		"code": "CANARY_SHIFTED_NOT_CRITICAL",
		"severity": "minor",
		"message": "`p99` is worse than baseline: 23.6 ms on average against 1.96, 17 to 29 more (5 points against 5); the signal is not critical",
	}]
	_shift_codes(object.remove(_shift, ["critical"]), {"sli": "availability"}) == {"CANARY_SHIFTED"}
}

test_shift_while_warming_up if {
	request := object.union(_shifts([_shift]), {"release": {"exposed_since_ms": _now_ms - 10000}})
	findings := canary_compare.finding with input as request with data.belay.settings as {}
	[object.remove(finding, ["evidence"]) | some finding in findings] == [{
		"kind": "insufficient",
		"code": "CANARY_SHIFT_WARMING_UP",
		"severity": "minor",
		"message": "`p99` is worse than baseline: 23.6 ms on average against 1.96, 17 to 29 more (5 points against 5); it may still be warming up",
		"grace_until_ms": _now_ms + 50000,
	}]
	_codes(object.union(_shifts([object.union(_shift, {"critical": false})]), {"release": {"exposed_since_ms": _now_ms}})) == set()
}

test_parameters_of_shifts if {
	settings := {"policies": {"canary_compare": {"params": {"tolerance_shift": 0.9, "marginal_effect_limit_shift": 20}}}}
	findings := canary_compare.finding with input as _shifts([_shift]) with data.belay.settings as settings
	findings == set()
}

test_at_most_twenty_shifts_of_a_kind if {
	rows := [object.union(_shift, {"signal": $"s{i}"}) | some i in numbers.range(1, 30)]
	findings := canary_compare.finding with input as _shifts(rows) with data.belay.settings as {}
	count(findings) == 20
}

test_long_names_of_series_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	every row in [_shift, _sparse] {
		findings := canary_compare.finding with input as _shifts([object.union(row, {"signal": long})]) with data.belay.settings as {}
		count({1 | some finding in findings; text.is_line(finding.message, 500)}) == 1
	}
}

test_every_parameter_has_limits_and_keeps_them if {
	object.keys(canary_compare.param_limits) == object.keys(canary_compare.default_params)
	every name, limits in canary_compare.param_limits {
		value := canary_compare.default_params[name]
		value >= object.get(limits, "min", value)
		value <= object.get(limits, "max", value)
	}
}

test_limits_of_parameters if {
	canary_compare.param_limits == {
		"tolerance_ratio": {"min": 0, "max": 1},
		"effect_limit": {"min": 1},
		"p_limit": {"min": 0, "max": 1},
		"marginal_p_limit": {"min": 0, "max": 1},
		"min_bad": {"min": 1, "integer": true},
		"warm_up_s": {"min": 0},
		"grace_s": {"min": 0},
		"tolerance_shift": {"min": 0, "max": 1},
		"effect_limit_shift": {"min": 1},
		"drop_limit_shift": {"min": 0, "max": 1},
		"marginal_effect_limit_shift": {"min": 1},
		"marginal_drop_limit_shift": {"min": 0, "max": 1},
		"zero_baseline_p_limit": {"min": 0, "max": 1},
		"marginal_zero_baseline_p_limit": {"min": 0, "max": 1},
		"min_points": {"min": 5, "integer": true},
	}
}
