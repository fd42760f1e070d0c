package belay.policies.slo_burn_test

import data.belay.policies.slo_burn
import data.belay.text

test_fast_burn_of_the_fleet_has_the_whole_window if {
	rows := [_fleet(300, 14.4, 144, 10000), _fleet(3600, 14.4, 1728, 120000)]
	findings := slo_burn.finding with input as _request(rows) with data.belay.settings as {}
	[[finding.message, count(finding.evidence)] | some finding in findings] == [[
		"the fleet burns the error budget of `availability` at 14.4 times the allowed rate over 1 h (limit 14.4): 1728 of 120000 bad",
		3,
	]]
}

test_fast_burn_of_a_canary_as_old_as_the_window if {
	rows := [_candidate(300, 20, 50, 10000), object.union(_candidate(3600, 20, 500, 100000), {"effective_window_s": 3600})]
	findings := slo_burn.finding with input as _request(rows) with data.belay.settings as {}
	[[finding.message, count(finding.evidence)] | some finding in findings] == [[
		"the candidate burns the error budget of `availability` at 20 times the allowed rate over 1 h (limit 14.4): 500 of 100000 bad",
		3,
	]]
}

test_other_service_is_named if {
	rows := [object.union(row, {"service": "payments"}) | some row in [_fleet(300, 20, 50, 10000), _fleet(3600, 20, 500, 100000)]]
	findings := slo_burn.finding with input as _request(rows) with data.belay.settings as {}
	{finding.message | some finding in findings} == {concat("", [
		"the fleet of `payments` burns the error budget of `availability` at 20 times the allowed rate ",
		"over 1 h (limit 14.4): 500 of 100000 bad",
	])}
}

test_long_names_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	rows := [object.union(row, {"slo": long, "service": long}) | some row in _windows(7, 7, 7, 7)]
	request := json.patch(_request(rows), [
		{"op": "remove", "path": "/release/exposed_since_ms"},
		{"op": "replace", "path": "/health/slos/0/id", "value": long},
	])
	findings := slo_burn.finding with input as request with data.belay.settings as {}
	{finding.code | some finding in findings; text.is_line(finding.message, 500)} == {"SLO_SLOW_BURN_UNEXPLAINED"}
}
