package belay.policies.evidence_quality

import data.belay.pointer
import data.belay.signals
import data.belay.text

default _signals := []

_signals := input.health.signals

_critical contains index if {
	some index, signal in _signals
	signals.is_critical(signal)
}

_unusable contains index if {
	some index, signal in _signals
	signal.status != "ok"
}

_stale contains index if {
	some index, signal in _signals
	signal.status == "ok"
	signal.age_s > params.max_age_s
}

# What is not critical and lost, though something would have been made of it.
_judged_lost contains index if {
	some index in (_unusable - _critical)
	_is_judged(_signals[index])
}

_is_judged(signal) if is_number(signal.limit)

_is_judged(signal) if {
	some slo in input.health.slos
	slo.signal == signal.id
}

_is_judged(signal) if {
	some other in _signals
	other.id == signal.id
	other.service == signal.service
	{signal.population, other.population} in _compared
}

_compared := {{"candidate", "baseline"}, {"candidate", "stable"}}

_named(signal) := $"{text.quoted(signal.id)} of {text.quoted(signal.service)}, {signal.population},"

_status(index) := {
	"path": pointer.of(["health", "signals", index, "status"]),
	"observed": _signals[index].status,
	"op": "!=",
	"threshold": "ok",
	"status": _signals[index].status,
}

_age(index) := {
	"path": pointer.of(["health", "signals", index, "age_s"]),
	"observed": _signals[index].age_s,
	"op": ">",
	"threshold": params.max_age_s,
	"unit": "s",
	"status": _signals[index].status,
}

_snapshot_age_s := (input.request.now_ms - input.health.collected_at_ms) / 1000

_collected(op, limit_ms) := {
	"path": "/health/collected_at_ms",
	"observed": input.health.collected_at_ms,
	"op": op,
	"threshold": limit_ms,
	"unit": "ms",
}

# A reader gains nothing from the twenty-first finding of one rule.
_first(found) := array.slice(sort(found), 0, 20)
