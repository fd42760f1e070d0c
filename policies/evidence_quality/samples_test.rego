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
