package belay.policies.post_rollback_verify

import data.belay.counts
import data.belay.signals

default _earlier := []

_earlier := input.history.active_rollback.before if input.request.question == "verify"

_earlier_at[before.service][before.signal] := index if some index, before in _earlier

# Signals of now that were there when the rollback was decided, whomever they are measured on: the
# candidate may still have traffic. A control beside it says nothing about what users get.
_after contains index if {
	some index, signal in input.health.signals
	signal.population != "baseline"
	signal.status == "ok"
	is_number(_earlier_at[signal.service][signal.id])
}

_critical contains index if {
	some index in _after
	signals.is_critical(input.health.signals[index])
}

# A value with a limit is judged by it, whatever is counted beside it.
_valued contains index if {
	some index in _after
	is_number(input.health.signals[index].value)
	is_number(input.health.signals[index].limit)
}

_counts[index] := counts.of(index) if some index in (_after - _valued)

# How many events a signal rests on, and where that stands.
_sample[index] := {"n": counted.total, "steps": array.concat(counted.steps, ["total"])} if some index, counted in _counts

_sample[index] := {"n": input.health.signals[index].n, "steps": ["health", "signals", index, "n"]} if some index in _valued

_small contains index if {
	some index, sample in _sample
	sample.n < params.min_total
}

_judged := (_valued | object.keys(_counts)) - _small

_judged_names contains [signal.service, signal.id] if {
	some index in _judged
	signal := input.health.signals[index]
}

# Of a signal that is judged where it has traffic, the part that has none any more is nothing.
_quiet contains index if {
	some index in (_small & _critical)
	signal := input.health.signals[index]
	not [signal.service, signal.id] in _judged_names
}

# Of a signal that is not critical any value will do, also one that nothing says the limit of.
_settled contains [signal.service, signal.id] if {
	some index in ((_judged | _quiet) | (_after - _critical))
	signal := input.health.signals[index]
}

_missing contains index if {
	some index, before in _earlier
	not [before.service, before.signal] in _settled
}
