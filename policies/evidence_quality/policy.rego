# METADATA
# title: Evidence quality
# description: >-
#  Reads whether the evidence is there, fresh and enough to judge the release by. It never says that
#  the release is bad; it says where nothing can be said.
# related_resources:
# - ref: https://prometheus.io/docs/prometheus/latest/querying/basics/#staleness
#   description: Staleness, in the documentation of Prometheus
# custom:
#  owner: release-engineering
package belay.policies.evidence_quality

import data.belay.grace
import data.belay.numbers
import data.belay.settings
import data.belay.text

default_params := {
	"grace_s": 300,
	"max_age_s": 300,
	"max_skew_s": 2,
	"min_total": 50,
	"min_points": 5,
	"min_coverage_ratio": 0.5,
	"expected_signals": [],
}

param_limits := {
	"grace_s": {"min": 0},
	"max_age_s": {"above": 0},
	"max_skew_s": {"min": 0},
	"min_total": {"min": 1, "integer": true},
	"min_points": {"min": 1, "integer": true},
	"min_coverage_ratio": {"min": 0, "max": 1},
	"expected_signals": {"items": "string"},
}

params := settings.params("evidence_quality", default_params)

# METADATA
# title: No evidence
# description: The request has no signal at all.
# custom:
#  severity: major
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "NO_EVIDENCE",
	"severity": "major",
	"message": "there is no evidence: 0 signals",
	"evidence": [{"path": "/health/signals", "observed": 0, "op": "==", "threshold": 0, "unit": "signals"}],
}) if {
	count(_signals) == 0
}

# METADATA
# title: Signal missing
# description: A signal that the settings expect is not among those of the request.
# custom:
#  severity: major
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "SIGNAL_MISSING",
	"severity": "major",
	"message": $"{text.quoted(id)} is expected, and is not there",
	"evidence": [{"path": "/health/signals", "observed": 0, "op": "<", "threshold": 1, "unit": "signals of that id"}],
}) if {
	count(_signals) > 0
	some id in _first({id | some id in params.expected_signals} - {signal.id | some signal in _signals})
}

# METADATA
# title: Critical signal unusable
# description: A critical signal has a status other than ok.
# custom:
#  severity: major
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "SIGNAL_UNUSABLE",
	"severity": "major",
	"message": $"{_named(_signals[index])} cannot be judged: {_signals[index].status}",
	"evidence": [_status(index)],
}) if {
	some index in _first(_unusable & _critical)
}

# METADATA
# title: Critical signal stale
# description: The newest sample of a critical signal is too old.
# custom:
#  severity: major
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "SIGNAL_STALE",
	"severity": "major",
	"message": $"{_named(_signals[index])} is {numbers.short(_signals[index].age_s)} s old, limit {numbers.short(params.max_age_s)} s",
	"evidence": [_age(index)],
}) if {
	some index in _first(_stale & _critical)
}

# METADATA
# title: Judged signal lost
# description: >-
#  A signal that is not critical cannot be judged, and would have been: it has an objective, a limit
#  or a counterpart. Were it worse, a human would have been asked; losing it is no better.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "JUDGED_SIGNAL_LOST",
	"severity": "minor",
	"message": $"{_named(_signals[index])} cannot be judged any more: {_signals[index].status}",
	"evidence": [_status(index)],
}) if {
	some index in _first(_judged_lost)
}

# METADATA
# title: Signals lost that are not critical
# description: Some of the other signals cannot be judged, or are too old.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "SIGNALS_LOST",
	"severity": "info",
	"message": $"{text.counted(count(lost), "signal")} of {count(_signals)} cannot be judged, none of them critical",
	"evidence": array.concat(
		[_status(index) | some index in _first(lost & _unusable)],
		[_age(index) | some index in array.slice(sort(lost & _stale), 0, 10)],
	),
} if {
	lost := ((_unusable | _stale) - _critical) - _judged_lost
	count(lost) > 0
}

# METADATA
# title: Snapshot stale
# description: The health evidence as a whole was collected too long ago.
# custom:
#  severity: major
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "SNAPSHOT_STALE",
	"severity": "major",
	"message": $"the evidence is {numbers.short(_snapshot_age_s)} s old, limit {numbers.short(params.max_age_s)} s",
	"evidence": [_collected("<", input.request.now_ms - (params.max_age_s * 1000))],
}) if {
	_snapshot_age_s > params.max_age_s
}

# METADATA
# title: Clock skew
# description: The evidence was collected in the future. A clock is wrong, and with it every age.
# custom:
#  severity: major
finding contains {
	"kind": "insufficient",
	"code": "CLOCK_SKEW",
	"severity": "major",
	"message": $"the evidence was collected {numbers.duration(0 - _snapshot_age_s)} in the future: a clock is wrong",
	"evidence": [_collected(">", input.request.now_ms + (params.max_skew_s * 1000))],
} if {
	0 - _snapshot_age_s > params.max_skew_s
}

# METADATA
# title: No traffic
# description: Signals count events, and there are none.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "NO_TRAFFIC",
	"severity": "minor",
	"message": "the release has had no traffic: every count is 0",
	"evidence": [{"path": "/health/signals", "observed": 0, "op": "==", "threshold": 0, "unit": "events"}],
}) if {
	_has_no_traffic
}

# METADATA
# title: Nothing to compare with
# description: There are signals, but no objective with a burn rate and no baseline or series beside a candidate.
# custom:
#  severity: major
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "NOTHING_COMPARABLE",
	"severity": "major",
	"message": "nothing to judge by: 0 objectives with a burn rate, 0 signals with a baseline",
	"evidence": [
		{"path": "/derived/burn", "observed": 0, "op": "==", "threshold": 0, "unit": "rows that judge"},
		{"path": "/derived/compare", "observed": 0, "op": "==", "threshold": 0, "unit": "rows that judge"},
	],
}) if {
	count(_signals) > 0
	not _has_no_traffic
	count(_samples) == 0
	count(_points) == 0
}

# METADATA
# title: Low traffic
# description: Even the largest sample that the release is judged by has too few events.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "LOW_TRAFFIC",
	"severity": "minor",
	"message": $"judged by {text.counted(total, "event")} at most, {numbers.short(params.min_total)} are wanted",
	"evidence": [{"path": path, "observed": total, "op": "<", "threshold": params.min_total, "unit": "events", "n": total}],
}) if {
	[total, path] := max(_samples)
	total < params.min_total
	not _has_no_traffic
}

# METADATA
# title: Few points
# description: The release is judged by series alone, and even the longest has too few points.
# custom:
#  severity: minor
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "FEW_POINTS",
	"severity": "minor",
	"message": $"judged by {text.counted(points, "point")} at most, {numbers.short(params.min_points)} are wanted",
	"evidence": [{"path": path, "observed": points, "op": "<", "threshold": params.min_points, "unit": "points", "n": points}],
}) if {
	count(_samples) == 0
	[points, path] := max(_points)
	points < params.min_points
}

# METADATA
# title: Coverage too low
# description: Of the signals of the request too few can be judged, whether critical or not.
# custom:
#  severity: major
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "COVERAGE_LOW",
	"severity": "major",
	"message": concat("", [
		$"{numbers.short(input.derived.coverage.ok)} of {text.counted(input.derived.coverage.expected, "signal")} can be judged, ",
		$"{numbers.percent(params.min_coverage_ratio)} are wanted",
	]),
	"evidence": [{
		"path": "/derived/coverage/ratio",
		"observed": input.derived.coverage.ratio,
		"op": "<",
		"threshold": params.min_coverage_ratio,
		"unit": "ratio",
		"n": input.derived.coverage.expected,
	}],
}) if {
	is_number(input.derived.coverage.ratio)
	input.derived.coverage.ratio < params.min_coverage_ratio
}

# METADATA
# title: Provider down
# description: >-
#  A metrics provider is down. What its signals say, of this service and of all others, is about the
#  provider and not about a release.
# custom:
#  severity: major
finding contains object.union(grace.until(params.grace_s), {
	"kind": "insufficient",
	"code": "PROVIDER_DOWN",
	"severity": "major",
	"message": $"the metrics provider {text.quoted(input.environment.providers[index].id)} is down, so its signals say nothing of the release",
	"evidence": [_provider(index, "down")],
}) if {
	some index in _first(_providers("down"))
}

# METADATA
# title: Provider degraded
# description: A metrics provider answers in part or late.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "PROVIDER_DEGRADED",
	"severity": "info",
	"message": $"the metrics provider {text.quoted(input.environment.providers[index].id)} is degraded",
	"evidence": [_provider(index, "degraded")],
} if {
	some index in _first(_providers("degraded"))
}
