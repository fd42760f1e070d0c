package belay.policies.canary_compare

import data.belay.numbers
import data.belay.pointer
import data.belay.signals
import data.belay.text

_shift_critical contains index if {
	some index, row in input.derived.shift
	signals.is_critical(row)
}

_shifted contains index if {
	some index, row in input.derived.shift
	not _is_judged(row)
	_is_measured(row)
	_is_beyond(row, params.tolerance_shift)
	_is_by(row, params.effect_limit_shift, params.drop_limit_shift)
}

# A baseline of nothing: Kayenta's judge looks at medians and lets a few errors pass, so whatever it
# says, these are asked.
_shifted contains index if {
	some index, row in input.derived.shift
	row.method == "fisher_exact_nonzero"
	row.nonzero_candidate >= params.min_bad
	row.p_value < params.zero_baseline_p_limit
}

_shift_marginal contains index if {
	some index, row in input.derived.shift
	index in _shift_critical
	not index in _shifted
	not _is_judged(row)
	_is_measured(row)
	_is_beyond(row, 0)
	_is_by(row, params.marginal_effect_limit_shift, params.marginal_drop_limit_shift)
}

_shift_marginal contains index if {
	some index, row in input.derived.shift
	not index in _shifted
	row.method == "fisher_exact_nonzero"
	row.p_value < params.marginal_zero_baseline_p_limit
}

# With fewer points on a side the interval is not what it is called.
_is_measured(row) if {
	row.method == "mann_whitney"
	row.n_candidate >= params.min_points
	row.n_baseline >= params.min_points
}

# The whole interval lies on the worse side, further out than `tolerance` times the estimate.
_is_beyond(row, tolerance) if {
	row.direction == "lower_better"
	row.lo_ratio > tolerance
}

_is_beyond(row, tolerance) if {
	row.direction == "higher_better"
	row.hi_ratio < 0 - tolerance
}

# Null where a mean is 0 or below: then there is no telling how many times.
_is_by(row, _, _) if row.effect == null

_is_by(row, rise, _) if {
	row.direction == "lower_better"
	row.effect >= rise
}

_is_by(row, _, drop) if {
	row.direction == "higher_better"
	row.effect <= drop
}

_shift_message(row) := concat("", [
	$"{text.quoted(row.signal)} is worse than {row.population_baseline}: {numbers.short(row.mean_candidate)}{_unit(row)} on average ",
	$"against {numbers.short(row.mean_baseline)}, {_between(row)} ",
	$"({text.counted(row.n_candidate, "point")} against {numbers.short(row.n_baseline)})",
]) if {
	row.method == "mann_whitney"
} else := concat("", [
	$"{text.quoted(row.signal)} is worse than {row.population_baseline}: {numbers.short(row.nonzero_candidate)} of ",
	$"{text.counted(row.n_candidate, "point")} are not 0, against none of {numbers.short(row.n_baseline)}",
])

_between(row) := $"{numbers.short(row.lo)} to {numbers.short(row.hi)} more" if row.direction == "lower_better"

else := $"{numbers.short(0 - row.hi)} to {numbers.short(0 - row.lo)} less"

_unit(row) := concat("", [" ", row.unit])

_unit(row) := "" if not row.unit

_shifted_evidence(index, row) := _shift_evidence(index, row, params.tolerance_shift, [params.effect_limit_shift, params.drop_limit_shift]) if {
	row.method == "mann_whitney"
} else := array.concat(_nonzero_evidence(index, params.zero_baseline_p_limit), [_shift_item(index, "nonzero_candidate", ">=", params.min_bad, "points")])

_shift_marginal_evidence(index, row) := _shift_evidence(index, row, 0, [params.marginal_effect_limit_shift, params.marginal_drop_limit_shift]) if {
	row.method == "mann_whitney"
} else := _nonzero_evidence(index, params.marginal_zero_baseline_p_limit)

_shift_evidence(index, row, tolerance, [rise, drop]) := array.concat(
	_end_evidence(index, row, tolerance, [rise, drop]),
	[
		_shift_item(index, "n_candidate", ">=", params.min_points, "points"),
		_shift_item(index, "n_baseline", ">=", params.min_points, "points"),
	],
)

_end_evidence(index, row, tolerance, [rise, _]) := array.concat(
	[_shift_item(index, "lo_ratio", ">", tolerance, "of the estimate")],
	[_shift_item(index, "effect", ">=", rise, "times") | row.effect != null],
) if {
	row.direction == "lower_better"
}

_end_evidence(index, row, tolerance, [_, drop]) := array.concat(
	[_shift_item(index, "hi_ratio", "<", 0 - tolerance, "of the estimate")],
	[_shift_item(index, "effect", "<=", drop, "times") | row.effect != null],
) if {
	row.direction == "higher_better"
}

_nonzero_evidence(index, p_limit) := [_shift_item(index, "p_value", "<", p_limit, "probability")]

_shift_item(index, key, op, threshold, unit) := {
	"path": pointer.of(["derived", "shift", index, key]),
	"observed": input.derived.shift[index][key],
	"op": op,
	"threshold": threshold,
	"unit": unit,
	"n": input.derived.shift[index].n_candidate,
}
