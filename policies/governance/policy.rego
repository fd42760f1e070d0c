# METADATA
# title: Governance
# description: >-
#  Reads whether those who have to agree have agreed, whether a freeze is on, and whether the caller may
#  ask. It never calls for going back; it says where a human has to take part.
# related_resources:
#  - ref: https://sre.google/sre-book/release-engineering/
#    description: enforcement of policies and procedures
# custom:
#  owner: release-engineering
package belay.policies.governance

import data.belay.numbers
import data.belay.pointer
import data.belay.settings
import data.belay.text

default_params := {
	"auto_rollback_tiers": [1, 2, 3],
	"two_person_tiers": [0],
	"freeze_tiers": [0],
	"entitled_callers": [],
	"break_glass_max_s": 3600,
}

param_limits := {
	"auto_rollback_tiers": {"items": "number", "min": 0, "max": 3, "integer": true},
	"two_person_tiers": {"items": "number", "min": 0, "max": 3, "integer": true},
	"freeze_tiers": {"items": "number", "min": 0, "max": 3, "integer": true},
	"entitled_callers": {"items": "string"},
	"break_glass_max_s": {"above": 0},
}

params := settings.params("governance", default_params)

# METADATA
# title: Approval missing
# description: Fewer have agreed than have to.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "APPROVAL_MISSING",
	"severity": "major",
	"message": $"not approved: {_shortage}",
	"evidence": _shortage_evidence,
} if {
	_is_short
}

# METADATA
# title: Second person missing
# description: A release of this tier takes two people, and one has agreed.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "SECOND_PERSON_MISSING",
	"severity": "major",
	"message": $"tier {_tier} takes two people, and only {text.quoted(person)} has approved",
	"evidence": [_tier_evidence, {"path": "/approvals/given", "observed": 1, "op": "<", "threshold": 2, "unit": "people"}],
} if {
	_is_one_short
	some person in _people
}

# METADATA
# title: Approval rejected
# description: Somebody who was asked has said no, and that stands.
# custom:
#  severity: critical
finding contains {
	"kind": "hold",
	"code": "APPROVAL_REJECTED",
	"severity": "critical",
	"message": $"{_signed(index)} has rejected it",
	"evidence": [_item(index, "verdict", "==", "reject")],
} if {
	_is_action
	some index in _first(_rejections)
}

# METADATA
# title: Approval by the author
# description: Whoever made the release never counts as the one who approves it.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "APPROVAL_BY_AUTHOR",
	"severity": "major",
	"message": $"{_signed(index)} made the release, and cannot approve it",
	"evidence": [_item(index, "subject", "==", input.release.author)],
} if {
	_is_open
	some index in _first(_own & _standing)
}

# METADATA
# title: Approval expired
# description: It was given, and its time is over.
# custom:
#  severity: minor
finding contains {
	"kind": "hold",
	"code": "APPROVAL_EXPIRED",
	"severity": "minor",
	"message": $"the approval of {_signed(index)} expired {numbers.duration((input.request.now_ms - input.approvals.given[index].expires_ms) / 1000)} ago",
	"evidence": [object.union(_item(index, "expires_ms", "<=", input.request.now_ms), {"unit": "ms"})],
} if {
	_is_open
	some index in _first(_approvals & _expired)
}

# METADATA
# title: Approval for another plan
# description: It names a plan, and that is not the one being carried out.
# custom:
#  severity: minor
finding contains {
	"kind": "hold",
	"code": "APPROVAL_FOR_ANOTHER_PLAN",
	"severity": "minor",
	"message": $"the approval of {_signed(index)} is for another plan",
	"evidence": [_item(index, "plan_id", "!=", _plan_id)],
} if {
	_is_open
	some index in _first(_approvals & _misdirected)
}

# METADATA
# title: Break-glass approval without an end
# description: What is given outside the rules has to end soon, and this does not.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "BREAK_GLASS_UNBOUNDED",
	"severity": "major",
	"message": $"the break-glass approval of {_signed(index)} {_lasting(index)}, limit {numbers.duration(params.break_glass_max_s)}",
	"evidence": [object.union(_item(index, "expires_ms", _lasting_op(index), _end_ms_max(index)), {"unit": "ms"})],
} if {
	_is_open
	some index in _first((_approvals & _unbounded) & _standing)
}

# METADATA
# title: Break glass
# description: Somebody approves outside the rules. Said loudly, whatever comes of it.
# custom:
#  severity: major
finding contains {
	"kind": "note",
	"code": "BREAK_GLASS",
	"severity": "major",
	"message": $"BREAK GLASS: {_signed(index)} approves outside the rules, for {numbers.duration((input.approvals.given[index].expires_ms - input.request.now_ms) / 1000)} more",
	"evidence": [
		_item(index, "break_glass", "==", true),
		object.union(_item(index, "expires_ms", ">", input.request.now_ms), {"unit": "ms"}),
	],
} if {
	some index in _first(_counting & _emergencies)
}

# METADATA
# title: Caller not entitled
# description: Who asks is not among those who may.
# custom:
#  severity: critical
finding contains {
	"kind": "hold",
	"code": "CALLER_NOT_ENTITLED",
	"severity": "critical",
	"message": $"{_caller_name} may not ask for this",
	"evidence": [{"path": "/request/caller/subject", "observed": _caller, "op": "!=", "threshold": concat(", ", params.entitled_callers)}],
} if {
	count(params.entitled_callers) > 0
	not _caller in params.entitled_callers
}

# METADATA
# title: Freeze forbids going back
# description: A freeze is on, and it says that not even a rollback may be made.
# custom:
#  severity: critical
finding contains {
	"kind": "hold",
	"code": "FREEZE_FORBIDS_ROLLBACK",
	"severity": "critical",
	"message": $"freeze {text.quoted(input.environment.freezes[index].id)} forbids even a rollback, for {_left(index)} more",
	"evidence": array.concat(
		[{
			"path": pointer.of(["environment", "freezes", index, "allow_rollback"]),
			"observed": false,
			"op": "==",
			"threshold": false,
		}],
		_freeze_evidence(index),
	),
} if {
	_is_action
	some index in _first(_freezing)
	input.environment.freezes[index].allow_rollback == false
}

# METADATA
# title: Important service in a freeze
# description: A freeze is on, and the service is too important to be moved within it by a machine.
# custom:
#  severity: critical
finding contains {
	"kind": "hold",
	"code": "TIER_IN_FREEZE",
	"severity": "critical",
	"message": $"freeze {text.quoted(input.environment.freezes[index].id)} is on for {_left(index)} more, and the service is of tier {_tier}",
	"evidence": array.concat([_tier_evidence], _freeze_evidence(index)),
} if {
	_is_action
	input.release.tier in params.freeze_tiers
	some index in _first(_freezing)
}

# METADATA
# title: Freeze forbids promotion
# description: A freeze is on, and nothing goes further within it unless a human says so.
# custom:
#  severity: major
finding contains {
	"kind": "insufficient",
	"code": "FREEZE_FORBIDS_PROMOTION",
	"severity": "major",
	"message": $"freeze {text.quoted(input.environment.freezes[index].id)} is on for {_left(index)} more: nothing goes further by itself",
	"evidence": _freeze_evidence(index),
} if {
	input.request.question == "promote"
	some index in _first(_freezing)
}

# A reader gains nothing from the ninth finding of one rule, and all rules together stay below the
# hundred findings that a policy may state.
_first(found) := array.slice(sort(found), 0, 8)
