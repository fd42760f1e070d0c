package belay.decision_test

import data.belay.decision

_now_ms := 1767225600000

_request := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {"service": "checkout", "env": "production", "tier": 1},
}

_finding(kind, code) := {"kind": kind, "code": code, "severity": "major", "message": "seen", "evidence": []}

_as(policy, counted, finding) := object.union(finding, {"policy": policy, "counted": counted})

_regression := _finding("regression", "R1")

_hold := _finding("hold", "H1")

_enforced(params) := {"mode": "enforce", "params": params}

test_no_policy if {
	want := {"verdict": "allow", "row": 7, "code": "CLEAR", "advice": [], "findings": [], "errors": [], "policies": {}}
	decision.answer == want with input as _request with data.belay.settings as {} with data.belay.policies as {}
}

test_policies_join_by_being_there if {
	policies := {
		"burn": {"finding": {_regression}, "default_params": {"factor": 14.4}},
		"guard": {"finding": {_hold}, "default_params": {}},
		"bare": {"finding": set()},
		"no_policy": {"anything": true},
	}
	decision.answer == {
		"verdict": "escalate",
		"level": "page",
		"row": 2,
		"code": "R1",
		"advice": [], "findings": [_as("burn", true, _regression), _as("guard", true, _hold)],
		"errors": [],
		"policies": {"burn": _enforced({"factor": 14.4}), "guard": _enforced({}), "bare": _enforced({})},
	} with input as _request with data.belay.settings as {} with data.belay.policies as policies
}

test_settings_by_release if {
	policies := {
		"burn": {"finding": {_regression}, "default_params": {"factor": 14.4}},
		"guard": {"finding": {_hold}, "default_params": {}},
		"other": {"finding": {_hold}, "default_params": {}},
	}
	settings := {
		"policies": {"burn": {"params": {"factor": 10}}, "other": {"mode": "off"}},
		"overrides": [{"match": {"service": "checkout"}, "policies": {"guard": {"mode": "shadow"}}}],
	}
	decision.answer == {
		"verdict": "rollback",
		"row": 3,
		"code": "R1",
		"advice": [], "findings": [_as("burn", true, _regression), _as("guard", false, _hold)],
		"errors": [],
		"policies": {"burn": _enforced({"factor": 10}), "guard": {"mode": "shadow", "params": {}}},
	} with input as _request with data.belay.settings as settings with data.belay.policies as policies
}

test_unusable_policies if {
	policies := {
		"a_object": {"finding": _regression, "default_params": {}},
		"b_false": {"finding": false, "default_params": {}},
		"c_missing": {"default_params": {}},
		"d_malformed": {"finding": {_regression, {"kind": "hold"}}, "default_params": {}},
		"e_params": {"finding": {_hold}, "default_params": ["factor"]},
		"f quoted`/~é": {"finding": {"x"}, "default_params": {}},
		"g_sound": {"finding": {_regression}, "default_params": {}},
	}
	decision.answer == {
		"verdict": "escalate",
		"level": "page",
		"row": 1,
		"code": "POLICY_ERROR",
		"advice": [], "findings": [
			_as("d_malformed", true, _regression), _as("g_sound", true, _regression),
			_as("e_params", true, _hold),
		],
		"errors": [
			{"policy": "a_object", "message": "`finding` is not a set"},
			{"policy": "b_false", "message": "`finding` is not a set"},
			{"policy": "c_missing", "message": "`finding` is undefined"},
			{"policy": "d_malformed", "message": "a finding has no `code` of 2 to 64 upper-case letters, digits and _"},
			{"policy": "e_params", "message": "`default_params` is not an object"},
			{"policy": "f quoted`/~é", "message": "a finding is not an object"},
		],
		"policies": {name: _enforced({}) | some name, _ in policies},
	} with input as _request with data.belay.settings as {} with data.belay.policies as policies
}

test_too_many_findings if {
	findings := {_finding("note", $"N{i}") | some i in numbers.range(100, 200)}
	answer := decision.answer with input as _request
		with data.belay.settings as {}
		with data.belay.policies as {"burn": {"finding": findings}, "calm": {"finding": {_hold}}}
	count(answer.findings) == 101
	answer.code == "POLICY_ERROR"
	answer.errors == [{"policy": "burn", "message": "101 findings, of which 100 are kept"}]
}

test_errors_in_shadow_do_not_count if {
	policies := {
		"a_missing": {"default_params": {}},
		"b_malformed": {"finding": {"x", _regression}, "default_params": {}},
		"c_settings": {"finding": set(), "default_params": {}},
	}
	settings := {"policies": {
		"a_missing": {"mode": "shadow"},
		"b_malformed": {"mode": "shadow"},
		"c_settings": {"mode": "shadow", "params": {"nosuch": 1}},
	}}
	decision.answer == {
		"verdict": "allow",
		"row": 7,
		"code": "CLEAR",
		"advice": [], "findings": [_as("b_malformed", false, _regression)],
		"errors": [],
		"policies": {name: {"mode": "shadow", "params": {}} | some name, _ in policies},
	} with input as _request with data.belay.settings as settings with data.belay.policies as policies
}

test_mistaken_settings if {
	settings := {"policies": {
		"burn": {"mode": "of", "params": {"factors": 1}},
		"brun": {"mode": "shadow"},
		"bum": {"mode": "off"},
	}}
	decision.answer == {
		"verdict": "escalate",
		"level": "page",
		"row": 1,
		"code": "POLICY_ERROR",
		"advice": [], "findings": [],
		"errors": [
			{"policy": "brun", "message": "the settings name it, and there is no such policy"},
			{"policy": "burn", "message": "settings: `mode` is none of enforce, shadow, off"},
			{"policy": "burn", "message": "settings: unknown parameter `factors`"},
		],
		"policies": {"burn": _enforced({"factor": 14.4})},
	} with input as _request
		with data.belay.settings as settings
		with data.belay.policies as {"burn": {"finding": set(), "default_params": {"factor": 14.4}}}
}

test_input_that_is_no_request if {
	inputs := [
		null, 5, [], {}, {"request": _request.request}, {"request": [], "release": []},
		object.union(_request, {"request": {"question": "rollback"}}),
		object.union(_request, {"request": {"now_ms": "1767225600000"}}),
	]
	every request in inputs {
		decision.answer == {
			"verdict": "escalate",
			"level": "page",
			"row": 1,
			"code": "POLICY_ERROR",
			"advice": [], "findings": [_as("burn", true, _regression)],
			"errors": [{"policy": "belay.decision", "message": "the input is no normalised request"}],
			"policies": {"burn": _enforced({})},
		} with input as request
			with data.belay.settings as {}
			with data.belay.policies as {"burn": {"finding": {_regression}}}
	}
}

test_combined_is_the_answer if {
	policies := {
		"burn": {"finding": {_regression}, "default_params": {"factor": 14.4}},
		"guard": {"finding": {_hold, {"kind": "hold"}}, "default_params": {}},
		"calm": {"finding": set(), "default_params": {}},
		"gone": {"finding": {_hold}, "default_params": {}},
	}
	settings := {"policies": {"guard": {"mode": "shadow"}, "gone": {"mode": "off"}}}
	combined := {
		"request": _request,
		"findings": [object.union(finding, {"policy": name}) | some name, policy in policies; some finding in policy.finding],
		"errors": [],
	}
	answer := decision.answer with input as _request with data.belay.settings as settings with data.belay.policies as policies
	answer == decision.combined with input as combined with data.belay.settings as settings with data.belay.policies as policies
}

test_combined_names_the_culprit if {
	policies := {
		"burn": {"default_params": {}},
		"guard": {"default_params": {}},
		"off": {"default_params": {}},
		"shadow": {"default_params": {}},
	}
	combined := {
		"request": _request,
		"findings": [object.union(_regression, {"policy": "burn"}), {"policy": "burn", "malformed": "x"}],
		"errors": [{"policy": name, "message": "conflict"} | some name in ["guard", "off", "shadow", "belay.decision"]],
	}
	decision.combined == {
		"verdict": "escalate",
		"level": "page",
		"row": 1,
		"code": "POLICY_ERROR",
		"advice": [], "findings": [_as("burn", true, _regression)],
		"errors": [
			{"policy": "belay.decision", "message": "conflict"},
			{"policy": "burn", "message": "a finding has no `code` of 2 to 64 upper-case letters, digits and _"},
			{"policy": "guard", "message": "conflict"},
		],
		"policies": {"burn": _enforced({}), "guard": _enforced({}), "shadow": {"mode": "shadow", "params": {}}},
	} with input as combined
		with data.belay.settings as {"policies": {"off": {"mode": "off"}, "shadow": {"mode": "shadow"}}}
		with data.belay.policies as policies
}

test_advice_of_policies_that_count if {
	item := {"act": "flag_off", "flag": "new-cart"}
	policies := {name: {"finding": set(), "default_params": {}, "advice": {item}} | some name in ["b", "a", "off", "shadow"]}
	settings := {"policies": {"off": {"mode": "off"}, "shadow": {"mode": "shadow"}}}
	answer := decision.answer with input as _request with data.belay.settings as settings with data.belay.policies as policies
	answer.advice == [object.union(item, {"policy": "a"}), object.union(item, {"policy": "b"})]
	answer.verdict == "allow"
}

test_malformed_advice if {
	policies := {"a": {"finding": set(), "default_params": {}, "advice": {"x"}}}
	answer := decision.answer with input as _request with data.belay.settings as {} with data.belay.policies as policies
	answer.errors == [{"policy": "a", "message": "advice is not an object"}]
}
