package belay.policies.slo_burn_test

import data.belay.policies.slo_burn
import data.belay.text

# 3 of 100 against 0.1 %.
_sequential := {
	"slo": "availability",
	"signal": "errors",
	"service": "checkout",
	"critical": true,
	"population": "candidate",
	"p0": 0.001,
	"p1": 0.01,
	"llr": 6.02992123355,
	"accept_at": -2.9856819377,
	"reject_at": 4.5538768916,
	"e_value": 124.45776738,
	"bad": 3,
	"total": 100,
	"window_s": 3600,
	"says": "worse",
}

_sequentially(row) := object.union(_calm, {"derived": {"sequential": [row]}})

_settings(params) := {"policies": {"slo_burn": {"params": params}}}

_found(params, patch) := codes if {
	codes := {finding.code | some finding in slo_burn.finding} with input as _sequentially(object.union(_sequential, patch))
		with data.belay.settings as _settings(params)
}

test_sequential_is_off if {
	_found({}, {}) == set()
	_found({"sequential": "off"}, {"e_value": 1e300}) == set()
}

test_sprt_says_worse if {
	findings := slo_burn.finding with input as _sequentially(_sequential) with data.belay.settings as _settings({"sequential": "sprt"})
	findings == {{
		"kind": "regression",
		"code": "SLO_SEQUENTIAL_WORSE",
		"severity": "critical",
		"message": "the candidate spends the error budget of `availability` too fast since its exposure: 3 of 100 bad, 0.1 % allowed",
		"evidence": [
			{"path": "/derived/sequential/0/llr", "observed": 6.02992123355, "op": ">=", "threshold": 4.5538768916, "n": 100},
			{"path": "/derived/sequential/0/bad", "observed": 3, "op": ">=", "threshold": 3, "unit": "events", "n": 100},
		],
	}}
}

test_e_value_reaches_its_limit if {
	findings := slo_burn.finding with input as _sequentially(_sequential) with data.belay.settings as _settings({"sequential": "e_value"})
	{[finding.code, finding.evidence[0]] | some finding in findings} == {[
		"SLO_SEQUENTIAL_WORSE",
		{"path": "/derived/sequential/0/e_value", "observed": 124.45776738, "op": ">=", "threshold": 100, "n": 100},
	]}
}

test_each_test_reads_its_own_number if {
	_found({"sequential": "sprt"}, {"says": "undecided"}) == set()
	_found({"sequential": "sprt"}, {"says": "fine"}) == set()
	_found({"sequential": "sprt"}, {"e_value": 0}) == {"SLO_SEQUENTIAL_WORSE"}
	_found({"sequential": "e_value"}, {"e_value": 99.9}) == set()
	_found({"sequential": "e_value"}, {"e_value": 100, "says": "undecided"}) == {"SLO_SEQUENTIAL_WORSE"}
	_found({"sequential": "e_value", "e_value_limit": 1000}, {}) == set()
}

test_two_bad_events_are_no_sequence if {
	_found({"sequential": "sprt"}, {"bad": 2}) == set()
	_found({"sequential": "e_value"}, {"bad": 2}) == set()
}

test_sequential_of_a_signal_that_is_not_critical if {
	findings := slo_burn.finding with input as _sequentially(object.union(_sequential, {"critical": false}))
		with data.belay.settings as _settings({"sequential": "sprt"})
	{[finding.kind, finding.severity, finding.code, count(finding.evidence)] | some finding in findings} == {["insufficient", "minor", "SLO_SEQUENTIAL_WORSE_NOT_CRITICAL", 2]}
	{finding.message | some finding in findings} == {"the candidate spends the error budget of `availability` too fast since its exposure: 3 of 100 bad, 0.1 % allowed; the signal is not critical"}
}

test_verify_asks_no_sequential_test if {
	verify := object.union(_sequentially(_sequential), {"request": {"question": "verify", "now_ms": _now_ms}})
	findings := slo_burn.finding with input as verify with data.belay.settings as _settings({"sequential": "sprt"})
	findings == set()
}

test_at_most_twenty_sequential_findings_of_a_kind if {
	rows := [object.union(_sequential, {"slo": $"s{i}", "critical": critical}) |
		some i in numbers.range(1, 30)
		some critical in [true, false]
	]
	findings := slo_burn.finding with input as object.union(_calm, {"derived": {"sequential": rows}})
		with data.belay.settings as _settings({"sequential": "sprt"})
	{code: count([1 | some finding in findings; finding.code == code]) | some code in {one.code | some one in findings}} == {
		"SLO_SEQUENTIAL_WORSE": 20,
		"SLO_SEQUENTIAL_WORSE_NOT_CRITICAL": 20,
	}
}

test_long_names_of_sequential_rows_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	findings := slo_burn.finding with input as _sequentially(object.union(_sequential, {"slo": long, "service": long, "critical": false}))
		with data.belay.settings as _settings({"sequential": "sprt"})
	{finding.code | some finding in findings; text.is_line(finding.message, 500)} == {"SLO_SEQUENTIAL_WORSE_NOT_CRITICAL"}
}

test_every_parameter_has_limits_and_keeps_them if {
	object.keys(slo_burn.param_limits) == object.keys(slo_burn.default_params)
	every name, limits in slo_burn.param_limits {
		value := slo_burn.default_params[name]
		value >= object.get(limits, "min", value)
		value <= object.get(limits, "max", value)
		value in object.get(limits, "one_of", [value])
	}
}

test_limits_of_parameters if {
	slo_burn.param_limits == {
		"fast_factor": {"above": 0},
		"fast_long_s": {"min": 1},
		"fast_short_s": {"min": 1},
		"slow_factor": {"above": 0},
		"slow_long_s": {"min": 1},
		"slow_short_s": {"min": 1},
		"ticket_factor": {"above": 0},
		"ticket_long_s": {"min": 1},
		"ticket_short_s": {"min": 1},
		"trickle_factor": {"above": 0},
		"trickle_long_s": {"min": 1},
		"trickle_short_s": {"min": 1},
		"min_bad": {"min": 1, "integer": true},
		"grace_s": {"min": 0},
		"own_share_ratio": {"min": 0, "max": 1},
		"reset_tolerance_ratio": {"min": 0, "max": 1},
		"sequential": {"one_of": ["off", "sprt", "e_value"]},
		"e_value_limit": {"above": 1},
	}
}
