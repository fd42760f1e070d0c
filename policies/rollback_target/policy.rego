# METADATA
# title: Rollback target
# description: >-
#  Reads whether the version to go back to is one to go back to. Where it is not, and an earlier one is,
#  its advice tells the planner to go back to that.
# related_resources:
#  - ref: https://slsa.dev/spec/v1.0/verifying-artifacts
#    description: why the artifact is verified before it is used
# custom:
#  owner: release-engineering
package belay.policies.rollback_target

import data.belay.numbers
import data.belay.pointer
import data.belay.settings
import data.belay.text

default_params := {
	"max_steps_back": 3,
	"min_ready_ratio": 0.5,
	"sick_factor": 14.4,
	"sick_long_s": 3600,
	"sick_short_s": 300,
	"min_bad": 3,
	"helps_factor": 1.5,
}

param_limits := {
	"max_steps_back": {"min": 0, "max": 20, "integer": true},
	"min_ready_ratio": {"min": 0, "max": 1},
	"sick_factor": {"above": 0},
	"sick_long_s": {"above": 0},
	"sick_short_s": {"above": 0},
	"min_bad": {"min": 1},
	"helps_factor": {"min": 1},
}

params := settings.params("rollback_target", default_params)

# METADATA
# title: Target known to be bad
# description: Its digest is among those that have failed before.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "TARGET_KNOWN_BAD",
	"severity": "critical",
	"message": $"{_named(service)} is known to be bad: its digest has failed before{_no_other(service)}",
	"evidence": array.concat([_item(service, "digest", "==", _stable(service).digest)], _bad_evidence(_stable(service).digest)),
} if {
	some service in _first(_stated.known_bad)
}

# METADATA
# title: Target not known to be good
# description: It is said that the version to go back to is not known to be good.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "TARGET_NOT_GOOD",
	"severity": "major",
	"message": $"{_named(service)} is not known to be good{_no_other(service)}",
	"evidence": [_item(service, "known_good", "==", false)],
} if {
	some service in _first(_stated.not_good)
}

# METADATA
# title: Target not signed
# description: It is said that the version to go back to carries no signature.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "TARGET_UNSIGNED",
	"severity": "critical",
	"message": $"{_named(service)} is not signed{_no_other(service)}",
	"evidence": [_item(service, "signed", "==", false)],
} if {
	some service in _first(_stated.unsigned)
}

# METADATA
# title: Target cannot be started
# description: Its image is gone, or it needs what is no longer there.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "TARGET_NOT_STARTABLE",
	"severity": "critical",
	"message": $"{_named(service)} cannot be started{_no_other(service)}",
	"evidence": [_item(service, "startable", "==", "no")],
} if {
	some service in _first(_stated.not_startable)
}

# METADATA
# title: Target older than a contract migration
# description: When it was deployed, what the migration has since removed was still there.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "TARGET_BEFORE_CONTRACT",
	"severity": "critical",
	"message": $"{_named(service)} was deployed before contract {text.quoted(migration.id)} was applied, and may need what that removed",
	"evidence": [
		object.union(_item(service, "deployed_at_ms", "<", migration.applied_at_ms), {"unit": "ms"}),
		{
			"path": pointer.of(["migrations", index, "applied_at_ms"]),
			"observed": migration.applied_at_ms,
			"op": ">",
			"threshold": _stable(service).deployed_at_ms,
			"unit": "ms",
		},
	],
} if {
	some [service, index] in _first(_before_contract)
	migration := input.migrations[index]
}

# METADATA
# title: Target sick too
# description: The version to go back to burns its error budget as well, and hardly slower than the candidate.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "TARGET_SICK",
	"severity": "critical",
	"message": concat("", [
		$"the {long.population} burns the error budget of {text.quoted(long.slo)} too, at {numbers.short(long.rate)} times the allowed rate ",
		$"(limit {numbers.short(params.sick_factor)}): {numbers.short(long.bad)} of {numbers.short(long.total)} bad",
	]),
	"evidence": [
		_burn(pair[0], "rate", params.sick_factor, "times"),
		_burn(pair[1], "rate", params.sick_factor, "times"),
		_burn(pair[0], "bad", params.min_bad, "events"),
	],
} if {
	some pair in _first(_sick)
	long := input.derived.burn[pair[0]]
}

# METADATA
# title: Too little of the target is there
# description: Fewer of its instances are ready than could take the traffic back.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "TARGET_NOT_READY",
	"severity": "major",
	"message": $"{numbers.percent(ready)} of the stable instances are ready, {numbers.percent(params.min_ready_ratio)} are wanted",
	"evidence": [{
		"path": "/environment/capacity/stable_ready_ratio",
		"observed": ready,
		"op": "<",
		"threshold": params.min_ready_ratio,
		"unit": "ratio",
	}],
} if {
	_has_artifact
	ready := input.environment.capacity.stable_ready_ratio
	ready < params.min_ready_ratio
}

# METADATA
# title: GitOps would bring the candidate back
# description: The desired state names the candidate's digest and is synchronised by itself.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "GITOPS_REAPPLIES",
	"severity": "critical",
	"message": $"GitOps wants the candidate of {text.quoted(service)} and synchronises by itself: it would bring it back",
	"evidence": [
		{"path": "/environment/gitops/desired_digest", "observed": desired, "op": "==", "threshold": desired},
		{"path": "/environment/gitops/auto_sync", "observed": true, "op": "==", "threshold": true},
	],
} if {
	some service in _first(_reapplied)
	desired := input.environment.gitops.desired_digest
}

# METADATA
# title: Walked back further
# description: The version before is no good, and an earlier one is.
# custom:
#  severity: major
finding contains {
	"kind": "note",
	"code": "TARGET_WALKED_BACK",
	"severity": "major",
	"message": $"{_named(input.release.service)} {_flaw}: go back to {text.quoted(earlier.version)} instead, {text.counted(_step + 1, "version")} earlier",
	"evidence": [
		_flaw_evidence,
		{"path": pointer.of(["release", "earlier", _step, "known_good"]), "observed": true, "op": "==", "threshold": true},
	],
} if {
	earlier := input.release.earlier[_step]
}

# METADATA
# title: The earlier version to go back to
# description: The newest of the earlier versions that qualifies, where the version before does not.
advice contains object.union({"act": "target", "service": input.release.service, "version": earlier.version}, _digest(earlier)) if {
	earlier := input.release.earlier[_step]
}

# A reader gains nothing from the eleventh finding of one rule, and all rules together stay below the
# hundred findings that a policy may state.
_first(found) := array.slice(sort(found), 0, 10)
