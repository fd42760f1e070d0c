package belay.policies.canary_compare

import data.belay.numbers
import data.belay.pointer
import data.belay.signals
import data.belay.text

_critical contains index if {
	some index, row in input.derived.compare
	signals.is_critical(row)
}

# Every condition for itself is met by some harmless candidate: a large sample makes any difference
# significant, a small one any effect large.
_worse contains index if {
	some index, row in input.derived.compare
	not _is_judged(row)
	row.bad_candidate >= params.min_bad
	row.lo > params.tolerance_ratio
	row.p_value < params.p_limit
	_is_large(row.effect)
}

_marginal contains index if {
	some index, row in input.derived.compare
	not index in _worse
	not _is_judged(row)
	row.bad_candidate >= params.min_bad
	row.lo > 0
	row.hi > params.tolerance_ratio
	row.p_value < params.marginal_p_limit
}

# Null where the baseline has no bad event at all: then any is infinitely more.
_is_large(null)

_is_large(effect) if {
	is_number(effect)
	effect >= params.effect_limit
}

_is_warming_up if {
	input.request.now_ms - input.release.exposed_since_ms < params.warm_up_s * 1000
}

_message(row) := concat("", [
	$"{text.quoted(row.signal)} is worse than {row.population_baseline}: {numbers.percent(row.ratio_candidate)} bad ",
	$"({numbers.short(row.bad_candidate)} of {numbers.short(row.n_candidate)}) against ",
	$"{numbers.percent(row.ratio_baseline)} ({numbers.short(row.bad_baseline)} of {numbers.short(row.n_baseline)})",
])

_worse_evidence(index, row) := array.concat(
	[
		_item(index, "lo", ">", params.tolerance_ratio, "ratio"),
		_item(index, "p_value", "<", params.p_limit, "probability"),
		_item(index, "bad_candidate", ">=", params.min_bad, "events"),
	],
	[_item(index, "effect", ">=", params.effect_limit, "times") | row.effect != null],
)

_marginal_evidence(index) := [
	_item(index, "lo", ">", 0, "ratio"),
	_item(index, "hi", ">", params.tolerance_ratio, "ratio"),
	_item(index, "p_value", "<", params.marginal_p_limit, "probability"),
	_item(index, "bad_candidate", ">=", params.min_bad, "events"),
]

_item(index, key, op, threshold, unit) := {
	"path": pointer.of(["derived", "compare", index, key]),
	"observed": input.derived.compare[index][key],
	"op": op,
	"threshold": threshold,
	"unit": unit,
	"n": input.derived.compare[index].n_candidate,
}

# A reader gains nothing from the twenty-first finding of one rule.
_first(found) := array.slice(sort(found), 0, 20)
