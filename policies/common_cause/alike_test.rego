package belay.policies.common_cause_test

import data.belay.policies.common_cause

_burn(population, window_s, rate) := {
	"slo": "availability",
	"signal": "errors",
	"service": "checkout",
	"population": population,
	"objective_ratio": 0.999,
	"window_s": window_s,
	"rate": rate,
	"bad": 40,
	"total": 2000,
}

# Long and short window of stable, then of the candidate.
_burns(before, after) := [
	_burn("stable", 3600, before),
	_burn("stable", 300, before),
	_burn("candidate", 3600, after),
	_burn("candidate", 300, after),
]

_codes_of_burn(rows) := _codes({"derived": {"burn": rows}})

_patched(rows, index, patch) := [row |
	some place, old in rows
	row := object.union(old, object.get({index: patch}, place, {}))
]

test_stable_burns_alike if {
	rows := _patched(_burns(20, 24), 0, {"bad": 50, "total": 2500})
	_findings({"derived": {"burn": rows}}) == {{
		"kind": "hold",
		"code": "STABLE_BURNS_ALIKE",
		"severity": "major",
		"message": concat("", [
			"stable burns the error budget of `availability` at 20 times the allowed rate, candidate at 24: ",
			"it may not be the release",
		]),
		"evidence": [
			{"path": "/derived/burn/0/rate", "observed": 20, "op": ">=", "threshold": 14.4, "unit": "times", "n": 2500},
			{"path": "/derived/burn/1/rate", "observed": 20, "op": ">=", "threshold": 14.4, "unit": "times", "n": 2000},
			{"path": "/derived/burn/0/bad", "observed": 50, "op": ">=", "threshold": 3, "unit": "events", "n": 2500},
			{"path": "/derived/burn/2/rate", "observed": 24, "op": ">=", "threshold": 14.4, "unit": "times", "n": 2000},
		],
	}}
}

test_alike_is_by_a_factor if {
	got := {rates: _codes_of_burn(_burns(rates[0], rates[1])) | some rates in [[14.4, 14.4], [14.3, 14.4], [15, 14.3], [20, 30], [20, 30.1], [30, 15]]}
	alike := {"STABLE_BURNS_ALIKE"}
	got == {[14.4, 14.4]: alike, [14.3, 14.4]: set(), [15, 14.3]: set(), [20, 30]: alike, [20, 30.1]: set(), [30, 15]: alike}
}

test_every_window_counts if {
	every index in [0, 1, 2, 3] {
		_codes_of_burn(_patched(_burns(20, 24), index, {"rate": 14})) == set()
		_codes_of_burn(_patched(_burns(20, 24), index, {"rate": null})) == set()
		_codes_of_burn(_patched(_burns(20, 24), index, {"window_s": 60})) == set()
		_codes_of_burn(_patched(_burns(20, 24), index, {"service": "cart"})) == set()
		_codes_of_burn(_patched(_burns(20, 24), index, {"slo": "latency"})) == set()
	}
}

test_populations if {
	baseline := [object.union(row, {"population": "baseline"}) | some row in array.slice(_burns(20, 24), 0, 2)]
	fleet := [object.union(row, {"population": "fleet"}) | some row in array.slice(_burns(20, 24), 2, 4)]
	_codes_of_burn(array.concat(baseline, fleet)) == {"STABLE_BURNS_ALIKE"}
	_codes_of_burn(array.slice(_burns(20, 24), 0, 2)) == set()
	_codes_of_burn(array.concat(array.slice(_burns(20, 24), 0, 2), baseline)) == set()
}

test_too_few_events_of_stable if {
	got := {sample: _codes_of_burn(_patched(_burns(20, 24), 0, {"bad": sample[0], "total": sample[1]})) | some sample in [[2, 70], [3, 70], [3, 69]]}
	got == {[2, 70]: set(), [3, 70]: {"STABLE_BURNS_ALIKE"}, [3, 69]: set()}
}

# 500 of 2000 against 250 of 1000.
_row := {
	"signal": "errors",
	"service": "checkout",
	"sli": "availability",
	"population_baseline": "stable",
	"effect": 1.2,
	"p_value": 0.0001,
	"bad_candidate": 300,
	"n_candidate": 1000,
	"bad_baseline": 500,
	"n_baseline": 2000,
	"ratio_candidate": 0.3,
	"ratio_baseline": 0.25,
}

_codes_of_row(patch, slos) := codes if {
	request := object.union(_request({"derived": {"compare": [object.union(_row, patch)]}}), {"health": {"slos": slos}})
	findings := common_cause.finding with input as request with data.belay.settings as {}
	codes := {finding.code | some finding in findings}
}

test_baseline_fails_alike if {
	calm := object.union(_row, {"signal": "calm", "bad_baseline": 0, "effect": null})
	findings := common_cause.finding with input as object.union(
		_request({"derived": {"compare": [calm, _row]}}),
		{"health": {"slos": []}},
	)
		with data.belay.settings as {}
	findings == {{
		"kind": "hold",
		"code": "BASELINE_FAILS_ALIKE",
		"severity": "major",
		"message": "`errors` fails alike on stable: 25 % bad (500 of 2000) against 30 %: it may not be the release",
		"evidence": [
			{"path": "/derived/compare/1/bad_baseline", "observed": 500, "op": ">=", "threshold": 400, "unit": "events", "n": 2000},
			{"path": "/derived/compare/1/effect", "observed": 1.2, "op": "<=", "threshold": 1.5, "unit": "times", "n": 2000},
		],
	}}
}

test_both_sides_have_to_be_high if {
	alike := {"BASELINE_FAILS_ALIKE"}
	got := {patch: _codes_of_row(patch, []) | some patch in [
		{"bad_baseline": 400},
		{"bad_baseline": 399},
		{"bad_candidate": 200},
		{"bad_candidate": 199},
		{"effect": 1.5},
		{"effect": 1.51},
		{"effect": null, "bad_baseline": 0},
	]}
	got == {
		{"bad_baseline": 400}: alike,
		{"bad_baseline": 399}: set(),
		{"bad_candidate": 200}: alike,
		{"bad_candidate": 199}: set(),
		{"effect": 1.5}: alike,
		{"effect": 1.51}: set(),
		{"effect": null, "bad_baseline": 0}: set(),
	}
}

test_worse_by_chance_perhaps_is_alike_too if {
	got := {p: _codes_of_row({"effect": 2, "p_value": p}, []) | some p in [0.00099, 0.001]}
	got == {0.00099: set(), 0.001: {"BASELINE_FAILS_ALIKE"}}
	request := _request({"derived": {"compare": [object.union(_row, {"effect": 2, "p_value": 0.04})]}})
	findings := common_cause.finding with input as request with data.belay.settings as {}
	[item | some finding in findings; some item in finding.evidence; endswith(item.path, "p_value")] == [{
		"path": "/derived/compare/0/p_value",
		"observed": 0.04,
		"op": ">=",
		"threshold": 0.001,
		"unit": "probability",
		"n": 2000,
	}]
}

test_only_what_could_call_for_a_rollback if {
	slow := {"sli": "latency"}
	_codes_of_row(slow, []) == set()
	_codes_of_row(slow, [_slo]) == {"BASELINE_FAILS_ALIKE"}
	_codes_of_row(slow, [object.union(_slo, {"signal": "other"})]) == set()
	_codes_of_row(object.union(slow, {"critical": true}), []) == {"BASELINE_FAILS_ALIKE"}
}

test_a_few_events_are_not_high if {
	small := {"n_candidate": 10, "bad_candidate": 3, "n_baseline": 5, "effect": 1}
	_codes_of_row(object.union(small, {"bad_baseline": 3}), []) == {"BASELINE_FAILS_ALIKE"}
	_codes_of_row(object.union(small, {"bad_baseline": 2}), []) == set()
	_codes_of_row(object.union(small, {"bad_baseline": 3, "bad_candidate": 2}), []) == set()
}

# At 99.9 % the limit is 14.4 times a thousandth: 28.8 of 2000, and 14.4 of 1000.
test_an_objective_says_what_is_high if {
	got := {sample: _codes_of_row({"bad_candidate": sample[0], "bad_baseline": sample[1]}, [_slo]) | some sample in [[15, 29], [15, 28], [14, 29]]}
	got == {[15, 29]: {"BASELINE_FAILS_ALIKE"}, [15, 28]: set(), [14, 29]: set()}
	strict := {"bad_candidate": 15, "bad_baseline": 29}
	_codes_of_row(strict, [object.union(_slo, {"signal": "slow"})]) == set()
	_codes_of_row(strict, [object.union(_slo, {"objective_ratio": 0.9}), _slo]) == {"BASELINE_FAILS_ALIKE"}
	_codes_of_row({}, [object.union(_slo, {"objective_ratio": 0.5})]) == {"BASELINE_FAILS_ALIKE"}
}

# 14.4 * (1 - 0.99) is 0.144, in binary fractions a little more or less.
test_high_is_free_of_rounding if {
	two_nines := [object.union(_slo, {"objective_ratio": 0.99})]
	got := {bad: _codes_of_row({"bad_candidate": 144, "bad_baseline": bad}, two_nines) | some bad in [287, 288]}
	got == {287: set(), 288: {"BASELINE_FAILS_ALIKE"}}
}

test_parameters_of_alike if {
	params := {"burn_factor": 5, "burn_long_s": 7200, "burn_short_s": 60, "alike_factor": 1.1, "min_bad": 41}
	settings := {"policies": {"common_cause": {"params": params}}}
	rows := [
		_burn("stable", 7200, 5),
		_burn("stable", 60, 5),
		_burn("candidate", 7200, 5.5),
		_burn("candidate", 60, 5.5),
	]
	few := common_cause.finding with input as _request({"derived": {"burn": rows}}) with data.belay.settings as settings
	few == set()
	enough := common_cause.finding with input as _request({"derived": {"burn": _patched(rows, 0, {"bad": 41})}})
		with data.belay.settings as settings
	{item.threshold | some finding in enough; some item in finding.evidence} == {5, 41}
}
