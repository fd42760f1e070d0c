# METADATA
# title: Canary compare
# description: >-
#  Reads how the candidate's bad events and series compare with those of its baseline, and says when
#  the candidate is worse by more than chance and by more than is tolerated.
# related_resources:
# - ref: https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
#   description: R. G. Newcombe, Interval estimation for the difference between independent proportions
# - ref: https://spinnaker.io/docs/guides/user/canary/judge/
#   description: How Kayenta's NetflixACAJudge works
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
	"tolerance_shift": 0.25,
	"effect_limit_shift": 1.25,
	"drop_limit_shift": 0.8,
	"marginal_effect_limit_shift": 1.1,
	"marginal_drop_limit_shift": 0.9,
	"zero_baseline_p_limit": 0.01,
	"marginal_zero_baseline_p_limit": 0.05,
	"min_points": 5,
}

param_limits := {
	"tolerance_ratio": {"min": 0, "max": 1},
	"effect_limit": {"min": 1},
	"p_limit": {"min": 0, "max": 1},
	"marginal_p_limit": {"min": 0, "max": 1},
	"min_bad": {"min": 1, "integer": true},
	"warm_up_s": {"min": 0},
	"grace_s": {"min": 0},
	"tolerance_shift": {"min": 0, "max": 1},
	"effect_limit_shift": {"min": 1},
	"drop_limit_shift": {"min": 0, "max": 1},
	"marginal_effect_limit_shift": {"min": 1},
	"marginal_drop_limit_shift": {"min": 0, "max": 1},
	"zero_baseline_p_limit": {"min": 0, "max": 1},
	"marginal_zero_baseline_p_limit": {"min": 0, "max": 1},
	"min_points": {"min": 5, "integer": true},
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

# METADATA
# title: Candidate shifted
# description: The series of a critical signal lies on the worse side of its baseline, for sure and by enough.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "CANARY_SHIFTED",
	"severity": "critical",
	"message": _shift_message(row),
	"evidence": _shifted_evidence(index, row),
} if {
	some index in _first(_shifted & _shift_critical)
	not _is_warming_up
	row := input.derived.shift[index]
}

# METADATA
# title: Candidate shifted while it warms up
# description: As bad as that, but in the first moments, when caches are cold and connections new.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.warm_up_s), {
	"kind": "insufficient",
	"code": "CANARY_SHIFT_WARMING_UP",
	"severity": "minor",
	"message": $"{_shift_message(row)}; it may still be warming up",
	"evidence": _shifted_evidence(index, row),
}) if {
	some index in _first(_shifted & _shift_critical)
	_is_warming_up
	row := input.derived.shift[index]
}

# METADATA
# title: Candidate shifted where it is not critical
# description: As bad as that, on a signal that does not call for a rollback by itself.
# custom:
#  severity: minor
finding contains {
	"kind": "insufficient",
	"code": "CANARY_SHIFTED_NOT_CRITICAL",
	"severity": "minor",
	"message": $"{_shift_message(row)}; the signal is not critical",
	"evidence": _shifted_evidence(index, row),
} if {
	some index in _first(_shifted - _shift_critical)
	not _is_warming_up
	row := input.derived.shift[index]
}

# METADATA
# title: Candidate perhaps shifted
# description: >-
#  A critical series is likely worse, but not by enough; or any series has values where its baseline
#  has none, on too few points to be sure.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "CANARY_SHIFT_MARGINAL",
	"severity": "minor",
	"message": $"{_shift_message(row)}; not clear enough to roll back",
	"evidence": _shift_marginal_evidence(index, row),
}) if {
	some index in _first(_shift_marginal)
	row := input.derived.shift[index]
}

# METADATA
# title: Judge's score too low
# description: The judge that the request asks for fails the candidate on enough points.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "JUDGE_FAILED",
	"severity": "critical",
	"message": _judge_message,
	"evidence": array.concat([_score("<", input.derived.judge.marginal)], _labels(_judged_worse)),
} if {
	_judge_fails
	not _is_warming_up
}

# METADATA
# title: Judge's score too low while the candidate warms up
# description: It fails, but in the first moments.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.warm_up_s), {
	"kind": "insufficient",
	"code": "JUDGE_WARMING_UP",
	"severity": "minor",
	"message": $"{_judge_message}; it may still be warming up",
	"evidence": array.concat([_score("<", input.derived.judge.marginal)], _labels(_judged_worse)),
}) if {
	_judge_fails
	_is_warming_up
}

# METADATA
# title: Judge's score marginal
# description: The judge that the request asks for neither passes the candidate nor fails it.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "JUDGE_MARGINAL",
	"severity": "minor",
	"message": _judge_message,
	"evidence": array.concat([_score("<", input.derived.judge.pass)], _labels(_judged_worse)),
}) if {
	input.derived.judge.says == "marginal"
}

# METADATA
# title: Judge without data
# description: >-
#  The judge that the request asks for has no points of a metric, or too few of those that it fails;
#  what it says of those is no evidence.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "JUDGE_NO_DATA",
	"severity": "minor",
	"message": $"{_judge_message} on too little data",
	"evidence": _blind_evidence,
}) if {
	_is_blind
	not _judge_fails
}
