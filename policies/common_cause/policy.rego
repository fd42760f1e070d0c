# METADATA
# title: Common cause
# description: >-
#  Reads whether something else than the release may be at fault: the version beside it that fails
#  alike, other services that regress at the same time, a provider that is down, an incident.
# related_resources:
#  - ref: https://sre.google/sre-book/effective-troubleshooting/
#    description: What changed last is a suspect, and not always the one.
# custom:
#  owner: release-engineering
package belay.policies.common_cause

import data.belay.numbers
import data.belay.pointer
import data.belay.settings
import data.belay.text

default_params := {
	"burn_factor": 14.4,
	"burn_long_s": 3600,
	"burn_short_s": 300,
	"alike_factor": 1.5,
	"alike_p_limit": 0.001,
	"high_ratio": 0.2,
	"min_bad": 3,
	"unrelated_services": 2,
	"window_s": 900,
}

param_limits := {
	"burn_factor": {"above": 0},
	"burn_long_s": {"min": 1},
	"burn_short_s": {"min": 1},
	"alike_factor": {"min": 1},
	"alike_p_limit": {"min": 0, "max": 1},
	"high_ratio": {"above": 0, "max": 1},
	"min_bad": {"min": 1, "integer": true},
	"unrelated_services": {"min": 1, "integer": true},
	"window_s": {"above": 0},
}

params := settings.params("common_cause", default_params)

# METADATA
# title: What was there before burns alike
# description: Stable or baseline burns the same budget over the limit, and nearly as fast.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "STABLE_BURNS_ALIKE",
	"severity": "major",
	"message": concat("", [
		$"{before.population} burns the error budget of {text.quoted(before.slo)} at {numbers.short(before.rate)} times the allowed rate, ",
		$"{after.population} at {numbers.short(after.rate)}: it may not be the release",
	]),
	"evidence": [
		_burn_item(pair.before_long, "rate", ">=", params.burn_factor, "times"),
		_burn_item(pair.before_short, "rate", ">=", params.burn_factor, "times"),
		_burn_item(pair.before_long, "bad", ">=", params.min_bad, "events"),
		_burn_item(pair.after_long, "rate", ">=", params.burn_factor, "times"),
	],
} if {
	some pair in _first(_burning_alike)
	before := input.derived.burn[pair.before_long]
	after := input.derived.burn[pair.after_long]
}

# METADATA
# title: What was there before fails alike
# description: Both sides of a comparison fail far too often, and the candidate not clearly more.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "BASELINE_FAILS_ALIKE",
	"severity": "major",
	"message": concat("", [
		$"{text.quoted(row.signal)} fails alike on {row.population_baseline}: {numbers.percent(row.ratio_baseline)} bad ",
		$"({numbers.short(row.bad_baseline)} of {numbers.short(row.n_baseline)}) against {numbers.percent(row.ratio_candidate)}: ",
		"it may not be the release",
	]),
	"evidence": [
		_compare_item(index, "bad_baseline", ">=", _high_count(row, row.n_baseline), "events"),
		_alike_item(index, row),
	],
} if {
	some index in _first(_failing_alike)
	row := input.derived.compare[index]
}

# METADATA
# title: Unrelated services regress too
# description: Several services with no connection to this one regressed at the same time.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "UNRELATED_SERVICES_REGRESS",
	"severity": "major",
	"message": concat("", [
		$"{text.counted(count(_unrelated), "service")} with no connection to {text.quoted(input.release.service)} regressed within ",
		$"{numbers.duration(params.window_s)}, such as {text.quoted(min(_unrelated))}: they may have a cause in common",
	]),
	"evidence": [_regressions(count(_unrelated))],
} if {
	count(_unrelated) >= params.unrelated_services
}

# METADATA
# title: The release is what the others share
# description: Several services regressed at the same time, and all of them depend on this one.
# custom:
#  severity: minor
finding contains {
	"kind": "note",
	"code": "SHARED_DEPENDENCY",
	"severity": "minor",
	"message": concat("", [
		$"{text.counted(count(_regressing), "service")} regressed within {numbers.duration(params.window_s)}, such as ",
		$"{text.quoted(min(_regressing))}, and all depend on {text.quoted(input.release.service)}: the cause they share may be this release",
	]),
	"evidence": [_regressions(count(_regressing))],
} if {
	count(_regressing) >= params.unrelated_services
	count(_regressing - _dependants) == 0
}

# METADATA
# title: Metrics provider at fault
# description: A provider that the evidence came from is down or degraded.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "PROVIDER_AT_FAULT",
	"severity": "major",
	"message": $"the metrics provider {text.quoted(provider.id)} is {provider.status}: what it says may be its own fault",
	"evidence": [{
		"path": pointer.of(["environment", "providers", index, "status"]),
		"observed": provider.status,
		"op": "!=",
		"threshold": "ok",
		"status": provider.status,
	}],
} if {
	some index in _first(_at_fault)
	provider := input.environment.providers[index]
}

# METADATA
# title: Incident that was there before
# description: An incident names the service, and is not known to have begun after the exposure.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "INCIDENT_OPEN",
	"severity": "major",
	"message": $"the incident {text.quoted(incident.id)} names {text.quoted(input.release.service)}, and is not known to have begun with the release",
	"evidence": [_incident_item(index, "<=")],
} if {
	some index in _first(_incidents - _later)
	incident := input.environment.incidents[index]
}

# METADATA
# title: Incident that began after the exposure
# description: An incident names the service, and may well be about this release.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "INCIDENT_SINCE_EXPOSURE",
	"severity": "info",
	"message": $"the incident {text.quoted(incident.id)} names {text.quoted(input.release.service)}, and began after the release was exposed",
	"evidence": [_incident_item(index, ">")],
} if {
	some index in _first(_incidents & _later)
	incident := input.environment.incidents[index]
}

# METADATA
# title: Alerts that were there before
# description: Alerts that fire now fired before the release was exposed.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "ALERTS_BEFORE_EXPOSURE",
	"severity": "info",
	"message": concat("", [
		$"{text.counted(count(_earlier_alerts), "alert")} fired before the release was exposed, such as ",
		text.quoted(input.health.alerts[min(_earlier_alerts)].name),
	]),
	"evidence": [_alert_item(index) | some index in _first(_earlier_alerts)],
} if {
	count(_earlier_alerts) > 0
}
