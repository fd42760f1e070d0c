# METADATA
# title: Persistence
# description: >-
#  Reads how long a signal has been in breach over the checks of this release, and tells what stands
#  from what comes and goes. One limit is so hard that a single check is enough.
# related_resources:
#  - ref: https://sre.google/workbook/alerting-on-slos/
#    description: Why a breach has to last before it decides, and what that costs.
# custom:
#  owner: release-engineering
package belay.policies.persistence

import data.belay.numbers
import data.belay.settings
import data.belay.text

default_params := {
	"consecutive_limit": 3,
	"min_span_s": 60,
	"hard_availability_floor": 0.5,
	"hard_min_total": 20,
	"flap_changes": 3,
}

param_limits := {
	"consecutive_limit": {"min": 2, "integer": true},
	"min_span_s": {"min": 0},
	"hard_availability_floor": {"min": 0, "max": 1},
	"hard_min_total": {"min": 1, "integer": true},
	"flap_changes": {"min": 2, "integer": true},
}

params := settings.params("persistence", default_params)

# METADATA
# title: Breach persists
# description: A critical signal is in breach in several checks in a row, over long enough a time.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "BREACH_PERSISTS",
	"severity": "critical",
	"message": _message(row),
	"evidence": _evidence(index, ">="),
} if {
	some index in _first(_persistent & _critical)
	row := input.derived.persistence[index]
}

# METADATA
# title: Breach persists where it is not critical
# description: As lasting as that, on a signal that does not call for a rollback by itself.
# custom:
#  severity: minor
finding contains {
	"kind": "insufficient",
	"code": "BREACH_PERSISTS_NOT_CRITICAL",
	"severity": "minor",
	"message": $"{_message(row)}; the signal is not critical",
	"evidence": _evidence(index, ">="),
} if {
	some index in _first(_persistent - _critical)
	row := input.derived.persistence[index]
}

# METADATA
# title: Breach not lasting yet
# description: In breach in more than one check in a row, but in too few, or within too short a time.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "BREACH_NOT_LASTING",
	"severity": "info",
	"message": concat("", [
		$"{_message(row)}; it decides from {text.counted(params.consecutive_limit, "check")} over ",
		$"{numbers.duration(params.min_span_s)} on",
	]),
	"evidence": _short(index),
} if {
	some index in _first(_repeated - _persistent)
	row := input.derived.persistence[index]
}

# METADATA
# title: Hard limit
# description: So much of a critical signal of availability is bad that one check is enough.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "AVAILABILITY_COLLAPSED",
	"severity": "critical",
	"message": concat("", [
		$"{text.quoted(signal.id)} of {text.quoted(signal.service)}, {signal.population}: {numbers.short(counted.bad)} of ",
		$"{numbers.short(counted.total)} bad, less than {numbers.percent(params.hard_availability_floor)} is good",
	]),
	"evidence": _collapse_evidence(counted),
} if {
	some index in _first(object.keys(_collapsed))
	counted := _collapsed[index]
	signal := input.health.signals[index]
}

# METADATA
# title: Flapping
# description: Checks with a breach and checks without one alternate, and nothing stands.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "FLAPPING",
	"severity": "major",
	"message": concat("", [
		$"breach and none took turns {numbers.short(flap.state_changes)} times in {text.counted(flap.checks, "check")}, ",
		"and none lasts: going back may not be what helps",
	]),
	"evidence": [{
		"path": "/derived/flap/state_changes",
		"observed": flap.state_changes,
		"op": ">=",
		"threshold": params.flap_changes,
		"unit": "changes",
		"n": flap.checks,
	}],
} if {
	flap := input.derived.flap
	flap.state_changes >= params.flap_changes
	count(_persistent & _critical) == 0
	count(_collapsed) == 0
}
