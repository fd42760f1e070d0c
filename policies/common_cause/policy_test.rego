package belay.policies.common_cause_test

import data.belay.policies.common_cause

_now_ms := 1767225600000

_exposed_ms := 1767225000000

_slo := {"id": "availability", "signal": "errors", "objective_ratio": 0.999}

_request(more) := object.union(
	{
		"request": {"question": "continue", "now_ms": _now_ms},
		"release": {"service": "checkout", "exposed_since_ms": _exposed_ms},
		"health": {"signals": [], "slos": [_slo]},
		"history": {"rollbacks": [], "bad_digests": []},
		"derived": {"burn": [], "compare": []},
	},
	more,
)

_findings(more) := findings if {
	findings := common_cause.finding with input as _request(more) with data.belay.settings as {}
}

_codes(more) := {finding.code | some finding in _findings(more)}

test_nothing_around_it if {
	findings := common_cause.finding with input as {} with data.belay.settings as {}
	findings == set()
	_codes({}) == set()
}

_regressed(service, age_s) := {"service": service, "at_ms": _now_ms - (age_s * 1000), "code": "SLO_FAST_BURN"}

_regressions(services) := {"history": {"regressions": [_regressed(service, 60) | some service in services]}}

_edges(pairs) := {"topology": {"edges": [{"from": pair[0], "to": pair[1], "kind": "sync"} | some pair in pairs]}}

test_unrelated_services_regress if {
	_findings(_regressions(["search", "mail"])) == {{
		"kind": "hold",
		"code": "UNRELATED_SERVICES_REGRESS",
		"severity": "major",
		"message": "2 services with no connection to `checkout` regressed within 15 min, such as `mail`: they may have a cause in common",
		"evidence": [{"path": "/history/regressions", "observed": 2, "op": ">=", "threshold": 2, "unit": "services"}],
	}}
	_codes(_regressions(["search"])) == set()
	_codes(_regressions(["search", "search"])) == set()
	_codes(_regressions(["search", "checkout"])) == set()
	_codes(_regressions(["search", "mail", "ads"])) == {"UNRELATED_SERVICES_REGRESS"}
}

test_regressions_of_long_ago_are_over if {
	got := {age_s: codes |
		some age_s in [0, 900, 901]
		codes := _codes({"history": {"regressions": [_regressed("search", 60), _regressed("mail", age_s)]}})
	}
	got == {0: {"UNRELATED_SERVICES_REGRESS"}, 900: {"UNRELATED_SERVICES_REGRESS"}, 901: set()}
}

test_what_was_released_together_is_one_release if {
	together := {"release": {"components": [{"service": "mail"}, {"service": "ads"}]}}
	_codes(object.union(_regressions(["search", "mail", "ads"]), together)) == set()
	_codes(object.union(_regressions(["search", "mail", "maps"]), together)) == {"UNRELATED_SERVICES_REGRESS"}
}

test_neighbours_are_related if {
	both := _regressions(["search", "mail"])
	_codes(object.union(both, _edges([["mail", "checkout"]]))) == set()
	_codes(object.union(both, _edges([["checkout", "mail"]]))) == set()
	_codes(object.union(both, _edges([["checkout", "stock"], ["stock", "mail"]]))) == {"UNRELATED_SERVICES_REGRESS"}
	_codes(object.union(both, _edges([["mail", "search"]]))) == {"UNRELATED_SERVICES_REGRESS"}
}

test_shared_dependency if {
	_findings(object.union(_regressions(["web", "app"]), _edges([["web", "checkout"], ["app", "web"]]))) == {{
		"kind": "note",
		"code": "SHARED_DEPENDENCY",
		"severity": "minor",
		"message": "2 services regressed within 15 min, such as `app`, and all depend on `checkout`: the cause they share may be this release",
		"evidence": [{"path": "/history/regressions", "observed": 2, "op": ">=", "threshold": 2, "unit": "services"}],
	}}
}

test_shared_only_where_all_depend if {
	edges := _edges([["web", "checkout"], ["app", "web"]])
	_codes(object.union(_regressions(["web", "app", "mail"]), edges)) == set()
	_codes(object.union(_regressions(["web", "app", "mail", "ads"]), edges)) == {"UNRELATED_SERVICES_REGRESS"}
	_codes(object.union(_regressions(["web"]), edges)) == set()
	_codes(object.union(_regressions(["web", "stock"]), _edges([["web", "checkout"], ["checkout", "stock"]]))) == set()
}

test_a_circle_of_dependants_ends if {
	_codes(object.union(_regressions(["web", "app"]), _edges([["web", "checkout"], ["app", "web"], ["web", "app"]]))) == {"SHARED_DEPENDENCY"}
}

_provider(id, status) := {"id": id, "status": status}

test_provider_at_fault if {
	_findings({"environment": {"providers": [_provider("loki", "ok"), _provider("prometheus", "down"), _provider("tempo", "degraded")]}}) == {
		{
			"kind": "hold",
			"code": "PROVIDER_AT_FAULT",
			"severity": "major",
			"message": "the metrics provider `prometheus` is down: what it says may be its own fault",
			"evidence": [{
				"path": "/environment/providers/1/status",
				"observed": "down",
				"op": "!=",
				"threshold": "ok",
				"status": "down",
			}],
		},
		{
			"kind": "hold",
			"code": "PROVIDER_AT_FAULT",
			"severity": "major",
			"message": "the metrics provider `tempo` is degraded: what it says may be its own fault",
			"evidence": [{
				"path": "/environment/providers/2/status",
				"observed": "degraded",
				"op": "!=",
				"threshold": "ok",
				"status": "degraded",
			}],
		},
	}
}

test_provider_that_no_signal_came_from if {
	signals := {"health": {"signals": [{"id": "errors"}, {"id": "lag", "source": {"provider": "datadog"}}]}}
	_codes(object.union(signals, {"environment": {"providers": [_provider("prometheus", "down")]}})) == set()
	_codes(object.union(signals, {"environment": {"providers": [_provider("datadog", "down")]}})) == {"PROVIDER_AT_FAULT"}
}

_incident(more) := object.union({"id": "INC-7", "services": ["cart", "checkout"]}, more)

_incidents(given) := {"environment": {"incidents": array.concat([{"id": "INC-1", "services": ["cart"]}], given)}}

test_incident_that_was_there_before if {
	_findings(_incidents([_incident({"started_at_ms": _exposed_ms})])) == {{
		"kind": "hold",
		"code": "INCIDENT_OPEN",
		"severity": "major",
		"message": "the incident `INC-7` names `checkout`, and is not known to have begun with the release",
		"evidence": [{
			"path": "/environment/incidents/1/started_at_ms",
			"observed": _exposed_ms,
			"op": "<=",
			"threshold": _exposed_ms,
			"unit": "ms",
		}],
	}}
}

test_incident_since_nobody_knows_when if {
	{finding.evidence | some finding in _findings(_incidents([_incident({})]))} == {[{
		"path": "/environment/incidents/1/services",
		"observed": 1,
		"op": ">=",
		"threshold": 1,
		"unit": "services of that name",
	}]}
	unexposed := json.remove(_request(_incidents([_incident({"started_at_ms": _now_ms})])), ["/release/exposed_since_ms"])
	findings := common_cause.finding with input as unexposed with data.belay.settings as {}
	{[finding.code, finding.evidence[0].path] | some finding in findings} == {["INCIDENT_OPEN", "/environment/incidents/1/services"]}
}

test_incident_since_the_exposure if {
	_findings(_incidents([_incident({"started_at_ms": _exposed_ms + 1})])) == {{
		"kind": "note",
		"code": "INCIDENT_SINCE_EXPOSURE",
		"severity": "info",
		"message": "the incident `INC-7` names `checkout`, and began after the release was exposed",
		"evidence": [{
			"path": "/environment/incidents/1/started_at_ms",
			"observed": _exposed_ms + 1,
			"op": ">",
			"threshold": _exposed_ms,
			"unit": "ms",
		}],
	}}
	other := {"id": "INC-9", "services": ["cart"], "started_at_ms": _exposed_ms + 1}
	_codes(_incidents([other, {"id": "INC-8"}])) == set()
}

test_alerts_that_were_there_before if {
	alerts := [
		{"name": "Early", "starts_at_ms": _exposed_ms - 5},
		{"name": "Late", "starts_at_ms": _exposed_ms},
		{"name": "Sometime"},
		{"name": "Earlier", "starts_at_ms": _exposed_ms - 50},
	]
	_findings({"health": {"alerts": alerts}}) == {{
		"kind": "note",
		"code": "ALERTS_BEFORE_EXPOSURE",
		"severity": "info",
		"message": "2 alerts fired before the release was exposed, such as `Early`",
		"evidence": [
			{"path": "/health/alerts/0/starts_at_ms", "observed": _exposed_ms - 5, "op": "<", "threshold": _exposed_ms, "unit": "ms"},
			{"path": "/health/alerts/3/starts_at_ms", "observed": _exposed_ms - 50, "op": "<", "threshold": _exposed_ms, "unit": "ms"},
		],
	}}
	_codes({"health": {"alerts": array.slice(alerts, 1, 3)}}) == set()
	_codes({"health": {"alerts": array.slice(alerts, 0, 1)}}) == {"ALERTS_BEFORE_EXPOSURE"}
}

test_parameters if {
	settings := {"policies": {"common_cause": {"params": {"unrelated_services": 1, "window_s": 30}}}}
	request := _request({"history": {"regressions": [_regressed("search", 30), _regressed("mail", 31)]}})
	findings := common_cause.finding with input as request with data.belay.settings as settings
	{finding.message | some finding in findings} == {
		"1 service with no connection to `checkout` regressed within 30 s, such as `search`: they may have a cause in common",
	}
}

test_hundreds_of_everything if {
	more := {
		"environment": {
			"providers": [_provider($"p{i}", "down") | some i in numbers.range(1, 40)],
			"incidents": [{"id": $"i{i}", "services": ["checkout"]} | some i in numbers.range(1, 40)],
		},
		"health": {"alerts": [{"name": $"a{i}", "starts_at_ms": 1} | some i in numbers.range(1, 40)]},
	}
	findings := _findings(more)
	{code: times |
		some code in {finding.code | some finding in findings}
		times := count([1 | some finding in findings; finding.code == code])
	} == {"PROVIDER_AT_FAULT": 20, "INCIDENT_OPEN": 20, "ALERTS_BEFORE_EXPOSURE": 1}
	{count(finding.evidence) | some finding in findings; finding.code == "ALERTS_BEFORE_EXPOSURE"} == {20}
}

test_limits_of_parameters if {
	common_cause.param_limits == {
		"burn_factor": {"above": 0},
		"burn_long_s": {"min": 1},
		"burn_short_s": {"min": 1},
		"alike_factor": {"min": 1},
		"alike_p_limit": {"min": 0, "max": 1},
		"high_ratio": {"above": 0, "max": 1},
		"min_bad": {"min": 1, "integer": true},
		"unrelated_services": {"min": 1, "integer": true},
		"window_s": {"above": 0},
	}
	object.keys(common_cause.param_limits) == object.keys(common_cause.default_params)
}
