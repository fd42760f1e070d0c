# METADATA
# title: Canary compare
# description: >-
#  Reads how the candidate's bad events compare with those of its baseline, and says when the
#  candidate is worse by more than chance and by more than is tolerated.
# custom:
#  owner: release-engineering
package belay.policies.canary_compare

import data.belay.grace
import data.belay.settings

default_params := {
	"tolerance_ratio": 0.001,
	"effect_limit": 1.5,
	"p_limit": 0.001,
	"marginal_p_limit": 0.01,
	"min_bad": 3,
	"warm_up_s": 60,
	"grace_s": 300,
}

params := settings.params("canary_compare", default_params)

# METADATA
# title: Candidate worse
# description: A critical signal is worse than its baseline, beyond chance and tolerance.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "CANARY_WORSE",
	"severity": "critical",
	"message": _message(row),
	"evidence": _worse_evidence(index, row),
} if {
	some index in _first(_worse & _critical)
	not _is_warming_up
	row := input.derived.compare[index]
}

# METADATA
# title: Candidate worse while it warms up
# description: As bad as that, but in the first moments, when caches are cold and connections new.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.warm_up_s), {
	"kind": "insufficient",
	"code": "CANARY_WARMING_UP",
	"severity": "minor",
	"message": $"{_message(row)}; it may still be warming up",
	"evidence": _worse_evidence(index, row),
}) if {
	some index in _first(_worse & _critical)
	_is_warming_up
	row := input.derived.compare[index]
}

# METADATA
# title: Candidate worse where it is not critical
# description: Beyond chance and tolerance, on a signal that does not call for a rollback by itself.
# custom:
#  severity: minor
finding contains {
	"kind": "insufficient",
	"code": "CANARY_WORSE_NOT_CRITICAL",
	"severity": "minor",
	"message": $"{_message(row)}; the signal is not critical",
	"evidence": _worse_evidence(index, row),
} if {
	some index in _first(_worse - _critical)
	not _is_warming_up
	row := input.derived.compare[index]
}

# METADATA
# title: Candidate perhaps worse
# description: A critical signal is likely worse, but not by enough, or not surely enough.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "CANARY_MARGINAL",
	"severity": "minor",
	"message": $"{_message(row)}; not clear enough to roll back",
	"evidence": _marginal_evidence(index),
}) if {
	some index in _first(_marginal & _critical)
	row := input.derived.compare[index]
}
