package belay.policies.rollback_target_test

import data.belay.policies.rollback_target
import data.belay.text

_now_ms := 1767225600000

_day_ms := 86400000

_stable := {
	"version": "2.3.9",
	"digest": "sha256:aa",
	"signed": true,
	"known_good": true,
	"startable": "yes",
	"deployed_at_ms": _now_ms - (7 * _day_ms),
}

_request(patch) := object.union(
	{
		"request": {"question": "continue", "now_ms": _now_ms},
		"release": {"service": "checkout", "candidate": {"version": "2.4.0", "digest": "sha256:cc"}, "stable": _stable},
	},
	patch,
)

_stable_with(patch) := _request({"release": {"stable": patch}})

_findings(request) := found if {
	found := rollback_target.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_advice(request) := given if {
	given := rollback_target.advice with input as request with data.belay.settings as {}
}

_item(path, observed, op, threshold) := {"path": path, "observed": observed, "op": op, "threshold": threshold}

_with_unit(unit, item) := object.union(item, {"unit": unit})

_unsafe(code, severity, message, evidence) := {
	"kind": "unsafe",
	"code": code,
	"severity": severity,
	"message": message,
	"evidence": evidence,
}

_bad(digests) := {"history": {"bad_digests": digests}}

test_good_target if {
	_findings(_request({})) == set()
	_advice(_request({})) == set()
}

test_nothing_to_judge if {
	every request in [{}, {"release": {"service": "checkout"}}, {"release": {"service": "checkout", "stable": {"version": "2.3.9"}}}] {
		_findings(request) == set()
		_advice(request) == set()
	}
	unknown := _stable_with({"startable": "unknown"})
	_findings(json.remove(unknown, ["/release/stable/known_good", "/release/stable/signed"])) == set()
}

test_limits_are_of_parameters if {
	rollback_target.param_limits == {
		"max_steps_back": {"min": 0, "max": 20, "integer": true},
		"min_ready_ratio": {"min": 0, "max": 1},
		"sick_factor": {"above": 0},
		"sick_long_s": {"above": 0},
		"sick_short_s": {"above": 0},
		"min_bad": {"min": 1},
		"helps_factor": {"min": 1},
	}
}

test_known_bad if {
	_findings(_request(_bad(["sha256:00", "sha256:aa"]))) == {_unsafe(
		"TARGET_KNOWN_BAD",
		"critical",
		"`2.3.9` of `checkout` is known to be bad: its digest has failed before",
		[_item("/release/stable/digest", "sha256:aa", "==", "sha256:aa"), _item("/history/bad_digests/1", "sha256:aa", "==", "sha256:aa")],
	)}
	_codes(_request(_bad(["sha256:cc"]))) == set()
	_codes(json.remove(_request(_bad(["sha256:aa"])), ["/release/stable/digest"])) == set()
}

test_known_bad_by_the_callers_account if {
	findings := _findings(_request({"history": {"bad_digests": [], "claimed": {"bad_digests": ["sha256:aa"]}}}))
	[finding.evidence[1].path | some finding in findings] == ["/history/claimed/bad_digests/0"]
	both := _findings(_request({"history": {"bad_digests": ["sha256:aa"], "claimed": {"bad_digests": ["sha256:aa"]}}}))
	[finding.evidence[1].path | some finding in both] == ["/history/bad_digests/0"]
}

test_not_good if {
	_findings(json.remove(_stable_with({"known_good": false}), ["/release/stable/version"])) == {_unsafe(
		"TARGET_NOT_GOOD",
		"major",
		"the version before of `checkout` is not known to be good",
		[_item("/release/stable/known_good", false, "==", false)],
	)}
}

test_unsigned if {
	_findings(_stable_with({"signed": false})) == {_unsafe(
		"TARGET_UNSIGNED",
		"critical",
		"`2.3.9` of `checkout` is not signed",
		[_item("/release/stable/signed", false, "==", false)],
	)}
}

test_not_startable if {
	_findings(_stable_with({"startable": "no"})) == {_unsafe(
		"TARGET_NOT_STARTABLE",
		"critical",
		"`2.3.9` of `checkout` cannot be started",
		[_item("/release/stable/startable", "no", "==", "no")],
	)}
}

_components := {"release": {"components": [
	{"service": "web", "candidate": {"version": "5.1.0", "digest": "sha256:dd"}, "stable": {"version": "5.0.3", "digest": "sha256:ee", "startable": "no", "known_good": false, "signed": false}},
	{"service": "mail", "candidate": {"version": "1.1.0"}},
]}}

_edge(service, compat) := {"topology": {"edges": [{"from": service, "to": "checkout", "kind": "sync", "compat": compat}]}}

test_components_that_go_back_too if {
	stays := object.union(_request(_components), _edge("web", "both"))
	_codes(stays) == set()
	goes := object.union(object.union(_request(_components), _edge("web", "none")), _bad(["sha256:ee"]))
	{[finding.code, finding.evidence[0].path] | some finding in _findings(goes)} == {
		["TARGET_NOT_STARTABLE", "/release/components/0/stable/startable"],
		["TARGET_NOT_GOOD", "/release/components/0/stable/known_good"],
		["TARGET_UNSIGNED", "/release/components/0/stable/signed"],
		["TARGET_KNOWN_BAD", "/release/components/0/stable/digest"],
	}
	_codes(object.union(_request(_components), _edge("mail", "none"))) == set()
}

test_component_is_not_walked_back if {
	request := object.union(object.union(_request(_components), _edge("web", "none")), {"release": {"earlier": [_earlier]}})
	_advice(request) == set()
	messages := {finding.message | some finding in _findings(request); finding.code == "TARGET_UNSIGNED"}
	messages == {"`5.0.3` of `web` is not signed"}
}

_contract(patch) := {"migrations": [
	{"id": "m0", "phase": "expand", "state": "applied", "applied_at_ms": _now_ms},
	object.union({"id": "m1", "phase": "contract", "state": "applied", "applied_at_ms": _now_ms - (6 * _day_ms)}, patch),
]}

test_before_a_contract if {
	_findings(_request(_contract({}))) == {_unsafe(
		"TARGET_BEFORE_CONTRACT",
		"critical",
		"`2.3.9` of `checkout` was deployed before contract `m1` was applied, and may need what that removed",
		[
			_with_unit("ms", _item("/release/stable/deployed_at_ms", _now_ms - (7 * _day_ms), "<", _now_ms - (6 * _day_ms))),
			_with_unit("ms", _item("/migrations/1/applied_at_ms", _now_ms - (6 * _day_ms), ">", _now_ms - (7 * _day_ms))),
		],
	)}
	_codes(_request(_contract({"readers": ["checkout"], "service": "ledger"}))) == {"TARGET_BEFORE_CONTRACT"}
}

test_not_before_a_contract if {
	every patch in [{"applied_at_ms": _now_ms - (7 * _day_ms)}, {"state": "pending"}, {"phase": "switch"}, {"service": "ledger"}, {"service": "ledger", "readers": ["web"]}] {
		_codes(_request(_contract(patch))) == set()
	}
	_codes(json.remove(_request(_contract({})), ["/release/stable/deployed_at_ms"])) == set()
}

_row(population, window_s, rate, bad) := {
	"slo": "availability",
	"signal": "errors",
	"service": "checkout",
	"population": population,
	"window_s": window_s,
	"rate": rate,
	"bad": bad,
	"total": 9000,
}

_burning(rows) := _request({"derived": {"burn": rows}})

test_sick_too if {
	_findings(_burning([_row("candidate", 3600, 21.6, 100), _row("stable", 300, 33.4, 30), _row("stable", 3600, 14.4, 3)])) == {_unsafe(
		"TARGET_SICK",
		"critical",
		"the stable burns the error budget of `availability` too, at 14.4 times the allowed rate (limit 14.4): 3 of 9000 bad",
		[
			object.union(_with_unit("times", _item("/derived/burn/2/rate", 14.4, ">=", 14.4)), {"n": 9000}),
			object.union(_with_unit("times", _item("/derived/burn/1/rate", 33.4, ">=", 14.4)), {"n": 9000}),
			object.union(_with_unit("events", _item("/derived/burn/2/bad", 3, ">=", 3)), {"n": 9000}),
		],
	)}
	_codes(_burning([_row("baseline", 300, 20, 30), _row("baseline", 3600, 20, 30)])) == {"TARGET_SICK"}
}

# 14.4 by 1.5 is 21.6, and the candidate has to be over that, in the same stream and the long window.
test_sick_but_less_than_the_candidate if {
	sick := [_row("stable", 300, 33.4, 30), _row("stable", 3600, 14.4, 3)]
	worse := _row("candidate", 3600, 21.7, 100)
	_codes(_burning(array.concat(sick, [worse]))) == set()
	_codes(_burning(array.concat(sick, [object.union(worse, {"population": "fleet"})]))) == set()
	every patch in [{"population": "baseline"}, {"slo": "other"}, {"signal": "other"}, {"service": "web"}, {"window_s": 300}, {"rate": 21.6}, {"rate": null}] {
		_codes(_burning(array.concat(sick, [object.union(worse, patch)]))) == {"TARGET_SICK"}
	}
}

test_not_sick if {
	every rows in [
		[_row("stable", 300, 14.3, 30), _row("stable", 3600, 20, 30)],
		[_row("stable", 300, 20, 30), _row("stable", 3600, 14.3, 30)],
		[_row("stable", 300, 20, 30), _row("stable", 3600, 20, 2)],
		[_row("stable", 300, 20, 30), _row("baseline", 3600, 20, 30)],
		[_row("stable", 300, 20, 30), object.union(_row("stable", 3600, 20, 30), {"slo": "other"})],
		[_row("stable", 300, 20, 30), object.union(_row("stable", 3600, 20, 30), {"signal": "other"})],
		[_row("candidate", 300, 20, 30), _row("candidate", 3600, 20, 30)],
		[object.union(row, {"service": "web"}) | some row in [_row("stable", 300, 20, 30), _row("stable", 3600, 20, 30)]],
		[_row("stable", 300, null, 0), _row("stable", 3600, null, 0)],
	] {
		_codes(_burning(rows)) == set()
	}
}

test_not_ready if {
	_findings(_request({"environment": {"capacity": {"stable_ready_ratio": 0.25}}})) == {_unsafe(
		"TARGET_NOT_READY",
		"major",
		"25 % of the stable instances are ready, 50 % are wanted",
		[_with_unit("ratio", _item("/environment/capacity/stable_ready_ratio", 0.25, "<", 0.5))],
	)}
	_codes(_request({"environment": {"capacity": {"stable_ready_ratio": 0.5}}})) == set()
	_codes(_request({"environment": {"capacity": {}}})) == set()
}

_gitops(desired, auto_sync) := {"environment": {"gitops": {"desired_digest": desired, "auto_sync": auto_sync}}}

test_gitops_reapplies if {
	_findings(_request(_gitops("sha256:cc", true))) == {_unsafe(
		"GITOPS_REAPPLIES",
		"critical",
		"GitOps wants the candidate of `checkout` and synchronises by itself: it would bring it back",
		[
			_item("/environment/gitops/desired_digest", "sha256:cc", "==", "sha256:cc"),
			_item("/environment/gitops/auto_sync", true, "==", true),
		],
	)}
	_codes(_request(_gitops("sha256:cc", false))) == set()
	_codes(_request(_gitops("sha256:aa", true))) == set()
	component := object.union(object.union(_request(_components), _gitops("sha256:dd", true)), _edge("web", "none"))
	"GITOPS_REAPPLIES" in _codes(component)
}

test_a_release_that_is_a_flag_has_no_artifact_to_take_back if {
	worst := object.union(
		object.union(_burning([_row("stable", 300, 33.4, 30), _row("stable", 3600, 14.4, 3)]), {"release": {"strategy": "flag"}}),
		{
			"release": {"stable": {"startable": "no"}},
			"environment": {"capacity": {"stable_ready_ratio": 0}, "gitops": {"desired_digest": "sha256:cc", "auto_sync": true}},
		},
	)
	_codes(worst) == set()
	_codes(object.union(worst, {"release": {"strategy": "config"}})) == {"TARGET_SICK", "TARGET_NOT_STARTABLE", "TARGET_NOT_READY", "GITOPS_REAPPLIES"}
}

test_parameters if {
	settings := {"policies": {"rollback_target": {"params": {"min_ready_ratio": 0.9, "sick_factor": 10, "sick_long_s": 21600, "sick_short_s": 1800, "min_bad": 5, "helps_factor": 3}}}}
	request := object.union(
		_request({"environment": {"capacity": {"stable_ready_ratio": 0.89}}}),
		{"derived": {"burn": [_row("stable", 21600, 10, 5), _row("stable", 1800, 10, 5), _row("candidate", 21600, 30, 50)]}},
	)
	findings := rollback_target.finding with input as request with data.belay.settings as settings
	{finding.code | some finding in findings} == {"TARGET_NOT_READY", "TARGET_SICK"}
}

_earlier := {"version": "2.3.8", "digest": "sha256:bb", "known_good": true, "deployed_at_ms": _now_ms - (20 * _day_ms)}

test_long_names_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	request := object.union(_stable_with({"version": long, "known_good": false}), {"release": {"service": long, "earlier": [object.union(_earlier, {"version": long})]}})
	{finding.code | some finding in _findings(request); text.is_line(finding.message, 500)} == {"TARGET_WALKED_BACK"}
	contract := json.patch(_request(_contract({"id": long})), [
		{"op": "replace", "path": "/release/service", "value": long},
		{"op": "replace", "path": "/release/stable/version", "value": long},
	])
	{finding.code | some finding in _findings(contract); text.is_line(finding.message, 500)} == {"TARGET_BEFORE_CONTRACT"}
}
