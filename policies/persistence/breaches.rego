package belay.policies.persistence

import data.belay.counts
import data.belay.numbers
import data.belay.pointer
import data.belay.signals
import data.belay.text

_critical contains index if {
	some index, row in input.derived.persistence
	row.critical
}

_repeated contains index if {
	some index, row in input.derived.persistence
	row.consecutive >= 2
}

# So many checks within seconds have seen one moment, not a time that lasts.
_persistent contains index if {
	some index in _repeated
	row := input.derived.persistence[index]
	row.consecutive >= params.consecutive_limit
	row.span_s >= params.min_span_s
}

# Signals that one check is enough for, and the counts it is judged by.
_collapsed[index] := counted if {
	some index, signal in input.health.signals
	signal.sli == "availability"
	signal.population in {"candidate", "fleet"}
	signal.status == "ok"
	signals.is_critical(signal)
	counted := counts.of(index)
	counted.total >= params.hard_min_total
	counted.bad > _bad_max(counted)
}

# How many may be bad at the floor. A whole number: the last digits of a product are not the same
# everywhere.
_bad_max(counted) := floor(((1 - params.hard_availability_floor) * counted.total) + 0.000001)

_message(row) := concat("", [
	$"{text.quoted(row.signal)} of {text.quoted(row.service)} is in breach in {numbers.short(row.consecutive)} checks in a row, ",
	$"over {numbers.duration(row.span_s)}",
])

_evidence(index, op) := [
	_item(index, "consecutive", op, params.consecutive_limit, "checks"),
	_item(index, "span_s", op, params.min_span_s, "s"),
]

_short(index) := [item |
	some item in _evidence(index, "<")
	item.observed < item.threshold
]

_item(index, key, op, threshold, unit) := {
	"path": pointer.of(["derived", "persistence", index, key]),
	"observed": input.derived.persistence[index][key],
	"op": op,
	"threshold": threshold,
	"unit": unit,
	"n": input.derived.persistence[index].checks,
}

_collapse_evidence(counted) := [
	{
		"path": pointer.of(array.concat(counted.steps, ["bad"])),
		"observed": counted.bad,
		"op": ">",
		"threshold": _bad_max(counted),
		"unit": "events",
		"n": counted.total,
	},
	{
		"path": pointer.of(array.concat(counted.steps, ["total"])),
		"observed": counted.total,
		"op": ">=",
		"threshold": params.hard_min_total,
		"unit": "events",
	},
]

# A reader gains nothing from the twenty-first finding of one rule.
_first(found) := array.slice(sort(found), 0, 20)
