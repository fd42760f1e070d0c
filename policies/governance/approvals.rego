package belay.policies.governance

# After a rollback there is nothing left to agree to.
_is_action if input.request.question != "verify"

_given_as[verdict] contains index if {
	some verdict in ["approve", "reject"]
	some index, given in input.approvals.given
	given.verdict == verdict
}

_approvals := object.get(_given_as, "approve", set())

# An approval ends with the millisecond it names.
_expired contains index if {
	some index, given in input.approvals.given
	given.expires_ms <= input.request.now_ms
}

# What names a plan is for that plan alone. The plan that is known here is the one being carried out.
_misdirected contains index if {
	some index, given in input.approvals.given
	is_string(given.plan_id)
	given.plan_id != _plan_id
}

_plan_id := object.get(input, ["history", "active_rollback", "plan_id"], null)

_own contains index if {
	some index in _approvals
	input.approvals.given[index].subject == input.release.author
}

_emergencies contains index if {
	some index, given in input.approvals.given
	given.break_glass == true
}

_unbounded contains index if {
	some index in _emergencies
	not _is_bounded(index)
}

_is_bounded(index) if input.approvals.given[index].expires_ms <= _end_ms_max(index)

_end_ms_max(index) := input.approvals.given[index].at_ms + (params.break_glass_max_s * 1000)

_standing := {index | some index, _ in input.approvals.given} - (_expired | _misdirected)

# The last word of a person counts; of two at the same time, the no.
_overruled contains index if {
	some index in (_approvals & _standing)
	some other in _rejected_by[input.approvals.given[index].subject]
	input.approvals.given[other].at_ms >= input.approvals.given[index].at_ms
}

_overruled contains index if {
	some index in (object.get(_given_as, "reject", set()) & _standing)
	some other in (_approvals & _standing)
	input.approvals.given[other].subject == input.approvals.given[index].subject
	input.approvals.given[other].at_ms > input.approvals.given[index].at_ms
}

_rejected_by[input.approvals.given[index].subject] contains index if {
	some index in (object.get(_given_as, "reject", set()) & _standing)
}

_rejections := (object.get(_given_as, "reject", set()) & _standing) - _overruled

_counting := (_approvals & _standing) - union({_own, _unbounded, _overruled})

_people contains input.approvals.given[index].subject if some index in _counting

# How many each role has to give.
_needed[role] := sum([one.count | some one in input.approvals.required; one.role == role]) if {
	some required in input.approvals.required
	role := required.role
}

_rank[role] := min({index | some index, required in input.approvals.required; required.role == role}) if {
	some role, _ in _needed
}

# One person counts once: who approved in several roles, in the one that is required first.
_serving[person] := min({_rank[given.role] |
	some index in (_counting - _emergencies)
	given := input.approvals.given[index]
	given.subject == person
}) if {
	some person in _people
}

_missing[role] := short if {
	some role, needed in _needed
	short := needed - count([person | some person, rank in _serving; rank == _rank[role]])
	short > 0
}

# Break glass stands in for any role.
_standing_in contains person if {
	some index in (_counting & _emergencies)
	person := input.approvals.given[index].subject
	not _serving[person]
}

_shortfall := sum([short | some short in _missing]) - count(_standing_in)

_tier := input.release.tier

# A tier that is not named among them is not taken back, nor on, without anybody. Who names no tier is
# asked for nothing.
_is_guarded if {
	is_number(_tier)
	not _tier in params.auto_rollback_tiers
}

_is_asked if {
	_is_action
	_is_guarded
}

_is_asked if {
	_is_action
	some needed in _needed
	needed > 0
}

_is_short if {
	_is_action
	_shortfall > 0
}

_is_short if {
	_is_action
	_is_guarded
	count(_people) == 0
}

_is_one_short if {
	_is_asked
	_tier in params.two_person_tiers
	count(_people) == 1
}

_is_open if _is_short

_is_open if _is_one_short
