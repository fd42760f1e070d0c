package belay.policies.canary_compare_test

import data.belay.policies.canary_compare

_metric := {
	"signal": "p99",
	"service": "checkout",
	"label": "pass",
	"critical": false,
	"n_candidate": 60,
	"n_baseline": 60,
}

_high := object.union(_metric, {"signal": "errors", "label": "high"})

_judge(says, score, metrics) := {
	"method": "netflix_aca",
	"score": score,
	"pass": 75,
	"marginal": 50,
	"says": says,
	"because": "groups",
	"groups": [{"name": "all", "weight": 100, "score": score}],
	"metrics": metrics,
}

_judged(judge) := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {"service": "checkout", "exposed_since_ms": _now_ms - 600000},
	"derived": {"judge": judge},
}

_judge_codes(judge) := _codes(_judged(judge))

test_judge_passes if {
	_judge_codes(_judge("pass", 75, [_metric, _high])) == set()
}

test_judge_fails if {
	canary_compare.finding == {{
		"kind": "regression",
		"code": "JUDGE_FAILED",
		"severity": "critical",
		"message": "the judge scores 33.33 of 100 (passes at 75, fails below 50)",
		"evidence": [
			{"path": "/derived/judge/score", "observed": 33.33, "op": "<", "threshold": 50, "unit": "of 100"},
			{"path": "/derived/judge/metrics/1/label", "observed": "high", "op": "!=", "threshold": "pass", "n": 60},
			{"path": "/derived/judge/metrics/2/label", "observed": "low", "op": "!=", "threshold": "pass", "n": 60},
		],
	}} with input as _judged(_judge("fail", 33.33, [_metric, _high, object.union(_high, {"label": "low"})])) with data.belay.settings as {}
}

test_judge_is_marginal if {
	canary_compare.finding == {{
		"kind": "insufficient",
		"code": "JUDGE_MARGINAL",
		"severity": "minor",
		"message": "the judge scores 50 of 100 (passes at 75, fails below 50)",
		"evidence": [
			{"path": "/derived/judge/score", "observed": 50, "op": "<", "threshold": 75, "unit": "of 100"},
			{"path": "/derived/judge/metrics/1/label", "observed": "high", "op": "!=", "threshold": "pass", "n": 60},
		],
		"grace_until_ms": 1767225300000,
	}} with input as _judged(_judge("marginal", 50, [_metric, _high])) with data.belay.settings as {}
}

test_judge_fails_while_warming_up if {
	request := object.union(_judged(_judge("fail", 0, [_high])), {"release": {"exposed_since_ms": _now_ms - 10000}})
	findings := canary_compare.finding with input as request with data.belay.settings as {}
	[object.remove(finding, ["evidence"]) | some finding in findings] == [{
		"kind": "insufficient",
		"code": "JUDGE_WARMING_UP",
		"severity": "minor",
		"message": "the judge scores 0 of 100 (passes at 75, fails below 50); it may still be warming up",
		"grace_until_ms": _now_ms + 50000,
	}]
	[count(finding.evidence) | some finding in findings] == [2]
}

test_judge_without_data_accuses_nobody if {
	nothing := object.union(_metric, {"label": "nodata", "critical": true, "n_candidate": 0})
	judge := object.union(_judge("fail", 0, [nothing, _metric]), {"because": "no_data"})
	canary_compare.finding == {{
		"kind": "insufficient",
		"code": "JUDGE_NO_DATA",
		"severity": "minor",
		"message": "the judge scores 0 of 100 (passes at 75, fails below 50) on too little data",
		"evidence": [
			{"path": "/derived/judge/because", "observed": "no_data", "op": "==", "threshold": "no_data"},
			{"path": "/derived/judge/metrics/0/n_candidate", "observed": 0, "op": "<", "threshold": 1, "unit": "points"},
		],
		"grace_until_ms": 1767225300000,
	}} with input as _judged(judge) with data.belay.settings as {}
	_judge_codes(object.union(_judge("fail", 0, []), {"because": "no_data"})) == {"JUDGE_NO_DATA"}
	_judge_codes(object.union(_judge("fail", 0, [_high, nothing]), {"because": "no_data"})) == {"JUDGE_NO_DATA"}
}

test_judge_on_few_points_accuses_nobody if {
	got := [codes |
		some metrics in [
			[object.union(_high, {"n_candidate": 4})],
			[object.union(_high, {"n_baseline": 4})],
			[object.union(_high, {"n_candidate": 4}), _high],
			[object.union(_high, {"n_candidate": 5, "n_baseline": 5})],
			[object.union(_metric, {"label": "nodata_fail_metric", "n_candidate": 0})],
		]
		codes := _judge_codes(_judge("fail", 0, metrics))
	]
	got == [{"JUDGE_NO_DATA"}, {"JUDGE_NO_DATA"}, {"JUDGE_FAILED"}, {"JUDGE_FAILED"}, {"JUDGE_NO_DATA"}]
}

test_few_points_say_where if {
	findings := canary_compare.finding with input as _judged(_judge("pass", 80, [_metric, object.union(_high, {"n_baseline": 4})])) with data.belay.settings as {}
	[finding.evidence | some finding in findings] == [[{
		"path": "/derived/judge/metrics/1/n_baseline",
		"observed": 4,
		"op": "<",
		"threshold": 5,
		"unit": "points",
	}]]
}

test_judge_that_takes_nothing_for_zero if {
	got := [codes |
		some [says, label, n] in [["pass", "pass", 0], ["pass", "pass", 1], ["pass", "nodata", 0], ["marginal", "nodata", 0]]
		codes := _judge_codes(_judge(says, 75, [object.union(_metric, {"label": label, "n_candidate": n})]))
	]
	got == [{"JUDGE_NO_DATA"}, set(), set(), {"JUDGE_MARGINAL"}]
}

test_what_is_judged_is_not_asked_again if {
	judge := _judge("pass", 100, [object.union(_metric, {"signal": "http-errors"}), _metric])
	rows := {"compare": [_row, _close], "shift": [_shift, object.union(_shift, {"lo_ratio": 0.1})]}
	_codes(object.union(_judged(judge), {"derived": rows})) == set()
	elsewhere := _judge("pass", 100, [object.union(_metric, {"service": "web"})])
	_codes(object.union(_judged(elsewhere), {"derived": rows})) == {"CANARY_WORSE", "CANARY_MARGINAL", "CANARY_SHIFTED", "CANARY_SHIFT_MARGINAL"}
}

test_a_baseline_of_nothing_is_asked_whatever_the_judge_says if {
	judge := _judge("pass", 100, [object.union(_metric, {"signal": "errors"})])
	every p_value in [0.001, 0.016] {
		row := object.union(_sparse, {"p_value": p_value})
		count(_codes(object.union(_judged(judge), {"derived": {"shift": [row]}}))) == 1
	}
}
