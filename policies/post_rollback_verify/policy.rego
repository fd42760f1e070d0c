# METADATA
# title: Verification after a rollback
# description: >-
#  Reads, when the gate asks whether a rollback worked, each signal as it is now beside what it was
#  when the rollback was decided: recovered, not yet, or worse.
# related_resources:
#  - ref: https://sre.google/sre-book/emergency-response/
#    description: A change that was rolled back is over when the service has recovered, not before.
# custom:
#  owner: release-engineering
package belay.policies.post_rollback_verify

import data.belay.settings
import data.belay.text

default_params := {
	"min_total": 50,
	"min_bad": 3,
	"target_ratio": 0.01,
	"tolerance_ratio": 0.001,
	"worse_factor": 1.5,
	"z2_limit": 9.55,
}

param_limits := {
	"min_total": {"min": 1, "integer": true},
	"min_bad": {"min": 1, "integer": true},
	"target_ratio": {"min": 0, "max": 1},
	"tolerance_ratio": {"min": 0, "max": 1},
	"worse_factor": {"min": 1},
	"z2_limit": {"min": 0},
}

params := settings.params("post_rollback_verify", default_params)

# METADATA
# title: Worse than before the rollback
# description: A critical signal is worse than it was when the rollback was decided.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "WORSE_AFTER_ROLLBACK",
	"severity": "critical",
	"message": $"{_message(index)}; it is worse than before the rollback: {_before_text(index)}",
	"evidence": array.concat(_off_target(index), _worse_evidence(index)),
} if {
	some index in _first(_worse & _critical)
}

# METADATA
# title: Other signal worse than before the rollback
# description: A signal that is not critical is worse than it was when the rollback was decided.
# custom:
#  severity: minor
finding contains object.union(_grace, {
	"kind": "insufficient",
	"code": "SECONDARY_WORSE_AFTER_ROLLBACK",
	"severity": "minor",
	"message": $"{_message(index)}; it is worse than before the rollback: {_before_text(index)}; the signal is not critical",
	"evidence": array.concat(_off_target(index), _worse_evidence(index)),
}) if {
	some index in _first(_worse - _critical)
}

# METADATA
# title: Not recovered yet
# description: A critical signal is not back where it has to be, and not worse than it was.
# custom:
#  severity: major
finding contains object.union(_grace, {
	"kind": "insufficient",
	"code": "NOT_RECOVERED_YET",
	"severity": "major",
	"message": $"{_message(index)}; it has not recovered yet",
	"evidence": _off_target(index),
}) if {
	some index in _first(_unrecovered & _critical)
}

# METADATA
# title: Other signal not recovered yet
# description: A signal that is not critical is not back where it has to be.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "SECONDARY_NOT_RECOVERED",
	"severity": "info",
	"message": $"{_message(index)}; it has not recovered yet; the signal is not critical",
	"evidence": _off_target(index),
} if {
	some index in _first(_unrecovered - _critical)
}

# METADATA
# title: Too little traffic after the rollback
# description: What is left of a critical signal's traffic is too little to call it recovered.
# custom:
#  severity: minor
finding contains object.union(_grace, {
	"kind": "insufficient",
	"code": "LOW_TRAFFIC_AFTER_ROLLBACK",
	"severity": "minor",
	"message": $"{_message(index)}; too few to tell whether it has recovered",
	"evidence": [_sample_item(index)],
}) if {
	some index in _first(_quiet)
}

# METADATA
# title: Signal missing after the rollback
# description: What the rollback was decided by is not there any more, or cannot be judged.
# custom:
#  severity: major
finding contains object.union(_grace, {
	"kind": "insufficient",
	"code": "UNVERIFIED_AFTER_ROLLBACK",
	"severity": "major",
	"message": $"{text.quoted(before.signal)} of {text.quoted(before.service)} was there before the rollback, and cannot be judged now",
	"evidence": [{"path": "/health/signals", "observed": 0, "op": "<", "threshold": 1, "unit": "usable signals of that id"}],
}) if {
	some index in _first(_missing)
	before := _earlier[index]
}

# METADATA
# title: Recovered
# description: Every critical signal is back where it has to be, on enough events.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "RECOVERED_AFTER_ROLLBACK",
	"severity": "info",
	"message": $"recovered: {text.counted(count(_recovered & _critical), "critical signal")} back on target",
	"evidence": [_on_target(index) | some index in _first(_recovered & _critical)],
} if {
	count(_recovered & _critical) > 0
	count((_worse | _unrecovered) & _critical) == 0
	count(_quiet) == 0
	count(_missing) == 0
}
