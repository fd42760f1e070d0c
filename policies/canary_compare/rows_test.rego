package belay.policies.canary_compare_test

import data.belay.policies.canary_compare
import data.belay.text

test_each_condition_is_needed if {
	got := [codes |
		some patch in [
			{"lo": 0.001, "bad_candidate": 3},
			{"p_value": 0.001},
			{"bad_candidate": 2},
			{"effect": 1.49},
			{"lo": 0.00101, "p_value": 0.00099, "bad_candidate": 3, "effect": 1.5},
		]
		codes := _codes_with(patch)
	]
	got == [{"CANARY_MARGINAL"}, {"CANARY_MARGINAL"}, set(), {"CANARY_MARGINAL"}, {"CANARY_WORSE"}]
}

test_inside_tolerance if {
	_codes_with({"lo": 0.0002, "hi": 0.001}) == set()
}

test_identical_and_better if {
	_codes_with({"estimate": 0, "lo": -0.0095, "hi": 0.0095, "effect": 1, "z2": 0, "p_value": 0.5}) == set()
	_codes_with({"estimate": -0.02, "lo": -0.0326, "hi": -0.0108, "effect": 0.33, "z2": 30.4, "p_value": 0.99999}) == set()
}

test_one_bad_event_of_twenty if {
	false_alarm := {"estimate": 0.0497, "lo": 0.00854, "hi": 0.2358, "effect": 150, "z2": null, "p_value": 0.00884119, "bad_candidate": 1, "n_candidate": 20}
	_codes_with(false_alarm) == set()
}

test_marginal_on_what_is_not_critical_is_nothing if {
	_codes(_request([object.union(_close, {"critical": false})])) == set()
}

test_marginal_needs_more_than_a_hint if {
	_codes_with({"lo": 0.0005, "p_value": 0.01}) == set()
	_codes_with({"lo": 0, "p_value": 0.009}) == set()
}

test_not_critical_waits_for_the_warm_up if {
	request := object.union(_request([object.union(_row, {"critical": false})]), {"release": {"exposed_since_ms": _now_ms}})
	_codes(request) == set()
}

test_at_most_twenty_of_a_kind if {
	rows := [object.union(_row, {"signal": $"s{i}"}) | some i in numbers.range(1, 30)]
	findings := canary_compare.finding with input as _request(rows) with data.belay.settings as {}
	count(findings) == 20
}

test_long_names_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	request := object.union(_request([object.union(_row, {"signal": long})]), {"release": {"exposed_since_ms": _now_ms}})
	findings := canary_compare.finding with input as request with data.belay.settings as {}
	{finding.code | some finding in findings; text.is_line(finding.message, 500)} == {"CANARY_WARMING_UP"}
}
