package belay.policies.governance

import data.belay.numbers
import data.belay.pointer
import data.belay.text

_item(index, key, op, threshold) := {
	"path": pointer.of(["approvals", "given", index, key]),
	"observed": object.get(input.approvals.given[index], key, null),
	"op": op,
	"threshold": threshold,
}

_signed(index) := $"{text.quoted(given.subject)} ({text.quoted(given.role)})" if {
	given := input.approvals.given[index]
}

_lasting(index) := $"lasts {numbers.duration((expires_ms - input.approvals.given[index].at_ms) / 1000)}" if {
	expires_ms := input.approvals.given[index].expires_ms
} else := "has no end"

_lasting_op(index) := ">" if {
	input.approvals.given[index].expires_ms
} else := "!="

_tier_evidence := {"path": "/release/tier", "observed": _tier, "op": "==", "threshold": _tier, "unit": "tier"}

# Two roles are enough for a line.
_shortage := concat(", ", array.concat(
	[$"{numbers.short(short)} of {text.quoted(role)} missing" |
		some role in array.slice(sort(object.keys(_missing)), 0, 2)
		short := _missing[role]
	],
	[$"and {more} more roles" | more := count(_missing) - 2; more > 0],
)) if {
	_shortfall > 0
} else := $"tier {_tier} moves only when {_crowd} approved"

_crowd := "two people have" if {
	_tier in params.two_person_tiers
} else := "somebody has"

_shortage_evidence := [{
	"path": "/approvals/required",
	"observed": _needed[role] - short,
	"op": "<",
	"threshold": _needed[role],
	"unit": "approvals",
} |
	some role in array.slice(sort(object.keys(_missing)), 0, 20)
	short := _missing[role]
] if {
	_shortfall > 0
} else := [_tier_evidence]

_caller := object.get(input, ["request", "caller", "subject"], null)

_caller_name := text.quoted(_caller) if {
	is_string(_caller)
} else := "a caller without a name"

_freezing contains index if {
	some index, freeze in input.environment.freezes
	freeze.start_ms <= input.request.now_ms
	input.request.now_ms < freeze.end_ms
}

_left(index) := numbers.duration((input.environment.freezes[index].end_ms - input.request.now_ms) / 1000)

_freeze_evidence(index) := [
	{
		"path": pointer.of(["environment", "freezes", index, "start_ms"]),
		"observed": input.environment.freezes[index].start_ms,
		"op": "<=",
		"threshold": input.request.now_ms,
		"unit": "ms",
	},
	{
		"path": pointer.of(["environment", "freezes", index, "end_ms"]),
		"observed": input.environment.freezes[index].end_ms,
		"op": ">",
		"threshold": input.request.now_ms,
		"unit": "ms",
	},
]
