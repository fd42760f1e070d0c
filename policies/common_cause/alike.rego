package belay.policies.common_cause

import data.belay.pointer
import data.belay.signals

_row_at[row.slo][row.service][row.population][row.window_s] := index if {
	some index, row in input.derived.burn
}

# Pairs of windows of what was there before and of what is released, both over the limit. A candidate
# that burns far faster than what was there before has a fault of its own on top.
_burning_alike contains pair if {
	some services in _row_at
	some populations in services
	some before in ["baseline", "stable"]
	some after in ["candidate", "fleet"]
	pair := {
		"before_long": populations[before][params.burn_long_s],
		"before_short": populations[before][params.burn_short_s],
		"after_long": populations[after][params.burn_long_s],
		"after_short": populations[after][params.burn_short_s],
	}
	every index in pair {
		input.derived.burn[index].rate >= params.burn_factor
	}
	_has_enough_events(input.derived.burn[pair.before_long])
	input.derived.burn[pair.after_long].rate <= input.derived.burn[pair.before_long].rate * params.alike_factor
}

# So many that a single bad event would not reach the limit; free of rounding at the edge.
_has_enough_events(row) if {
	row.bad >= params.min_bad
	(row.total * params.burn_factor) * (1 - row.objective_ratio) > 0.999999
}

_failing_alike contains index if {
	some index, row in input.derived.compare
	row.bad_baseline >= _high_count(row, row.n_baseline)
	row.bad_candidate >= _high_count(row, row.n_candidate)
	_decides(row)
	_is_alike(row)
}

# Only what could call for a rollback needs somebody to look before it does.
_decides(row) if signals.is_critical(row)

_decides(row) if {
	some slo in input.health.slos
	slo.signal == row.signal
}

_is_alike(row) if row.effect <= params.alike_factor

# By more than the factor, and still by chance perhaps.
_is_alike(row) if row.p_value >= params.alike_p_limit

# How many of so many events are high. A whole number: the last digits of a product are not the same
# everywhere.
_high_count(row, n) := max([params.min_bad, ceil((_high_ratio(row) * n) - 0.000001)])

# What burns the budget of an objective over the limit is high, however low it looks.
_high_ratio(row) := min({params.high_ratio} | objectives) if {
	objectives := {ratio |
		some slo in input.health.slos
		slo.signal == row.signal
		ratio := params.burn_factor * (1 - slo.objective_ratio)
	}
}

_burn_item(index, key, op, threshold, unit) := {
	"path": pointer.of(["derived", "burn", index, key]),
	"observed": input.derived.burn[index][key],
	"op": op,
	"threshold": threshold,
	"unit": unit,
	"n": input.derived.burn[index].total,
}

_alike_item(index, row) := _compare_item(index, "effect", "<=", params.alike_factor, "times") if {
	row.effect <= params.alike_factor
} else := _compare_item(index, "p_value", ">=", params.alike_p_limit, "probability")

_compare_item(index, key, op, threshold, unit) := {
	"path": pointer.of(["derived", "compare", index, key]),
	"observed": input.derived.compare[index][key],
	"op": op,
	"threshold": threshold,
	"unit": unit,
	"n": input.derived.compare[index].n_baseline,
}

# A reader gains nothing from the twenty-first finding of one rule.
_first(found) := array.slice(sort(found), 0, 20)
