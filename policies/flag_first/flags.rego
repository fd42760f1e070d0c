package belay.policies.flag_first

import data.belay.pointer
import data.belay.scope

# Flags of what was released that are in effect.
_live contains index if {
	some index, flag in input.flags
	scope.released[object.get(flag, "service", input.release.service)]
	not _is_off(flag)
}

_is_off(flag) if flag.exposure_ratio == 0

_is_off(flag) if flag.variant == flag.safe_variant

_keys contains flag.key if some flag in input.flags

# A kill switch covers the release, or at least its service, unless it is said not to.
_covering contains index if {
	some index in _live
	input.flags[index].kill_switch == true
	not input.flags[index].covers_release == false
}

_unreachable contains index if {
	some index in _covering
	input.flags[index].reachable == false
}

_switchable := _covering - _unreachable

_late contains index if {
	some index in _switchable
	input.flags[index].changed_at_ms > _onset.at_ms
}

# When the trouble began, as far as anybody says, and where that stands: the first alert since the
# release took traffic, or the first check of those in a row up to the last one that found a breach.
_onset := {"at_ms": beginning[0], "path": beginning[1]} if {
	beginning := min(_beginnings)
}

_beginnings contains [alert.starts_at_ms, pointer.of(["health", "alerts", index, "starts_at_ms"])] if {
	some index, alert in input.health.alerts
	alert.starts_at_ms >= object.get(input.release, "exposed_since_ms", 0)
}

_beginnings contains [check.at_ms, pointer.of(["history", "checks", index, "at_ms"])] if {
	some index, check in input.history.checks
	index > max({-1} | {calm | some calm, one in input.history.checks; count(one.breached) == 0})
}

# What only adds is left alone by a flag that is off.
_guarding contains index if {
	some index in (_switchable - _late)
	id := input.flags[index].guards_migration
	not _is_harmless(id)
}

_is_harmless(id) if {
	some migration in input.migrations
	migration.id == id
	_adds_or_is_to_come(migration)
}

_adds_or_is_to_come(migration) if migration.phase == "expand"

_adds_or_is_to_come(migration) if migration.state == "pending"

# Where a flag moved. A release that is a flag moves with it, and there is nothing to be told apart.
_moves contains {"flag": flag.key, "at_ms": flag.changed_at_ms, "path": pointer.of(["flags", index, "changed_at_ms"])} if {
	some index in _live
	flag := input.flags[index]
}

# A change set may name a flag that is described nowhere else.
_moves contains {"flag": change.ref, "at_ms": change.at_ms, "path": pointer.of(["release", "change_set", index, "at_ms"])} if {
	some index, change in input.release.change_set
	change.kind == "flag"
	not change.ref in _keys
}

_deploys contains {"at_ms": input.release.exposed_since_ms, "path": "/release/exposed_since_ms"}

_deploys contains {"at_ms": change.at_ms, "path": pointer.of(["release", "change_set", index, "at_ms"])} if {
	some index, change in input.release.change_set
	change.kind == "code"
}

# The deploy that is nearest to the move, where it is near enough, and how many milliseconds lie between.
_nearest(move) := {"apart_ms": found[0], "path": found[1], "at_ms": found[2]} if {
	not input.release.strategy == "flag"
	found := min({[apart_ms, deploy.path, deploy.at_ms] |
		some deploy in _deploys
		apart_ms := abs(move.at_ms - deploy.at_ms)
		apart_ms < params.same_moment_s * 1000
	})
}

_time(path, at_ms, op, threshold) := {"path": path, "observed": at_ms, "op": op, "threshold": threshold, "unit": "ms"}

_item(index, key, op, threshold) := {
	"path": pointer.of(["flags", index, key]),
	"observed": input.flags[index][key],
	"op": op,
	"threshold": threshold,
}

_guarded(flag) := min({index | some index, migration in input.migrations; migration.id == flag.guards_migration})

_described(flag) := $"which is {input.migrations[index].state}" if {
	index := _guarded(flag)
} else := "of which nobody says how far it is"

_guarded_evidence(flag) := [{
	"path": pointer.of(["migrations", index, "state"]),
	"observed": input.migrations[index].state,
	"op": "!=",
	"threshold": "pending",
} |
	index := _guarded(flag)
]
