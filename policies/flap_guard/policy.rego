# METADATA
# title: Flap guard
# description: >-
#  Reads what was rolled back before, and what is being rolled back now, and says when one more
#  automatic rollback is one too many. It keeps releases and rollbacks from chasing each other.
# related_resources:
#  - ref: https://sre.google/sre-book/automation-at-google/
#    description: Why automation that acts on production has a budget.
# custom:
#  owner: release-engineering
package belay.policies.flap_guard

import data.belay.numbers
import data.belay.settings
import data.belay.text

default_params := {
	"max_per_service_24h": 3,
	"max_per_digest": 1,
	"holder_timeout_s": 300,
}

param_limits := {
	"max_per_service_24h": {"min": 1, "integer": true},
	"max_per_digest": {"min": 1, "integer": true},
	"holder_timeout_s": {"above": 0},
}

params := settings.params("flap_guard", default_params)

# METADATA
# title: Rollback budget of the service spent
# description: As many rollbacks of the service within a day as are allowed without a human.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "ROLLBACK_BUDGET_SPENT",
	"severity": "major",
	"message": concat("", [
		$"{text.quoted(input.release.service)} was rolled back {numbers.short(times)} times within a day ",
		$"(limit {numbers.short(params.max_per_service_24h)}): one more is for a human to decide",
	]),
	"evidence": [{
		"path": "/history/rollbacks",
		"observed": times,
		"op": ">=",
		"threshold": params.max_per_service_24h,
		"unit": "rollbacks",
	}],
} if {
	_is_new_attempt
	times := count(_of_service)
	times >= params.max_per_service_24h
}

# METADATA
# title: Rollback budget of the artifact spent
# description: This very artifact was rolled back before, as often as is allowed without a human.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "DIGEST_BUDGET_SPENT",
	"severity": "major",
	"message": concat("", [
		$"{text.quoted(input.release.candidate.version)} was rolled back before, {text.counted(times, "time")} ",
		$"(limit {numbers.short(params.max_per_digest)}): once more is for a human to decide",
	]),
	"evidence": [{
		"path": path,
		"observed": times,
		"op": ">=",
		"threshold": params.max_per_digest,
		"unit": "rollbacks",
	}],
} if {
	_is_new_attempt
	[times, path] := max(_attempts)
	times >= params.max_per_digest
}

# METADATA
# title: Known bad artifact released again
# description: The digest of the candidate is among those that were found to be bad.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "BAD_DIGEST_RELEASED",
	"severity": "major",
	"message": $"{text.quoted(input.release.candidate.version)} was found to be bad before, and is the same artifact",
	"evidence": [{
		"path": "/release/candidate/digest",
		"observed": input.release.candidate.digest,
		"op": "==",
		"threshold": input.release.candidate.digest,
		"status": "bad",
	}],
} if {
	_is_new_attempt
	input.release.candidate.digest in input.history.bad_digests
}

# METADATA
# title: Rollback held by another plan
# description: Another candidate of the service is being rolled back, by somebody who is there.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "ROLLBACK_HELD",
	"severity": "major",
	"message": $"{_other} is being rolled back ({_active.state}) by {_holder}: two rollbacks would be in each other's way",
	"evidence": [{
		"path": "/history/active_rollback/state",
		"observed": _active.state,
		"op": "!=",
		"threshold": "halted",
		"status": _active.state,
	}],
} if {
	_is_held
	not _is_holder_lost
}

# METADATA
# title: Holder of another rollback lost
# description: Another candidate is being rolled back, but its holder was not heard of for too long.
# custom:
#  severity: minor
finding contains {
	"kind": "note",
	"code": "ROLLBACK_HOLDER_LOST",
	"severity": "minor",
	"message": $"{_other} was being rolled back by {_holder}, not heard of for {numbers.duration(_silent_s)}: it no longer stands in the way",
	"evidence": [_lost],
} if {
	_is_held
	_is_holder_lost
}

# METADATA
# title: Rollback halted
# description: A rollback of the service was begun and has stopped half way.
# custom:
#  severity: major
finding contains {
	"kind": "hold",
	"code": "ROLLBACK_HALTED",
	"severity": "major",
	"message": $"a rollback of {text.quoted(input.release.service)} by {_holder} is halted: somebody has to end it first",
	"evidence": [{
		"path": "/history/active_rollback/state",
		"observed": "halted",
		"op": "==",
		"threshold": "halted",
		"status": "halted",
	}],
} if {
	_active.state == "halted"
}
