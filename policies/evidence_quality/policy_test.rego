package belay.policies.evidence_quality_test

import data.belay.policies.evidence_quality

_now_ms := 1767225600000

_exposed_ms := 1767225000000

# Five minutes of grace after exposure.
_grace_until_ms := 1767225300000

_signal := {
	"id": "http-errors",
	"sli": "availability",
	"service": "checkout",
	"population": "candidate",
	"status": "ok",
	"bad": 1,
	"total": 1000,
	"age_s": 15,
}

_compared := {"signal": "http-errors", "service": "checkout", "n_candidate": 1000, "n_baseline": 9000}

_burning := {"slo": "availability", "population": "fleet", "objective_ratio": 0.999, "rate": 0.1, "bad": 1, "total": 10000}

_request(signals) := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {"service": "checkout", "exposed_since_ms": _exposed_ms},
	"health": {"collected_at_ms": _now_ms - 5000, "signals": signals},
	"derived": {"burn": [], "compare": [_compared], "coverage": {"ok": 1, "expected": count(signals)}},
}

_findings(request) := found if {
	found := evidence_quality.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_signal_with(patch) := object.union(_signal, patch)

_lost(signal) := object.union(object.remove(signal, ["bad", "total", "age_s"]), {"status": "no_data"})

test_good_evidence if {
	_findings(_request([_signal])) == set()
}

test_no_evidence if {
	_findings(_request([])) == {{
		"kind": "insufficient",
		"code": "NO_EVIDENCE",
		"severity": "major",
		"message": "there is no evidence: 0 signals",
		"evidence": [{"path": "/health/signals", "observed": 0, "op": "==", "threshold": 0, "unit": "signals"}],
		"grace_until_ms": _grace_until_ms,
	}}
	_codes({}) == {"NO_EVIDENCE"}
}

test_no_grace_without_exposure if {
	request := json.remove(_request([]), ["/release/exposed_since_ms"])
	[object.get(finding, "grace_until_ms", null) | some finding in _findings(request)] == [null]
}

test_signal_missing if {
	settings := {"policies": {"evidence_quality": {"params": {"expected_signals": ["http-errors", "queue-lag", "queue-lag"]}}}}
	findings := evidence_quality.finding with input as _request([_signal]) with data.belay.settings as settings
	findings == {{
		"kind": "insufficient",
		"code": "SIGNAL_MISSING",
		"severity": "major",
		"message": "`queue-lag` is expected, and is not there",
		"evidence": [{"path": "/health/signals", "observed": 0, "op": "<", "threshold": 1, "unit": "signals of that id"}],
		"grace_until_ms": _grace_until_ms,
	}}
	none := evidence_quality.finding with input as _request([]) with data.belay.settings as settings
	{finding.code | some finding in none} == {"NO_EVIDENCE"}
}

test_critical_signal_unusable if {
	_findings(_request([_signal_with({"id": "other"}), _lost(_signal)])) == {{
		"kind": "insufficient",
		"code": "SIGNAL_UNUSABLE",
		"severity": "major",
		"message": "`http-errors` of `checkout`, candidate, cannot be judged: no_data",
		"evidence": [{"path": "/health/signals/1/status", "observed": "no_data", "op": "!=", "threshold": "ok", "status": "no_data"}],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_critical_signal_stale if {
	_findings(_request([_signal_with({"age_s": 301})])) == {{
		"kind": "insufficient",
		"code": "SIGNAL_STALE",
		"severity": "major",
		"message": "`http-errors` of `checkout`, candidate, is 301 s old, limit 300 s",
		"evidence": [{"path": "/health/signals/0/age_s", "observed": 301, "op": ">", "threshold": 300, "unit": "s", "status": "ok"}],
		"grace_until_ms": _grace_until_ms,
	}}
	_codes(_request([_signal_with({"age_s": 300})])) == set()
}

test_lost_signals_that_are_not_critical if {
	latency := _signal_with({"id": "latency", "sli": "latency"})
	lost := [_signal, _lost(latency), _signal_with({"id": "lag", "sli": "freshness", "age_s": 900}), _lost(_signal_with({"id": "x", "critical": false}))]
	_findings(_request(lost)) == {{
		"kind": "note",
		"code": "SIGNALS_LOST",
		"severity": "info",
		"message": "3 signals of 4 cannot be judged, none of them critical",
		"evidence": [
			{"path": "/health/signals/1/status", "observed": "no_data", "op": "!=", "threshold": "ok", "status": "no_data"},
			{"path": "/health/signals/3/status", "observed": "no_data", "op": "!=", "threshold": "ok", "status": "no_data"},
			{"path": "/health/signals/2/age_s", "observed": 900, "op": ">", "threshold": 300, "unit": "s", "status": "ok"},
		],
	}}
}

test_snapshot_stale if {
	request := object.union(_request([_signal]), {"health": {"collected_at_ms": _now_ms - 600000}})
	_findings(request) == {{
		"kind": "insufficient",
		"code": "SNAPSHOT_STALE",
		"severity": "major",
		"message": "the evidence is 600 s old, limit 300 s",
		"evidence": [{"path": "/health/collected_at_ms", "observed": _now_ms - 600000, "op": "<", "threshold": _now_ms - 300000, "unit": "ms"}],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_clock_skew if {
	request := object.union(_request([_signal]), {"health": {"collected_at_ms": _now_ms + 45000}})
	_findings(request) == {{
		"kind": "insufficient",
		"code": "CLOCK_SKEW",
		"severity": "major",
		"message": "the evidence was collected 45 s in the future: a clock is wrong",
		"evidence": [{"path": "/health/collected_at_ms", "observed": _now_ms + 45000, "op": ">", "threshold": _now_ms + 2000, "unit": "ms"}],
	}}
}

test_no_traffic if {
	windows := {"windows": [{"window_s": 300, "bad": 0, "total": 0}, {"window_s": 3600, "bad": 0, "total": 0}]}
	idle := [
		_signal_with({"bad": 0, "total": 0}),
		object.union(object.remove(_signal, ["bad", "total"]), windows),
		{"id": "cpu", "sli": "saturation", "service": "checkout", "population": "candidate", "status": "ok", "value": 0.1},
		_signal_with({"population": "stable"}),
	]
	_findings(object.union(_request(idle), {"derived": {"compare": []}})) == {{
		"kind": "insufficient",
		"code": "NO_TRAFFIC",
		"severity": "minor",
		"message": "the release has had no traffic: every count is 0",
		"evidence": [{"path": "/health/signals", "observed": 0, "op": "==", "threshold": 0, "unit": "events"}],
		"grace_until_ms": _grace_until_ms,
	}}
}

test_nothing_comparable if {
	alone := object.union(_request([_signal]), {"derived": {"compare": []}})
	_findings(alone) == {{
		"kind": "insufficient",
		"code": "NOTHING_COMPARABLE",
		"severity": "major",
		"message": "nothing to judge by: 0 objectives with a burn rate, 0 signals with a baseline",
		"evidence": [
			{"path": "/derived/burn", "observed": 0, "op": "==", "threshold": 0, "unit": "rows that judge"},
			{"path": "/derived/compare", "observed": 0, "op": "==", "threshold": 0, "unit": "rows that judge"},
		],
		"grace_until_ms": _grace_until_ms,
	}}
	_codes(object.remove(alone, ["derived"])) == {"NOTHING_COMPARABLE"}
}

test_low_traffic if {
	rows := {"derived": {
		"burn": [object.union(_burning, {"total": 12})],
		"compare": [object.union(_compared, {"n_baseline": 49}), object.union(_compared, {"n_candidate": 20})],
	}}
	_findings(object.union(_request([_signal]), rows)) == {{
		"kind": "insufficient",
		"code": "LOW_TRAFFIC",
		"severity": "minor",
		"message": "judged by 49 events at most, 50 are wanted",
		"evidence": [{"path": "/derived/compare/0/n_baseline", "observed": 49, "op": "<", "threshold": 50, "unit": "events", "n": 49}],
		"grace_until_ms": _grace_until_ms,
	}}
	enough := {"derived": {"burn": [object.union(_burning, {"total": 50})]}}
	_codes(object.union(object.union(_request([_signal]), rows), enough)) == set()
}

test_parameters if {
	settings := {"policies": {"evidence_quality": {"params": {"grace_s": 60, "max_age_s": 10, "min_total": 2000}}}}
	findings := evidence_quality.finding with input as _request([_signal]) with data.belay.settings as settings
	{[finding.code, finding.grace_until_ms] | some finding in findings} == {
		["SIGNAL_STALE", _exposed_ms + 60000],
		["LOW_TRAFFIC", _exposed_ms + 60000],
	}
}
