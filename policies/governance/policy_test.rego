package belay.policies.governance_test

import data.belay.policies.governance
import data.belay.text

_now_ms := 1767225600000

_plan_id := "sha256:aa"

_request(patch) := object.union(
	{
		"request": {"question": "continue", "now_ms": _now_ms, "caller": {"subject": "ci-bot"}},
		"release": {"service": "checkout", "author": "ana"},
		"history": {"rollbacks": [], "bad_digests": []},
	},
	patch,
)

_findings(request) := found if {
	found := governance.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_codes_with(request, given) := codes if {
	settings := {"policies": {"governance": {"params": given}}}
	codes := {finding.code | some finding in governance.finding} with input as request with data.belay.settings as settings
}

_item(path, observed, op, threshold) := {"path": path, "observed": observed, "op": op, "threshold": threshold}

_in(unit, item) := object.union(item, {"unit": unit})

_hold(code, severity, message, evidence) := {
	"kind": "hold",
	"code": code,
	"severity": severity,
	"message": message,
	"evidence": evidence,
}

_manager := [{"role": "manager", "count": 1}]

_approval(subject, patch) := object.union(
	{"role": "manager", "subject": subject, "verdict": "approve", "at_ms": _now_ms - 600000},
	patch,
)

_rejection(subject, patch) := _approval(subject, object.union({"verdict": "reject"}, patch))

_approved(required, given) := _request({"approvals": {"required": required, "given": given}})

_tier(tier, request) := object.union(request, {"release": {"tier": tier}})

test_nothing_to_judge if {
	_findings({}) == set()
	_findings(_request({})) == set()
	_findings(_request({"approvals": {}, "environment": {}})) == set()
}

test_limits_are_of_parameters if {
	governance.param_limits == {
		"auto_rollback_tiers": {"items": "number", "min": 0, "max": 3, "integer": true},
		"two_person_tiers": {"items": "number", "min": 0, "max": 3, "integer": true},
		"freeze_tiers": {"items": "number", "min": 0, "max": 3, "integer": true},
		"entitled_callers": {"items": "string"},
		"break_glass_max_s": {"above": 0},
	}
}

test_approval_missing if {
	_findings(_approved(_manager, [])) == {_hold(
		"APPROVAL_MISSING",
		"major",
		"not approved: 1 of `manager` missing",
		[_in("approvals", _item("/approvals/required", 0, "<", 1))],
	)}
	_codes(_approved([{"role": "manager", "count": 0}], [])) == set()
}

test_approved if {
	_codes(_approved(_manager, [_approval("bo", {})])) == set()
	_codes(_approved(_manager, [_approval("bo", {"expires_ms": _now_ms + 1})])) == set()
}

test_approval_of_another_role if {
	_codes(_approved(_manager, [_approval("bo", {"role": "sre"})])) == {"APPROVAL_MISSING"}
}

test_one_person_counts_once if {
	two := [{"role": "manager", "count": 2}]
	_codes(_approved(two, [_approval("bo", {}), _approval("bo", {})])) == {"APPROVAL_MISSING"}
	_codes(_approved(two, [_approval("bo", {}), _approval("cy", {})])) == set()
	roles := [{"role": "manager", "count": 1}, {"role": "sre", "count": 1}]
	_codes(_approved(roles, [_approval("bo", {"role": "sre"}), _approval("bo", {})])) == {"APPROVAL_MISSING"}
	{finding.message | some finding in _findings(_approved(roles, [_approval("bo", {"role": "sre"}), _approval("bo", {})]))} == {"not approved: 1 of `sre` missing"}
	_codes(_approved(roles, [_approval("bo", {"role": "sre"}), _approval("cy", {})])) == set()
}

test_role_that_is_required_twice if {
	twice := array.concat(_manager, _manager)
	_codes(_approved(twice, [_approval("bo", {})])) == {"APPROVAL_MISSING"}
	_codes(_approved(twice, [_approval("bo", {}), _approval("cy", {})])) == set()
}

test_more_roles_than_fit_a_line if {
	roles := [{"role": role, "count": 2} | some role in ["a", "b", "c", "d"]]
	{[finding.message, count(finding.evidence)] | some finding in _findings(_approved(roles, [_approval("bo", {"role": "a"})]))} == {["not approved: 1 of `a` missing, 2 of `b` missing, and 2 more roles", 4]}
}

test_author_never_counts if {
	_findings(_approved(_manager, [_approval("bo", {"role": "sre"}), _approval("ana", {})])) == {
		_hold(
			"APPROVAL_BY_AUTHOR",
			"major",
			"`ana` (`manager`) made the release, and cannot approve it",
			[_item("/approvals/given/1/subject", "ana", "==", "ana")],
		),
		_hold(
			"APPROVAL_MISSING",
			"major",
			"not approved: 1 of `manager` missing",
			[_in("approvals", _item("/approvals/required", 0, "<", 1))],
		),
	}
	_codes(_approved(_manager, [_approval("ana", {}), _approval("bo", {})])) == set()
	_codes(json.remove(_approved(_manager, [_approval("ana", {})]), ["/release/author"])) == set()
}

test_expired if {
	findings := _findings(_approved(_manager, [_approval("bo", {"expires_ms": _now_ms})]))
	_hold(
		"APPROVAL_EXPIRED",
		"minor",
		"the approval of `bo` (`manager`) expired 0 s ago",
		[_in("ms", _item("/approvals/given/0/expires_ms", _now_ms, "<=", _now_ms))],
	) in findings
	{finding.code | some finding in findings} == {"APPROVAL_EXPIRED", "APPROVAL_MISSING"}
	old := _findings(_approved(_manager, [_approval("bo", {"expires_ms": _now_ms - 86400000})]))
	"the approval of `bo` (`manager`) expired 1 d ago" in {finding.message | some finding in old}
	_codes(_approved(_manager, [_approval("bo", {"expires_ms": _now_ms}), _approval("cy", {})])) == set()
	_codes(_approved(_manager, [_rejection("bo", {"expires_ms": _now_ms})])) == {"APPROVAL_MISSING"}
}

test_for_another_plan if {
	request := _approved(_manager, [_approval("bo", {"plan_id": _plan_id})])
	_hold(
		"APPROVAL_FOR_ANOTHER_PLAN",
		"minor",
		"the approval of `bo` (`manager`) is for another plan",
		[_item("/approvals/given/0/plan_id", _plan_id, "!=", null)],
	) in _findings(request)
	_codes(request) == {"APPROVAL_FOR_ANOTHER_PLAN", "APPROVAL_MISSING"}
	_codes(object.union(request, {"history": {"active_rollback": {"plan_id": "sha256:bb"}}})) == {"APPROVAL_FOR_ANOTHER_PLAN", "APPROVAL_MISSING"}
	_codes(object.union(request, {"history": {"active_rollback": {"plan_id": _plan_id}}})) == set()
	_codes(_approved(_manager, [_rejection("bo", {"plan_id": _plan_id})])) == {"APPROVAL_MISSING"}
}

test_rejected if {
	_findings(_request({"approvals": {"given": [_approval("cy", {}), _rejection("bo", {})]}})) == {_hold(
		"APPROVAL_REJECTED",
		"critical",
		"`bo` (`manager`) has rejected it",
		[_item("/approvals/given/1/verdict", "reject", "==", "reject")],
	)}
	_codes(_approved(_manager, [_approval("cy", {}), _rejection("ana", {})])) == {"APPROVAL_REJECTED"}
}

test_last_word_counts if {
	got := {[at_ms, subject]: _codes(_approved(_manager, [_approval("bo", {"at_ms": _now_ms - at_ms}), _rejection(subject, {"at_ms": _now_ms - 5000})])) |
		some at_ms in [4999, 5000, 5001]
		some subject in ["bo", "cy"]
	}
	got == {
		[4999, "bo"]: set(),
		[5000, "bo"]: {"APPROVAL_REJECTED", "APPROVAL_MISSING"},
		[5001, "bo"]: {"APPROVAL_REJECTED", "APPROVAL_MISSING"},
		[4999, "cy"]: {"APPROVAL_REJECTED"},
		[5000, "cy"]: {"APPROVAL_REJECTED"},
		[5001, "cy"]: {"APPROVAL_REJECTED"},
	}
	_codes(_approved(_manager, [_rejection("bo", {}), _approval("bo", {"at_ms": _now_ms, "expires_ms": _now_ms})])) == {"APPROVAL_REJECTED", "APPROVAL_EXPIRED", "APPROVAL_MISSING"}
}

test_every_approval_for_itself if {
	given := [
		_approval("bo", {"role": "sre"}), _approval("cy", {"expires_ms": _now_ms}), _approval("di", {"plan_id": _plan_id}),
		_approval("ana", {}), _approval("ed", {"break_glass": true}), _rejection("fay", {}), _approval("bo", {"role": "sre", "at_ms": 0}),
	]
	{[finding.code, finding.evidence[0].path] | some finding in _findings(_approved(_manager, given))} == {
		["APPROVAL_MISSING", "/approvals/required"],
		["APPROVAL_EXPIRED", "/approvals/given/1/expires_ms"],
		["APPROVAL_FOR_ANOTHER_PLAN", "/approvals/given/2/plan_id"],
		["APPROVAL_BY_AUTHOR", "/approvals/given/3/subject"],
		["BREAK_GLASS_UNBOUNDED", "/approvals/given/4/expires_ms"],
		["APPROVAL_REJECTED", "/approvals/given/5/verdict"],
	}
}

test_guarded_tier if {
	_findings(_tier(0, _request({}))) == {_hold(
		"APPROVAL_MISSING",
		"major",
		"not approved: tier 0 moves only when two people have approved",
		[_in("tier", _item("/release/tier", 0, "==", 0))],
	)}
	{tier | some tier in [0, 1, 2, 3]; _codes(_tier(tier, _request({}))) != set()} == {0}
	messages := {finding.message | some finding in governance.finding} with input as _tier(1, _request({}))
		with data.belay.settings as {"policies": {"governance": {"params": {"auto_rollback_tiers": []}}}}
	messages == {"not approved: tier 1 moves only when somebody has approved"}
	_codes_with(_tier(0, _request({})), {"auto_rollback_tiers": [0]}) == set()
}

test_second_person if {
	_findings(_tier(0, _approved([], [_approval("bo", {"role": "sre"})]))) == {_hold(
		"SECOND_PERSON_MISSING",
		"major",
		"tier 0 takes two people, and only `bo` has approved",
		[_in("tier", _item("/release/tier", 0, "==", 0)), _in("people", _item("/approvals/given", 1, "<", 2))],
	)}
	_codes(_tier(0, _approved(_manager, [_approval("bo", {})]))) == {"SECOND_PERSON_MISSING"}
	_codes(_tier(0, _approved(_manager, [_approval("bo", {}), _approval("ana", {"role": "sre"})]))) == {"SECOND_PERSON_MISSING", "APPROVAL_BY_AUTHOR"}
	_codes(_tier(0, _approved(_manager, [_approval("bo", {}), _approval("cy", {"role": "sre"})]))) == set()
}

test_second_person_only_where_somebody_is_asked if {
	both := {"two_person_tiers": [1]}
	_codes_with(_tier(1, _approved([], [_approval("bo", {})])), both) == set()
	_codes_with(_tier(1, _approved(_manager, [_approval("bo", {})])), both) == {"SECOND_PERSON_MISSING"}
	_codes_with(_tier(1, _approved([{"role": "manager", "count": 0}], [_approval("bo", {})])), both) == set()
	_codes_with(_tier(2, _approved(_manager, [_approval("bo", {})])), both) == set()
}

test_verify_asks_for_nothing if {
	verify := {"request": {"question": "verify"}, "environment": {"freezes": [_freeze({"allow_rollback": false})]}}
	_codes(object.union(_tier(0, _approved(_manager, [_rejection("cy", {}), _approval("bo", {})])), verify)) == set()
}

_freeze(patch) := object.union({"id": "year-end", "start_ms": _now_ms - 3600000, "end_ms": _now_ms + 7200000}, patch)

test_long_names_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	roles := [{"role": concat("", [long, role]), "count": 2} | some role in ["a", "b", "c"]]
	request := _approved(roles, [_approval(long, {"role": long, "break_glass": true}), _rejection(long, {"role": long, "at_ms": 0})])
	{finding.code | some finding in _findings(request); text.is_line(finding.message, 500)} == {"APPROVAL_MISSING", "BREAK_GLASS_UNBOUNDED"}
}

test_at_most_eight_of_a_kind if {
	count(_findings(_approved([], [_rejection(sprintf("p%d", [i]), {}) | some i in numbers.range(1, 30)]))) == 8
}
