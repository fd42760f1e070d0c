package belay.policies.flap_guard

import data.belay.text

_day_ms := 86400000

_active := input.history.active_rollback

# Rollbacks of the service within a day, by their place.
_of_service contains index if {
	some index, rollback in input.history.rollbacks
	rollback.service == input.release.service
	rollback.at_ms > input.request.now_ms - _day_ms
}

# What is known of earlier rollbacks of this artifact: [how many, where that stands].
_attempts contains [input.history.attempts_of_digest, "/history/attempts_of_digest"]

_attempts contains [count(from), "/history/rollbacks"] if {
	from := [1 |
		some rollback in input.history.rollbacks
		rollback.service == input.release.service
		rollback.from_digest == input.release.candidate.digest
	]
}

# A gate that asks again while its rollback goes on, and one that asks whether it worked, ask about
# the attempt that is under way, not about another one.
_is_new_attempt if {
	input.request.question != "verify"
	not _is_own
}

_is_held if {
	input.request.question != "verify"
	_active.state in {"pending", "running", "verifying"}
	not _is_own
}

_is_own if {
	_active.state != "halted"
	_active.candidate_digest == input.release.candidate.digest
}

# Where a digest is missing on either side, the version has to tell.
_is_own if {
	_active.state != "halted"
	not _has_both_digests
	_active.candidate_version == input.release.candidate.version
}

_has_both_digests if {
	_active.candidate_digest
	input.release.candidate.digest
}

_silent_s := (input.request.now_ms - _active.renewed_at_ms) / 1000

# The record says until when the holder stands in the way; without it, its silence does.
_is_holder_lost if input.request.now_ms >= _active.expires_ms

_is_holder_lost if {
	not _active.expires_ms
	_silent_s > params.holder_timeout_s
}

_lost := {
	"path": "/history/active_rollback/expires_ms",
	"observed": _active.expires_ms,
	"op": "<=",
	"threshold": input.request.now_ms,
	"unit": "ms",
	"status": _active.state,
} if {
	_active.expires_ms
} else := {
	"path": "/history/active_rollback/renewed_at_ms",
	"observed": _active.renewed_at_ms,
	"op": "<",
	"threshold": input.request.now_ms - (params.holder_timeout_s * 1000),
	"unit": "ms",
	"status": _active.state,
}

_holder := text.quoted(_active.holder) if _active.holder

else := "an unnamed holder"

_other := text.quoted(_active.candidate_version) if _active.candidate_version

else := "another candidate"
