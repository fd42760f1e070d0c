package belay.policies.post_rollback_verify

import data.belay.numbers
import data.belay.pointer
import data.belay.text

# Until the deadline of the rollback it is not late.
_grace := {"grace_until_ms": input.history.active_rollback.deadline_ms} if {
	input.history.active_rollback.deadline_ms
} else := {}

_message(index) := $"{_named(index)}: {numbers.short(signal.value)}, limit {numbers.short(signal.limit)}" if {
	index in _valued
	signal := input.health.signals[index]
} else := $"{_named(index)}: {numbers.percent(counted.bad / counted.total)} bad ({numbers.short(counted.bad)} of {numbers.short(counted.total)})" if {
	counted := _counts[index]
	counted.total > 0
} else := $"{_named(index)}: no events"

_named(index) := $"{text.quoted(signal.id)} of {text.quoted(signal.service)}, {signal.population}" if {
	signal := input.health.signals[index]
}

_before_text(index) := numbers.short(_before(index).value) if {
	index in _valued
} else := $"{numbers.percent(before.bad / before.total)} bad ({numbers.short(before.bad)} of {numbers.short(before.total)})" if {
	before := _before(index)
}

_off_target(index) := [_value_item(index, _worse_op(index), input.health.signals[index].limit)] if {
	index in _valued
} else := [_bad_item(index, ">", _bad_limit(index))]

_on_target(index) := _value_item(index, _fine_op(index), input.health.signals[index].limit) if {
	index in _valued
} else := _bad_item(index, "<=", _bad_limit(index))

_worse_evidence(index) := [_value_item(index, _worse_op(index), _before(index).value)] if {
	index in _valued
} else := [_bad_item(index, ">", _bad_before(_counts[index], _before(index)))]

_worse_op(index) := "<" if {
	_is_higher_better(input.health.signals[index])
} else := ">"

_fine_op(index) := ">=" if {
	_is_higher_better(input.health.signals[index])
} else := "<="

_value_item(index, op, threshold) := {
	"path": pointer.of(["health", "signals", index, "value"]),
	"observed": input.health.signals[index].value,
	"op": op,
	"threshold": threshold,
}

_bad_item(index, op, threshold) := {
	"path": pointer.of(array.concat(_counts[index].steps, ["bad"])),
	"observed": _counts[index].bad,
	"op": op,
	"threshold": threshold,
	"unit": "events",
	"n": _counts[index].total,
}

_sample_item(index) := {
	"path": pointer.of(_sample[index].steps),
	"observed": _sample[index].n,
	"op": "<",
	"threshold": params.min_total,
	"unit": "events",
	"n": _sample[index].n,
}

# A reader gains nothing from the twenty-first finding of one rule.
_first(found) := array.slice(sort(found), 0, 20)
