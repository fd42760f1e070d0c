package belay.policies.slo_burn_test

import data.belay.policies.slo_burn

test_fast_needs_both_windows_at_the_limit if {
	_codes(_request([_fleet(300, 14.4, 50, 10000), _fleet(3600, 14.39, 500, 100000)])) == set()
	_codes(_request([_fleet(300, 14.39, 50, 10000), _fleet(3600, 14.4, 500, 100000)])) == set()
	_codes(_request([_fleet(300, null, 0, 0), _fleet(3600, 14.4, 500, 100000)])) == set()
}

test_windows_pair_up_within_a_stream if {
	other := [
		_patched(_fleet(300, 20, 50, 10000), {"slo": "other"}),
		_patched(_fleet(300, 20, 50, 10000), {"service": "payments"}),
		_candidate(300, 20, 50, 10000),
	]
	every row in other {
		_codes(_request([_fleet(3600, 20, 500, 100000), row])) == {"SLO_WINDOWS_MISSING"}
	}
}

test_stable_and_baseline_are_not_the_release if {
	rows := [row |
		some population in ["stable", "baseline"]
		some all in _windows(50, 50, 50, 50)
		row := object.union(all, {"population": population})
	]
	_codes(_request(rows)) == {"SLO_WINDOWS_MISSING"}
}

test_slow_burn_by_age_of_the_release if {
	request := _request(_windows(10, 6, 0.5, 0.5))
	aged := {age_s: codes |
		some age_s in [0, 21600, 21601]
		codes := _codes(_patched(request, {"release": {"exposed_since_ms": _now_ms - (age_s * 1000)}}))
	}
	aged == {0: {"SLO_SLOW_BURN"}, 21600: {"SLO_SLOW_BURN"}, 21601: {"SLO_SLOW_BURN_UNEXPLAINED"}}
}

test_strongest_level_speaks if {
	_codes(_request(_windows(20, 20, 20, 20))) == {"SLO_FAST_BURN"}
	_codes(_request(_windows(7, 7, 7, 7))) == {"SLO_SLOW_BURN"}
	_codes(_request(_windows(4, 4, 4, 4))) == {"SLO_TICKET_BURN"}
}

test_strongest_level_of_each_stream if {
	other := [object.union(row, {"population": "candidate"}) | some row in _windows(4, 4, 4, 4)]
	_codes(_request(array.concat(_windows(20, 20, 20, 20), other))) == {"SLO_FAST_BURN", "SLO_TICKET_BURN"}
}

test_verify_asks_for_the_fast_level_only if {
	verify := {"request": {"question": "verify"}}
	_codes(_patched(_request(_windows(7, 7, 7, 7)), verify)) == set()
	_codes(_patched(_request(_windows(20, 20, 20, 20)), verify)) == {"SLO_FAST_BURN"}
}

test_enough_events if {
	got := {[bad, total]: codes |
		some [bad, total] in [[3, 69], [3, 70], [2, 70], [2, 10000]]
		codes := _codes(_request([_candidate(3600, 42, bad, total), _candidate(300, 42, bad, total)]))
	}
	got == {
		[3, 69]: {"SLO_LOW_TRAFFIC"},
		[3, 70]: {"SLO_FAST_BURN"},
		[2, 70]: {"SLO_LOW_TRAFFIC"},
		[2, 10000]: {"SLO_LOW_TRAFFIC"},
	}
}

test_low_traffic_gives_way_to_a_level_with_more if {
	rows := [_fleet(3600, 50, 2, 40), _fleet(300, 50, 1, 20), _fleet(21600, 20, 5, 250), _fleet(1800, 20, 3, 150)]
	_codes(_request(rows)) == {"SLO_SLOW_BURN"}
}

test_zero_tolerance_needs_bad_events_of_now if {
	got := {[long, short]: codes |
		some [long, short] in [[2, 2], [3, 0], [3, 1]]
		rows := [object.union(row, {"objective_ratio": 1}) | some row in [_candidate(3600, null, long, 50), _candidate(300, null, short, 20)]]
		codes := _codes(_request(rows))
	}
	got == {[2, 2]: set(), [3, 0]: set(), [3, 1]: {"SLO_ZERO_TOLERANCE"}}
}

test_windows_without_events_are_not_missing if {
	_codes(_request([_fleet(3600, null, 0, 0), _fleet(300, null, 0, 0)])) == set()
}

test_at_most_twenty_of_a_kind if {
	rows := [object.union(row, {"slo": $"s{i}"}) |
		some i in numbers.range(1, 30)
		some row in [_fleet(3600, 20, 500, 100000), _fleet(300, 20, 50, 10000)]
	]
	slos := [object.union(_slo, {"id": $"s{i}", "budget_remaining_ratio": 0}) | some i in numbers.range(1, 60)]
	findings := slo_burn.finding with input as _patched(_request(rows), {"health": {"slos": slos}}) with data.belay.settings as {}
	{code: count([1 | some finding in findings; finding.code == code]) | some code in {one.code | some one in findings}} == {
		"SLO_FAST_BURN": 20,
		"SLO_WINDOWS_MISSING": 20,
		"SLO_BUDGET_SPENT": 20,
	}
}

test_counters_reset if {
	rows := [_fleet(300, 0.5, 1, 10000), _fleet(3600, 0.5, 1, 8999)]
	slo_burn.finding == {{
		"kind": "insufficient",
		"code": "SLO_COUNTERS_RESET",
		"severity": "minor",
		"message": "the fleet has 8999 events in 1 h and 10000 in the last 5 min: counters were reset, and `availability` cannot be judged by them",
		"evidence": [{"path": "/derived/burn/1/total", "observed": 8999, "op": "<", "threshold": 10000, "unit": "events", "n": 8999}],
		"grace_until_ms": 1767225300000,
	}} with input as _request(rows) with data.belay.settings as {}
	_codes(_request([_fleet(300, 0.5, 1, 10000), _fleet(3600, 0.5, 1, 9000)])) == set()
}

test_counters_reset_in_any_level if {
	_codes(_request(array.concat(_windows(0.5, 0.5, 0.5, 0.5), [_candidate(7200, 0.5, 1, 500), _candidate(86400, 0.5, 1, 9)]))) == {"SLO_COUNTERS_RESET"}
}

test_counters_reset_beside_a_burn if {
	_codes(_request([_fleet(300, 20, 50, 2000), _fleet(3600, 20, 50, 1000)])) == {"SLO_FAST_BURN", "SLO_COUNTERS_RESET"}
}

test_at_most_twenty_resets if {
	rows := [object.union(row, {"slo": $"s{i}"}) |
		some i in numbers.range(1, 30)
		some row in [_fleet(3600, 0, 0, 1), _fleet(300, 0, 0, 10000)]
	]
	findings := slo_burn.finding with input as object.union(_request(rows), {"health": {"slos": []}}) with data.belay.settings as {}
	count(findings) == 20
}

# Two, five and ten per cent of the budget of 28 days.
test_factors_of_28_days if {
	four_weeks := {"policies": {"slo_burn": {"params": {"fast_factor": 13.44, "slow_factor": 5.6, "ticket_factor": 2.8, "trickle_factor": 0.9333}}}}
	got := [codes |
		some rates in [[13.44, 1, 1, 0.5], [13.43, 5.6, 1, 0.5], [13.43, 5.59, 2.8, 0.5], [13.43, 5.59, 2.79, 0.9333]]
		codes := {finding.code | some finding in slo_burn.finding} with input as _request(_windows(rates[0], rates[1], rates[2], rates[3]))
			with data.belay.settings as four_weeks
	]
	got == [{"SLO_FAST_BURN"}, {"SLO_SLOW_BURN"}, {"SLO_TICKET_BURN"}, {"SLO_TRICKLE_BURN"}]
}
