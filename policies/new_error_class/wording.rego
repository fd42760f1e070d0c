package belay.policies.new_error_class

import data.belay.numbers
import data.belay.pointer
import data.belay.text

_message(row) := concat("", [
	$"{_named(row.signal, row.service)} is new: {_counts(row.bad_candidate, row.n_candidate)} of the candidate, ",
	$"none of {numbers.short(row.n_baseline)} of {row.population_baseline}",
])

_named(signal, service) := text.quoted(signal) if service == input.release.service

else := $"{text.quoted(signal)} of {text.quoted(service)}"

_counts(bad, total) := $"{numbers.short(bad)} of {numbers.short(total)}"

_new_evidence(index) := [
	_item(index, "p_value", "<", params.p_limit, input.derived.compare[index].n_candidate),
	_item(index, "bad_candidate", ">=", params.min_bad, input.derived.compare[index].n_candidate),
	_item(index, "bad_baseline", "==", 0, input.derived.compare[index].n_baseline),
]

_unit_of := {"p_value": "probability", "bad_candidate": "events", "bad_baseline": "events"}

_item(index, key, op, threshold, n) := {
	"path": pointer.of(["derived", "compare", index, key]),
	"observed": input.derived.compare[index][key],
	"op": op,
	"threshold": threshold,
	"unit": _unit_of[key],
	"n": n,
}

_bad_item(index) := {
	"path": pointer.of(["health", "signals", index, "bad"]),
	"observed": input.health.signals[index].bad,
	"op": ">=",
	"threshold": params.unproven_min_bad,
	"unit": "events",
	"n": input.health.signals[index].total,
}

_lost_item(index) := {
	"path": pointer.of(["health", "signals", index, "status"]),
	"observed": input.health.signals[index].status,
	"op": "!=",
	"threshold": "ok",
	"status": input.health.signals[index].status,
}

_status_item(index) := {
	"path": pointer.of(["health", "signals", index, "status"]),
	"observed": "partial",
	"op": "==",
	"threshold": "partial",
	"status": "partial",
}

_note_item(index) := {
	"path": pointer.of(["health", "signals", index, "note"]),
	"observed": input.health.signals[index].note,
	"op": "!=",
	"threshold": "",
}

_series_item(index, points, op, threshold) := {
	"path": pointer.of(["health", "signals", index, "series"]),
	"observed": points,
	"op": op,
	"threshold": threshold,
	"unit": "points over zero",
	"n": count(input.health.signals[index].series),
}

# A reader gains nothing from the twenty-first finding of one rule.
_first(found) := array.slice(sort(found), 0, 20)
