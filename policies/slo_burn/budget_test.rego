package belay.policies.slo_burn_test

import data.belay.policies.slo_burn

_spent(ratio) := {"health": {"slos": [object.union(_slo, {"budget_remaining_ratio": ratio})]}}

test_budget_spent if {
	findings := slo_burn.finding with input as _patched(_calm, _spent(-0.25)) with data.belay.settings as {}
	findings == {{
		"kind": "hold",
		"code": "SLO_BUDGET_SPENT",
		"severity": "major",
		"message": "the error budget of `availability` is spent: -25 % is left",
		"evidence": [{"path": "/health/slos/0/budget_remaining_ratio", "observed": -0.25, "op": "<=", "threshold": 0, "unit": "ratio"}],
	}}
	_codes(_patched(_calm, _spent(0))) == {"SLO_BUDGET_SPENT"}
	_codes(_patched(_calm, _spent(0.0001))) == set()
}

# Twenty times the allowed rate in an hour is three per cent of thirty days' budget: the rest was
# gone before the release, which began within that hour.
test_budget_spent_before_the_release if {
	_codes(_patched(_request(_windows(20, 20, 20, 20)), _spent(0))) == {"SLO_FAST_BURN", "SLO_BUDGET_SPENT"}
	_codes(_patched(_request(_windows(7, 7, 7, 7)), _spent(0))) == {"SLO_SLOW_BURN", "SLO_BUDGET_SPENT"}
}

# In three days it is twice that budget, and the release has been there for as long.
test_budget_spent_by_an_old_release if {
	old := {"release": {"exposed_since_ms": _now_ms - 259200000}}
	_codes(_patched(_patched(_request(_windows(20, 20, 20, 20)), _spent(0)), old)) == {"SLO_FAST_BURN"}
}

# A window that reaches back to the very moment of exposure holds all that the release did.
test_budget_spent_within_the_window if {
	hour := {"release": {"exposed_since_ms": _now_ms - 3600000}}
	rows := [_fleet(3600, 20, 500, 100000), _fleet(300, 20, 50, 10000)]
	_codes(_patched(_patched(_request(rows), _spent(0)), hour)) == {"SLO_FAST_BURN", "SLO_BUDGET_SPENT"}
}

# Of a day's budget, seven times the allowed rate for an hour is more than a quarter.
test_budget_spent_in_a_short_period if {
	day := {"health": {"slos": [object.union(_spent(0).health.slos[0], {"period_s": 86400})]}}
	_codes(_patched(_request(_windows(7, 7, 7, 7)), day)) == {"SLO_SLOW_BURN"}
}

test_budget_without_a_period if {
	none := {"health": {"slos": [object.union(_spent(0).health.slos[0], {"period_s": 0})]}}
	_codes(_patched(_request(_windows(7, 7, 7, 7)), none)) == {"SLO_SLOW_BURN", "SLO_BUDGET_SPENT"}
}

# A canary has had ten minutes, and no more than that can be its own.
test_budget_spent_counts_the_life_of_a_canary if {
	day := {"health": {"slos": [object.union(_spent(0).health.slos[0], {"period_s": 86400})]}}
	rows := [_candidate(3600, 14.4, 30, 2084), _candidate(300, 14.4, 15, 1042)]
	_codes(_patched(_request(rows), day)) == {"SLO_FAST_BURN", "SLO_BUDGET_SPENT"}
}

test_budget_spent_nobody_knows_when if {
	request := json.remove(_patched(_request(_windows(20, 20, 20, 20)), _spent(0)), ["/release/exposed_since_ms"])
	_codes(request) == {"SLO_FAST_BURN"}
}
