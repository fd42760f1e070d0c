# METADATA
# title: New error class
# description: >-
#  Reads the classes of errors that the logs of the candidate show and those of its baseline do not,
#  and says when such a class is new beyond chance.
# related_resources:
#  - ref: https://github.com/spinnaker/spinnaker/issues/5622
#    description: Sparse errors against a baseline of zeros pass a comparison of ranks.
# custom:
#  owner: release-engineering
package belay.policies.new_error_class

import data.belay.grace
import data.belay.numbers
import data.belay.settings
import data.belay.text

default_params := {
	"min_bad": 3,
	"p_limit": 0.01,
	"rename_factor": 2,
	"unproven_min_bad": 1,
	"grace_s": 300,
}

param_limits := {
	"min_bad": {"min": 1, "integer": true},
	"p_limit": {"above": 0, "max": 1},
	"rename_factor": {"min": 1},
	"unproven_min_bad": {"min": 1, "integer": true},
	"grace_s": {"min": 0},
}

params := settings.params("new_error_class", default_params)

# METADATA
# title: New class of errors
# description: The candidate logs errors of a class that its baseline has none of, beyond chance.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "NEW_ERROR_CLASS",
	"severity": "critical",
	"message": _message(row),
	"evidence": _new_evidence(row_index),
} if {
	some index in _first(_new - _harmless)
	row_index := _compared[index]
	row := input.derived.compare[row_index]
}

# METADATA
# title: New class of errors that is not critical
# description: As clear as that, but whoever sends the signal says that it is not critical.
# custom:
#  severity: minor
finding contains {
	"kind": "insufficient",
	"code": "NEW_ERROR_CLASS_NOT_CRITICAL",
	"severity": "minor",
	"message": $"{_message(row)}; the signal is not critical",
	"evidence": _new_evidence(row_index),
} if {
	some index in _first(_new & _harmless)
	row_index := _compared[index]
	row := input.derived.compare[row_index]
}

# METADATA
# title: Class of errors renamed
# description: >-
#  A class appears as often as another one was there before that is gone. It may be the same errors
#  by another name.
# custom:
#  severity: major
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "ERROR_CLASS_RENAMED",
	"severity": "major",
	"message": concat("", [
		$"{_message(row)}; {text.quoted(old.signal)} is gone, which had {numbers.short(old.bad_baseline)} of ",
		$"{numbers.short(old.n_baseline)}: it may be the same by another name",
	]),
	"evidence": array.concat(_new_evidence(row_index), [
		_item(gone, "bad_candidate", "==", 0, old.n_candidate),
		_item(gone, "bad_baseline", ">=", params.min_bad, old.n_baseline),
	]),
}) if {
	some index in _first(object.keys(_renamed))
	row_index := _compared[index]
	row := input.derived.compare[row_index]
	gone := _renamed[index]
	old := input.derived.compare[gone]
}

# METADATA
# title: Class of errors perhaps new
# description: The baseline has none of it, but the candidate has too few to exclude chance.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "NEW_ERROR_CLASS_UNPROVEN",
	"severity": "minor",
	"message": $"{_message(row)}; too few to tell it from chance",
	"evidence": [
		_item(row_index, "bad_candidate", ">=", params.unproven_min_bad, row.n_candidate),
		_item(row_index, "bad_baseline", "==", 0, row.n_baseline),
	],
}) if {
	some index in _first(_unproven)
	row_index := _compared[index]
	row := input.derived.compare[row_index]
}

# METADATA
# title: Class of errors with nothing to hold it against
# description: The classes of the service are counted before the release too, but not this one.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "NEW_ERROR_CLASS_UNCOUNTED",
	"severity": "minor",
	"message": $"{_named(signal.id, signal.service)} has {_counts(signal.bad, signal.total)} of the candidate, and nobody counted it before the release",
	"evidence": [_bad_item(index)],
}) if {
	some index in _first(_uncounted)
	signal := input.health.signals[index]
}

# METADATA
# title: Class of errors in a sampled log
# description: What a sampled log does not show may have been there all the same.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "ERROR_LOG_SAMPLED",
	"severity": "minor",
	"message": $"{_named(signal.id, signal.service)} has {_counts(signal.bad, signal.total)} of the candidate; the log is not complete, so it may not be new",
	"evidence": array.concat([_bad_item(index)], _doubts[index]),
}) if {
	some index in _first(_sampled)
	signal := input.health.signals[index]
}

# METADATA
# title: Class of errors that comes and goes
# description: A series of the candidate has points over zero, that of its baseline has none.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "NEW_ERROR_CLASS_SPARSE",
	"severity": "minor",
	"message": concat("", [
		$"{_named(signal.id, signal.service)} is over zero at {numbers.short(points)} of {numbers.short(count(signal.series))} points ",
		$"of the candidate, and at none of {numbers.short(count(before.series))} of {before.population}",
	]),
	"evidence": [
		_series_item(index, points, ">=", 1),
		_series_item(before_index, 0, "==", 0),
	],
}) if {
	some index in _first(object.keys(_sparse))
	before_index := _sparse[index]
	signal := input.health.signals[index]
	before := input.health.signals[before_index]
	points := _points_over_zero(signal)
}

# METADATA
# title: Class of errors lost
# description: A class of the candidate cannot be judged, and so nobody knows whether it is new.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "ERROR_CLASS_LOST",
	"severity": "minor",
	"message": $"{_named(signal.id, signal.service)} of the candidate cannot be judged ({signal.status}): it may be new",
	"evidence": [_lost_item(index)],
}) if {
	some index in _first(_lost)
	signal := input.health.signals[index]
}
