package belay.policies.post_rollback_verify

_recovered contains index if {
	some index in (_judged - _valued)
	_counts[index].bad <= _bad_limit(index)
}

_recovered contains index if {
	some index in (_judged & _valued)
	not _exceeds(input.health.signals[index], input.health.signals[index].limit, 0)
}

# By much, and where events are counted by more than chance: noise must not wake anybody.
_worse contains index if {
	some index in ((_judged - _valued) - _recovered)
	counted := _counts[index]
	before := _before(index)
	before.total > 0
	counted.bad >= params.min_bad
	counted.bad > _bad_before(counted, before)
	_z2(counted, before) >= params.z2_limit
}

_worse contains index if {
	some index in ((_judged & _valued) - _recovered)
	before := _before(index).value
	_exceeds(input.health.signals[index], before, abs(before) * (params.worse_factor - 1))
}

_unrecovered := (_judged - _recovered) - _worse

# How many bad events of now would be by the factor as many as before; a whole number, too.
_bad_before(counted, before) := floor((((before.bad * counted.total) * params.worse_factor) / before.total) + 0.000001)

_before(index) := _earlier[_earlier_at[signal.service][signal.id]] if signal := input.health.signals[index]

# How many bad events are on target. A whole number: the last digits of a product are not the same
# everywhere.
_bad_limit(index) := floor(((_target_ratio(input.health.signals[index]) + params.tolerance_ratio) * _counts[index].total) + 0.000001)

# Where no objective speaks of the signal its own limit does, and where it has none a parameter.
_target_ratio(signal) := 1 - max({slo.objective_ratio | some slo in input.health.slos; slo.signal == signal.id}) if {
	signal.id in {slo.signal | some slo in input.health.slos}
} else := 1 - signal.limit if {
	signal.direction == "higher_better"
} else := signal.limit if {
	is_number(signal.limit)
} else := params.target_ratio

# Whether the value is on the bad side of a limit, by more than a margin.
_exceeds(signal, limit, margin) if {
	not _is_higher_better(signal)
	signal.value - limit > margin
}

_exceeds(signal, limit, margin) if {
	_is_higher_better(signal)
	limit - signal.value > margin
}

_is_higher_better(signal) if signal.direction == "higher_better"

# z squared of the pooled two-proportion test.
_z2(now, before) := (difference * difference) / (((pooled * (1 - pooled)) * (now.total + before.total)) / (now.total * before.total)) if {
	difference := (now.bad / now.total) - (before.bad / before.total)
	pooled := (now.bad + before.bad) / (now.total + before.total)
}
