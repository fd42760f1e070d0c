package belay.policies.evidence_quality_test

import data.belay.text

test_every_status_but_ok_is_unusable if {
	got := {status: codes |
		some status in ["ok", "no_data", "nan", "stale", "partial", "error"]
		codes := _codes(_request([_signal_with({"status": status})]))
	}
	unusable := {"SIGNAL_UNUSABLE"}
	got == {"ok": set(), "no_data": unusable, "nan": unusable, "stale": unusable, "partial": unusable, "error": unusable}
}

test_lost_signals_beside_a_critical_one if {
	lag := _signal_with({"id": "lag", "sli": "freshness", "age_s": 900})
	findings := _findings(_request([_signal_with({"age_s": 900}), lag, _lost(_signal_with({"id": "x"}))]))
	{finding.code: [item.path | some item in finding.evidence] | some finding in findings} == {
		"SIGNAL_STALE": ["/health/signals/0/age_s"],
		"SIGNALS_LOST": ["/health/signals/1/age_s"],
		"SIGNAL_UNUSABLE": ["/health/signals/2/status"],
	}
}

test_lost_signals_that_would_have_been_judged if {
	lag := {"sli": "freshness"}
	other := _signal_with(object.union(lag, {"id": "lag", "population": "stable"}))
	kept := [
		["with a limit", [object.union(_lost(_signal_with(lag)), {"limit": 3})], []],
		["with an objective", [_lost(_signal_with(lag))], [{"id": "slo", "signal": "http-errors", "objective_ratio": 0.9}]],
		["with a counterpart", [_lost(_signal_with(object.union(lag, {"id": "lag"}))), other], []],
		["with a baseline that is lost", [_signal_with(object.union(lag, {"id": "lag"})), _lost(other)], []],
	]
	{_codes_with_slos(signals, slos) | some [_, signals, slos] in kept} == {{"JUDGED_SIGNAL_LOST"}}
	alone := [
		["by itself", [_lost(_signal_with(lag))], []],
		["with an objective for another", [_lost(_signal_with(lag))], [{"id": "slo", "signal": "x", "objective_ratio": 0.9}]],
		["beside one of another service", [_lost(_signal_with(lag)), object.union(other, {"id": "http-errors", "service": "web"})], []],
		["beside another one", [_lost(_signal_with(lag)), other], []],
		["beside the fleet", [_lost(_signal_with(lag)), object.union(other, {"id": "http-errors", "population": "fleet"})], []],
	]
	{_codes_with_slos(signals, slos) | some [_, signals, slos] in alone} == {{"SIGNALS_LOST"}}
}

_codes_with_slos(signals, slos) := _codes(object.union(_request(signals), {"health": {"slos": slos}})) - {"COVERAGE_LOW", "SIGNAL_UNUSABLE"}

test_a_judged_signal_lost_is_named if {
	lost := object.union(_lost(_signal_with({"sli": "freshness"})), {"limit": 3})
	findings := {finding | some finding in _findings(_request([lost])); finding.code == "JUDGED_SIGNAL_LOST"}
	findings == {{
		"kind": "insufficient",
		"code": "JUDGED_SIGNAL_LOST",
		"severity": "minor",
		"message": "`http-errors` of `checkout`, candidate, cannot be judged any more: no_data",
		"evidence": [{"path": "/health/signals/0/status", "observed": "no_data", "op": "!=", "threshold": "ok", "status": "no_data"}],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_ages_at_the_limit_are_fine if {
	every at_ms in [_now_ms - 300000, _now_ms, _now_ms + 2000] {
		_codes(object.union(_request([_signal]), {"health": {"collected_at_ms": at_ms}})) == set()
	}
	_codes(json.remove(_request([_signal]), ["/health/collected_at_ms"])) == set()
}

test_hundreds_of_lost_signals if {
	critical := [_lost(_signal_with({"id": $"c{i}"})) | some i in numbers.range(1, 60)]
	other := [_lost(_signal_with({"id": $"o{i}", "critical": false})) | some i in numbers.range(1, 60)]
	findings := _findings(_request(array.concat(critical, other)))
	[count([1 | some finding in findings; finding.code == code]) | some code in ["SIGNAL_UNUSABLE", "SIGNALS_LOST"]] == [20, 1]
	{count(finding.evidence) | some finding in findings} == {1, 20}
}

test_long_names_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	findings := _findings(_request([_lost(_signal_with({"id": long, "service": long}))]))
	{finding.code | some finding in findings; text.is_line(finding.message, 500)} == {"SIGNAL_UNUSABLE"}
}
