package belay.policies.governance_test

import data.belay.policies.governance

_glass(subject, patch) := _approval(subject, object.union({"role": "commander", "break_glass": true, "expires_ms": _now_ms + 1800000}, patch))

test_break_glass_stands_in_for_any_role if {
	_findings(_approved(_manager, [_glass("bo", {})])) == {{
		"kind": "note",
		"code": "BREAK_GLASS",
		"severity": "major",
		"message": "BREAK GLASS: `bo` (`commander`) approves outside the rules, for 30 min more",
		"evidence": [
			_item("/approvals/given/0/break_glass", true, "==", true),
			_in("ms", _item("/approvals/given/0/expires_ms", _now_ms + 1800000, ">", _now_ms)),
		],
	}}
	_codes(_request({"approvals": {"given": [_glass("bo", {})]}})) == {"BREAK_GLASS"}
}

test_break_glass_counts_each_person_once if {
	two := [{"role": "manager", "count": 2}]
	_codes(_approved(two, [_glass("bo", {}), _glass("bo", {})])) == {"BREAK_GLASS", "APPROVAL_MISSING"}
	_codes(_approved(two, [_glass("bo", {}), _approval("bo", {})])) == {"BREAK_GLASS", "APPROVAL_MISSING"}
	_codes(_approved(two, [_glass("bo", {}), _approval("cy", {})])) == {"BREAK_GLASS"}
	_codes(_approved(_manager, [_glass("ana", {})])) == {"APPROVAL_BY_AUTHOR", "APPROVAL_MISSING"}
	_codes(_tier(0, _request({"approvals": {"given": [_glass("bo", {})]}}))) == {"BREAK_GLASS", "SECOND_PERSON_MISSING"}
}

test_break_glass_ends if {
	_codes(_approved(_manager, [_glass("bo", {"expires_ms": _now_ms})])) == {"APPROVAL_EXPIRED", "APPROVAL_MISSING"}
	_codes(_approved(_manager, [_glass("bo", {"at_ms": _now_ms - 1800000})])) == {"BREAK_GLASS"}
	findings := _findings(_approved(_manager, [_glass("bo", {"at_ms": _now_ms - 1800001})]))
	_hold(
		"BREAK_GLASS_UNBOUNDED",
		"major",
		"the break-glass approval of `bo` (`commander`) lasts 1 h, limit 1 h",
		[_in("ms", _item("/approvals/given/0/expires_ms", _now_ms + 1800000, ">", _now_ms + 1799999))],
	) in findings
	{finding.code | some finding in findings} == {"BREAK_GLASS_UNBOUNDED", "APPROVAL_MISSING"}
	endless := _findings(_approved(_manager, [object.remove(_glass("bo", {}), ["expires_ms"])]))
	_hold(
		"BREAK_GLASS_UNBOUNDED",
		"major",
		"the break-glass approval of `bo` (`commander`) has no end, limit 1 h",
		[_in("ms", _item("/approvals/given/0/expires_ms", null, "!=", _now_ms + 3000000))],
	) in endless
	long := _findings(_approved(_manager, [_glass("bo", {"at_ms": _now_ms - 864000000, "expires_ms": _now_ms + 1})]))
	"the break-glass approval of `bo` (`commander`) lasts 10 d, limit 1 h" in {finding.message | some finding in long}
}

test_break_glass_limit if {
	_codes_with(_approved(_manager, [_glass("bo", {"expires_ms": _now_ms + 86400000})]), {"break_glass_max_s": 172800}) == {"BREAK_GLASS"}
}

test_break_glass_in_words if {
	findings := _findings(_approved(_manager, [_approval("cy", {"role": "sre"}), _glass("bo", {"at_ms": _now_ms, "expires_ms": _now_ms + 3600000})]))
	{[finding.message, finding.evidence[0].path] | some finding in findings} == {["BREAK GLASS: `bo` (`commander`) approves outside the rules, for 1 h more", "/approvals/given/1/break_glass"]}
}

test_caller if {
	_codes_with(_request({}), {"entitled_callers": ["ops", "ci-bot"]}) == set()
	settings := {"policies": {"governance": {"params": {"entitled_callers": ["ops", "sre"]}}}}
	findings := governance.finding with input as _request({}) with data.belay.settings as settings
	findings == {_hold(
		"CALLER_NOT_ENTITLED",
		"critical",
		"`ci-bot` may not ask for this",
		[_item("/request/caller/subject", "ci-bot", "!=", "ops, sre")],
	)}
	nameless := governance.finding with input as json.remove(_request({}), ["/request/caller"]) with data.belay.settings as settings
	{[finding.message, finding.evidence[0].observed] | some finding in nameless} == {["a caller without a name may not ask for this", null]}
}

_freezes(list) := _request({"environment": {"freezes": list}})

test_freeze_does_not_block_a_rollback if {
	_codes(_freezes([_freeze({})])) == set()
	_codes(_freezes([_freeze({"allow_rollback": true})])) == set()
	_codes(_tier(1, _freezes([_freeze({})]))) == set()
}

_dates := [
	_in("ms", _item("/environment/freezes/1/start_ms", _now_ms - 3600000, "<=", _now_ms)),
	_in("ms", _item("/environment/freezes/1/end_ms", _now_ms + 7200000, ">", _now_ms)),
]

_over := _freeze({"id": "easter", "end_ms": _now_ms, "allow_rollback": false})

test_freeze_that_forbids_a_rollback if {
	_findings(_freezes([_over, _freeze({"allow_rollback": false})])) == {_hold(
		"FREEZE_FORBIDS_ROLLBACK",
		"critical",
		"freeze `year-end` forbids even a rollback, for 2 h more",
		array.concat([_item("/environment/freezes/1/allow_rollback", false, "==", false)], _dates),
	)}
}

test_tier_in_a_freeze if {
	request := _tier(0, _freezes([_over, _freeze({})]))
	_hold(
		"TIER_IN_FREEZE",
		"critical",
		"freeze `year-end` is on for 2 h more, and the service is of tier 0",
		array.concat([_in("tier", _item("/release/tier", 0, "==", 0))], _dates),
	) in _findings(request)
	_codes(request) == {"TIER_IN_FREEZE", "APPROVAL_MISSING"}
	_codes_with(_tier(2, _freezes([_freeze({})])), {"freeze_tiers": [1, 2]}) == {"TIER_IN_FREEZE"}
	_codes_with(_tier(2, _freezes([_over])), {"freeze_tiers": [2]}) == set()
}

test_promotion_in_a_freeze if {
	promote := {"request": {"question": "promote"}}
	_findings(object.union(_freezes([_over, _freeze({})]), promote)) == {{
		"kind": "insufficient",
		"code": "FREEZE_FORBIDS_PROMOTION",
		"severity": "major",
		"message": "freeze `year-end` is on for 2 h more: nothing goes further by itself",
		"evidence": _dates,
	}}
}

test_edges_of_a_freeze if {
	got := {name |
		some name, freeze in {
			"begins now": _freeze({"start_ms": _now_ms}),
			"begins in a millisecond": _freeze({"start_ms": _now_ms + 1}),
			"ends in a millisecond": _freeze({"end_ms": _now_ms + 1}),
			"ends now": _freeze({"end_ms": _now_ms}),
			"is empty": _freeze({"start_ms": _now_ms, "end_ms": _now_ms}),
		}
		_codes(_freezes([object.union(freeze, {"allow_rollback": false})])) == {"FREEZE_FORBIDS_ROLLBACK"}
	}
	got == {"begins now", "ends in a millisecond"}
}
