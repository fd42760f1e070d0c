package belay.policies.new_error_class

import data.belay.signals

# Where a class was before the release: service, class and population lead to the signal.
_before[signal.service][signal.id][signal.population] := index if {
	some index, signal in input.health.signals
	signal.sli == "log_class"
	signal.population in {"baseline", "stable"}
}

_row_of[row.service][row.signal] := index if {
	some index, row in input.derived.compare
	row.sli == "log_class"
}

# Classes of the candidate that no signal from before the release has an event of.
_unseen contains index if {
	some index, signal in input.health.signals
	signal.sli == "log_class"
	signal.population == "candidate"
	signal.status in {"ok", "partial"}
	signal.bad >= params.unproven_min_bad
	not _is_seen(signal)
}

_is_seen(signal) if {
	some index in _before[signal.service][signal.id]
	input.health.signals[index].bad > 0
}

# Why the counts of a class may not be all there is: of its own signal or of one from before.
_doubts[index] := array.concat(partial, noted) if {
	some index in _unseen
	signal := input.health.signals[index]
	sides := array.concat([index], [other | some other in object.get(_before, [signal.service, signal.id], {})])
	partial := [_status_item(side) | some side in sides; input.health.signals[side].status == "partial"]
	noted := [_note_item(side) | some side in sides; input.health.signals[side].note]
}

_sampled contains index if {
	some index, doubts in _doubts
	count(doubts) > 0
}

_compared[index] := _row_of[signal.service][signal.id] if {
	some index in (_unseen - _sampled)
	signal := input.health.signals[index]
}

_proven contains index if {
	some index, row_index in _compared
	row := input.derived.compare[row_index]
	row.bad_candidate >= params.min_bad
	row.p_value < params.p_limit
}

_unproven := object.keys(_compared) - _proven

# A class that was there and is not any more.
_gone contains index if {
	some index, row in input.derived.compare
	row.sli == "log_class"
	row.bad_candidate == 0
	row.bad_baseline >= params.min_bad
}

# One name that is gone explains one new name: the one that is nearest to it in rate.
_heir[gone] := min(near)[1] if {
	some gone in _gone
	old := input.derived.compare[gone]
	near := {[abs(row.ratio_candidate - old.ratio_baseline), index] |
		some index in _proven
		row := input.derived.compare[_compared[index]]
		row.service == old.service
		row.ratio_candidate <= old.ratio_baseline * params.rename_factor
		row.ratio_candidate * params.rename_factor >= old.ratio_baseline
	}
}

_renamed[index] := min(names) if {
	some index in _proven
	names := {gone | some gone, heir in _heir; heir == index}
}

_new := _proven - object.keys(_renamed)

_harmless contains index if {
	some index in _proven
	input.health.signals[index].critical == false
}

# A service of which nobody ever counts classes says nothing by not having counted one.
_uncounted contains index if {
	some index in ((_unseen - _sampled) - object.keys(_compared))
	_before[input.health.signals[index].service]
}

# Zeros against sparse points over zero, where there are no counts to compare.
_sparse[index] := min(silent) if {
	some index, signal in input.health.signals
	signal.sli == "log_class"
	signal.population == "candidate"
	signal.status == "ok"
	not _row_of[signal.service][signal.id]
	_points_over_zero(signal) > 0
	silent := {other |
		some other in _before[signal.service][signal.id]
		count(input.health.signals[other].series) > 0
		_points_over_zero(input.health.signals[other]) == 0
	}
}

# Of a critical signal `evidence_quality` says so.
_lost contains index if {
	some index, signal in input.health.signals
	signal.sli == "log_class"
	signal.population == "candidate"
	not signal.status in {"ok", "partial"}
	not signals.is_critical(signal)
}

_points_over_zero(signal) := count([1 | some point in signal.series; point.v > 0])
