package belay.policies.slo_burn

# Where a request does not say, the period that the default factors are made for.
_default_period_s := 2592000

_spent contains index if {
	some index, slo in input.health.slos
	slo.budget_remaining_ratio <= 0
	not _is_own_doing(slo)
}

# The release burns this budget now, and nothing says that it was gone before.
_is_own_doing(slo) if {
	slo.id in _regressing
	not _is_spent_before(slo)
}

_is_spent_before(slo) if _own_share(slo) <= params.own_share_ratio

# At most this part of the period's budget can have been spent since the exposure: what was spent
# within a window that reaches back as far. Undefined where no window does.
_own_share(slo) := min({share |
	some populations in _row_at[slo.id]
	some rows in populations
	some index in rows
	row := input.derived.burn[index]
	is_number(row.rate)
	row.window_s * 1000 >= input.request.now_ms - input.release.exposed_since_ms
	share := (row.rate * _counted_s(row)) / _period_s(slo)
})

_period_s(slo) := slo.period_s if slo.period_s > 0

else := _default_period_s

_counted_s(row) := row.effective_window_s if row.population == "candidate"

else := row.window_s

_regressing contains input.derived.burn[pair.long].slo if some pair in _stated.fast

_regressing contains input.derived.burn[pair.long].slo if {
	some pair in _stated.slow
	_is_younger_than(params.slow_long_s)
}
