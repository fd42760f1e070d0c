# METADATA
# title: SLO burn
# description: >-
#  Reads how fast the release burns the error budgets of its objectives, over a long and a short
#  window together, and says when that is fast enough to go back.
# custom:
#  owner: release-engineering
package belay.policies.slo_burn

import data.belay.grace
import data.belay.numbers
import data.belay.pointer
import data.belay.settings
import data.belay.text

default_params := {
	"fast_factor": 14.4,
	"fast_long_s": 3600,
	"fast_short_s": 300,
	"slow_factor": 6,
	"slow_long_s": 21600,
	"slow_short_s": 1800,
	"ticket_factor": 3,
	"ticket_long_s": 86400,
	"ticket_short_s": 7200,
	"trickle_factor": 1,
	"trickle_long_s": 259200,
	"trickle_short_s": 21600,
	"min_bad": 3,
	"grace_s": 300,
	"own_share_ratio": 0.1,
	"reset_tolerance_ratio": 0.1,
	"sequential": "off",
	"e_value_limit": 100,
}

param_limits := {
	"fast_factor": {"above": 0},
	"fast_long_s": {"min": 1},
	"fast_short_s": {"min": 1},
	"slow_factor": {"above": 0},
	"slow_long_s": {"min": 1},
	"slow_short_s": {"min": 1},
	"ticket_factor": {"above": 0},
	"ticket_long_s": {"min": 1},
	"ticket_short_s": {"min": 1},
	"trickle_factor": {"above": 0},
	"trickle_long_s": {"min": 1},
	"trickle_short_s": {"min": 1},
	"min_bad": {"min": 1, "integer": true},
	"grace_s": {"min": 0},
	"own_share_ratio": {"min": 0, "max": 1},
	"reset_tolerance_ratio": {"min": 0, "max": 1},
	"sequential": {"one_of": ["off", "sprt", "e_value"]},
	"e_value_limit": {"above": 1},
}

params := settings.params("slo_burn", default_params)

# METADATA
# title: Fast burn
# description: Over the fast limit on both windows, with enough events to tell.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "SLO_FAST_BURN",
	"severity": "critical",
	"message": _message(pair),
	"evidence": _evidence(pair),
} if {
	some pair in _first(_stated.fast)
}

# METADATA
# title: Slow burn of a young release
# description: Over the slow limit on both windows, and the release began within the long one.
# custom:
#  severity: major
finding contains {
	"kind": "regression",
	"code": "SLO_SLOW_BURN",
	"severity": "major",
	"message": _message(pair),
	"evidence": array.concat(_evidence(pair), [{
		"path": "/release/exposed_since_ms",
		"observed": input.release.exposed_since_ms,
		"op": ">=",
		"threshold": input.request.now_ms - (params.slow_long_s * 1000),
		"unit": "ms",
	}]),
} if {
	some pair in _first(_stated.slow)
	_is_younger_than(params.slow_long_s)
}

# METADATA
# title: Slow burn not known to come from the release
# description: Over the slow limit, but the release is older than the long window, or of unknown age.
# custom:
#  severity: major
finding contains {
	"kind": "insufficient",
	"code": "SLO_SLOW_BURN_UNEXPLAINED",
	"severity": "major",
	"message": $"{_message(pair)}; it is not known to have begun with this release",
	"evidence": _evidence(pair),
} if {
	some pair in _first(_stated.slow)
	not _is_younger_than(params.slow_long_s)
}

# METADATA
# title: Burn worth a ticket
# description: Over the ticket limit. Its windows are too long to blame a release by themselves.
# custom:
#  severity: minor
finding contains {
	"kind": "insufficient",
	"code": "SLO_TICKET_BURN",
	"severity": "minor",
	"message": _message(pair),
	"evidence": _evidence(pair),
} if {
	some pair in _first(_stated.ticket)
}

# METADATA
# title: Burn that will use up the budget
# description: At or over the allowed rate for days.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "SLO_TRICKLE_BURN",
	"severity": "info",
	"message": _message(pair),
	"evidence": _evidence(pair),
} if {
	some pair in _first(_stated.trickle)
}

# METADATA
# title: Failure where none is allowed
# description: An objective of 100 % has no budget and no rate; bad events over both fast windows.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "SLO_ZERO_TOLERANCE",
	"severity": "critical",
	"message": $"{_who(long)} has {numbers.short(long.bad)} bad of {numbers.short(long.total)} over {_span(long)}; {text.quoted(long.slo)} allows none",
	"evidence": array.concat([_bad(pair.long, params.min_bad), _bad(pair.short, 1)], _youth(pair.long)),
} if {
	some pair in _first(_intolerable)
	long := input.derived.burn[pair.long]
}

# METADATA
# title: Burn on too few events
# description: Over the fast limit on both windows, on events too few for any level to tell.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "SLO_LOW_TRAFFIC",
	"severity": "minor",
	"message": $"{_message(pair)}, too few events to tell",
	"evidence": [_rate(pair.long, pair.limit.factor), _rate(pair.short, pair.limit.factor)],
}) if {
	some pair in _first(_undecided)
}

# METADATA
# title: Windows missing
# description: An objective is named, and no signal of it has both of the fast windows.
# custom:
#  severity: major
finding contains {
	"kind": "insufficient",
	"code": "SLO_WINDOWS_MISSING",
	"severity": "major",
	"message": concat("", [
		$"{text.quoted(slo.id)} cannot be judged: no usable signal of candidate or fleet has windows of ",
		$"{numbers.short(params.fast_long_s)} s and {numbers.short(params.fast_short_s)} s",
	]),
	"evidence": [{"path": "/derived/burn", "observed": 0, "op": "<", "threshold": 1, "unit": "pairs of windows"}],
} if {
	some slo in _first(_unpaired)
}

# METADATA
# title: Budget spent
# description: The budget is gone, and not by this release as far as can be seen.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "SLO_BUDGET_SPENT",
	"severity": "major",
	"message": $"the error budget of {text.quoted(slo.id)} is spent: {numbers.percent(slo.budget_remaining_ratio)} is left",
	"evidence": [{
		"path": pointer.of(["health", "slos", index, "budget_remaining_ratio"]),
		"observed": slo.budget_remaining_ratio,
		"op": "<=",
		"threshold": 0,
		"unit": "ratio",
	}],
} if {
	some index in _first(_spent)
	slo := input.health.slos[index]
}

# METADATA
# title: Windows contradict each other
# description: A long window holds fewer events than the short one within it, so counters were reset.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "SLO_COUNTERS_RESET",
	"severity": "minor",
	"message": concat("", [
		$"{_who(long)} has {text.counted(long.total, "event")} in {numbers.duration(long.window_s)} and {numbers.short(short.total)} ",
		$"in the last {numbers.duration(short.window_s)}: counters were reset, and {text.quoted(long.slo)} cannot be judged by them",
	]),
	"evidence": [{
		"path": pointer.of(["derived", "burn", pair.long, "total"]),
		"observed": long.total,
		"op": "<",
		"threshold": short.total,
		"unit": "events",
		"n": long.total,
	}],
}) if {
	some pair in _first(_contradictory)
	long := input.derived.burn[pair.long]
	short := input.derived.burn[pair.short]
}

# METADATA
# title: Sequential test against the release
# description: All events since the exposure speak against the budget, as the test that is switched on has it.
# custom:
#  severity: critical
finding contains {
	"kind": "regression",
	"code": "SLO_SEQUENTIAL_WORSE",
	"severity": "critical",
	"message": _sequential_message(row),
	"evidence": _sequential_evidence(index, row),
} if {
	some index in _first({index | some index in _sequential_worse; input.derived.sequential[index].critical})
	row := input.derived.sequential[index]
}

# METADATA
# title: Sequential test against a signal that is not critical
# description: The same, of a signal that does not call for a rollback by itself.
# custom:
#  severity: minor
finding contains {
	"kind": "insufficient",
	"code": "SLO_SEQUENTIAL_WORSE_NOT_CRITICAL",
	"severity": "minor",
	"message": $"{_sequential_message(row)}; the signal is not critical",
	"evidence": _sequential_evidence(index, row),
} if {
	some index in _first({index | some index in _sequential_worse; not input.derived.sequential[index].critical})
	row := input.derived.sequential[index]
}
