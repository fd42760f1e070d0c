package belay.policies.evidence_quality

import data.belay.pointer

# Whose events are the release's own, alone or within the fleet.
_own := {"candidate", "fleet"}

# What the release is judged by: [how many events, where that stands].
_samples contains [row.total, pointer.of(["derived", "burn", index, "total"])] if {
	some index, row in input.derived.burn
	row.population in _own
	_judges(row)
}

# A comparison knows no more than the smaller of its two sides.
_samples contains min([[row[key], pointer.of(["derived", "compare", index, key])] | some key in _sides]) if {
	some index, row in input.derived.compare
}

# Series are judged by their points, of which the shorter side has to have some.
_points contains min([[row[key], pointer.of(["derived", "shift", index, key])] | some key in _sides]) if {
	some index, row in input.derived.shift
}

_points contains fewest if {
	some index, metric in input.derived.judge.metrics
	fewest := min([[metric[key], pointer.of(["derived", "judge", "metrics", index, key])] | some key in _sides])
	fewest[0] > 0
}

_sides := ["n_candidate", "n_baseline"]

_judges(row) if is_number(row.rate)

# Without a budget there is no rate, and bad events are judged as such.
_judges(row) if {
	row.objective_ratio == 1
	row.total > 0
}

_has_no_traffic if {
	totals := {total | some signal in _signals; signal.population in _own; some total in _totals(signal)}
	totals == {0}
}

_totals(signal) := {total | total := signal.total} | {window.total | some window in signal.windows}
