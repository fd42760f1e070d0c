package belay.policies.evidence_quality_test

import data.belay.policies.evidence_quality
import data.belay.text

_provided(statuses) := object.union(_request([_signal]), {"environment": {"providers": [{"id": $"p{i}", "status": status} |
	some i, status in statuses
]}})

test_provider_down if {
	_findings(_provided(["ok", "down"])) == {{
		"kind": "insufficient",
		"code": "PROVIDER_DOWN",
		"severity": "major",
		"message": "the metrics provider `p1` is down, so its signals say nothing of the release",
		"evidence": [{"path": "/environment/providers/1/status", "observed": "down", "op": "==", "threshold": "down"}],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_provider_degraded if {
	_findings(_provided(["degraded", "ok"])) == {{
		"kind": "note",
		"code": "PROVIDER_DEGRADED",
		"severity": "info",
		"message": "the metrics provider `p0` is degraded",
		"evidence": [{"path": "/environment/providers/0/status", "observed": "degraded", "op": "==", "threshold": "degraded"}],
	}}
}

test_at_most_twenty_providers_of_a_kind if {
	findings := _findings(_provided([status | some _ in numbers.range(1, 25); some status in ["down", "degraded"]]))
	{code: count([1 | some finding in findings; finding.code == code]) | some code in {one.code | some one in findings}} == {
		"PROVIDER_DOWN": 20,
		"PROVIDER_DEGRADED": 20,
	}
}

test_long_names_of_providers_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	request := object.union(_request([_signal]), {"environment": {"providers": [{"id": long, "status": "down"}, {"id": long, "status": "degraded"}]}})
	{finding.code | some finding in _findings(request); text.is_line(finding.message, 500)} == {"PROVIDER_DOWN", "PROVIDER_DEGRADED"}
}

test_every_parameter_has_limits_and_keeps_them if {
	object.keys(evidence_quality.param_limits) == object.keys(evidence_quality.default_params)
	every name, limits in object.remove(evidence_quality.param_limits, ["expected_signals"]) {
		value := evidence_quality.default_params[name]
		value >= object.get(limits, "min", value)
		value <= object.get(limits, "max", value)
	}
}

test_limits_of_parameters if {
	evidence_quality.param_limits == {
		"grace_s": {"min": 0},
		"max_age_s": {"above": 0},
		"max_skew_s": {"min": 0},
		"min_total": {"min": 1, "integer": true},
		"min_points": {"min": 1, "integer": true},
		"min_coverage_ratio": {"min": 0, "max": 1},
		"expected_signals": {"items": "string"},
	}
}
