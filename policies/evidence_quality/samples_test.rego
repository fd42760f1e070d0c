package belay.policies.evidence_quality_test

test_what_a_burn_row_judges if {
	got := [codes |
		some patch in [
			{},
			{"population": "candidate"},
			{"population": "stable"},
			{"rate": null, "total": 0},
			{"rate": null, "objective_ratio": 1},
			{"rate": null, "objective_ratio": 1, "total": 0},
		]
		codes := _codes(object.union(_request([_signal]), {"derived": {"burn": [object.union(_burning, patch)], "compare": []}}))
	]
	nothing := {"NOTHING_COMPARABLE"}
	got == [set(), set(), nothing, nothing, set(), nothing]
}

_shifted(n_candidate, n_baseline) := {"derived": {
	"burn": [],
	"compare": [],
	"shift": [{"signal": "p99", "n_candidate": n_candidate, "n_baseline": n_baseline}],
}}

test_series_are_something_to_judge_by if {
	_codes(object.union(_request([_signal]), _shifted(5, 60))) == set()
	_findings(object.union(_request([_signal]), _shifted(60, 4))) == {{
		"kind": "insufficient",
		"code": "FEW_POINTS",
		"severity": "minor",
		"message": "judged by 4 points at most, 5 are wanted",
		"evidence": [{"path": "/derived/shift/0/n_baseline", "observed": 4, "op": "<", "threshold": 5, "unit": "points", "n": 4}],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_few_points_beside_counts_are_fine if {
	few := object.union(_shifted(1, 1), {"derived": {"compare": [_compared]}})
	_codes(object.union(_request([_signal]), few)) == set()
}

test_the_longest_series_counts if {
	rows := [{"n_candidate": 3, "n_baseline": 9}, {"n_candidate": 4, "n_baseline": 9}]
	findings := _findings(object.union(_request([_signal]), {"derived": {"compare": [], "shift": rows}}))
	{item.path | some finding in findings; some item in finding.evidence} == {"/derived/shift/1/n_candidate"}
}

test_judged_metrics_are_something_to_judge_by if {
	got := [codes |
		some [n_candidate, n_baseline] in [[0, 60], [60, 0], [1, 60], [60, 60]]
		judge := {"metrics": [{"n_candidate": n_candidate, "n_baseline": n_baseline}]}
		codes := _codes(object.union(_request([_signal]), {"derived": {"compare": [], "judge": judge}}))
	]
	got == [{"NOTHING_COMPARABLE"}, {"NOTHING_COMPARABLE"}, {"FEW_POINTS"}, set()]
}

_covered(ok, expected, ratio) := object.union(_request([_signal]), {"derived": {"coverage": {"ok": ok, "expected": expected, "ratio": ratio}}})

test_coverage if {
	_findings(_covered(3, 7, 0.428571428571)) == {{
		"kind": "insufficient",
		"code": "COVERAGE_LOW",
		"severity": "major",
		"message": "3 of 7 signals can be judged, 50 % are wanted",
		"evidence": [{
			"path": "/derived/coverage/ratio",
			"observed": 0.428571428571,
			"op": "<",
			"threshold": 0.5,
			"unit": "ratio",
			"n": 7,
		}],
		"grace_until_ms": _grace_until_ms,
	}}
	_codes(_covered(1, 2, 0.5)) == set()
	_codes(_covered(0, 0, null)) == set()
}
