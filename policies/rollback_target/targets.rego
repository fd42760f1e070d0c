package belay.policies.rollback_target

import data.belay.pointer
import data.belay.schema_range
import data.belay.scope

# A release that is a flag goes back by its flag, and no artifact is touched.
_has_artifact if {
	input.release.stable
	not input.release.strategy == "flag"
}

_targets contains service if {
	_has_artifact
	some service in scope.services
	scope.released[service].record.stable
}

_stable(service) := scope.released[service].record.stable

# Where a digest is said to be bad: by the record, and by the caller, who is believed in this.
_bad_places[digest] contains pointer.of(["history", "bad_digests", index]) if {
	some index, digest in input.history.bad_digests
}

_bad_places[digest] contains pointer.of(["history", "claimed", "bad_digests", index]) if {
	some index, digest in input.history.claimed.bad_digests
}

_flawed.known_bad contains service if {
	some service in _targets
	_bad_places[_stable(service).digest]
}

_flawed.not_good contains service if {
	some service in _targets
	_stable(service).known_good == false
}

_flawed.unsigned contains service if {
	some service in _targets
	_stable(service).signed == false
}

_flawed.not_startable contains service if {
	some service in _targets
	_stable(service).startable == "no"
}

# What an earlier version makes good is a note, and not a flaw any more.
_stated[flaw] := {service | some service in services; not _is_replaced(service)} if some flaw, services in _flawed

_is_replaced(service) if {
	service == input.release.service
	_step >= 0
}

_is_flawed if {
	some services in _flawed
	input.release.service in services
}

# The newest earlier version that qualifies, of those that may be walked back to.
_step := min({step |
	_is_flawed
	some step, earlier in input.release.earlier
	step < params.max_steps_back
	_qualifies(earlier)
})

# Going further back than was planned wants better evidence: it has to be known to be good.
_qualifies(earlier) if {
	earlier.known_good == true
	not earlier.signed == false
	not earlier.startable == "no"
	not _is_known_bad(earlier)
	not _is_before_contract(earlier)
	not _is_excluded(earlier)
}

_is_known_bad(earlier) if _bad_places[earlier.digest]

# Of unknown age counts as older.
_is_before_contract(earlier) if {
	some index in _contracts[input.release.service]
	object.get(earlier, "deployed_at_ms", 0) < input.migrations[index].applied_at_ms
}

_is_excluded(earlier) if {
	some migration in input.migrations
	migration.state != "pending"
	object.get(migration, "service", input.release.service) == input.release.service
	schema_range.excludes(migration, earlier.version)
}

# Applied contracts, for who brought each and who reads its store.
_contracts[service] contains index if {
	some index, migration in input.migrations
	migration.phase == "contract"
	migration.state == "applied"
	some service in array.concat([object.get(migration, "service", input.release.service)], object.get(migration, "readers", []))
}

_before_contract contains [service, index] if {
	some service in _targets
	some index in _contracts[service]
	_stable(service).deployed_at_ms < input.migrations[index].applied_at_ms
}

# The old version beside the canary is the version to go back to, whatever its population is called.
_row_at[row.slo][row.signal][row.population][row.window_s] := index if {
	_has_artifact
	some index, row in input.derived.burn
	row.population in {"stable", "baseline"}
	row.service == input.release.service
}

_sick contains [long, short] if {
	some signals in _row_at
	some populations in signals
	some rows in populations
	long := rows[params.sick_long_s]
	short := rows[params.sick_short_s]
	input.derived.burn[long].rate >= params.sick_factor
	input.derived.burn[short].rate >= params.sick_factor
	input.derived.burn[long].bad >= params.min_bad
	not _is_outburnt(input.derived.burn[long])
}

# A candidate that burns far faster than a sick version before is worse still, and going back helps. The
# last factor keeps the edge free of rounding.
_is_outburnt(before) if {
	some row in input.derived.burn
	row.population in {"candidate", "fleet"}
	row.service == before.service
	row.slo == before.slo
	row.signal == before.signal
	row.window_s == before.window_s
	row.rate > (before.rate * params.helps_factor) * 1.000001
}

_reapplied contains service if {
	input.environment.gitops.auto_sync == true
	some service in _targets
	scope.released[service].record.candidate.digest == input.environment.gitops.desired_digest
}
