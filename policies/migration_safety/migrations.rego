package belay.policies.migration_safety

import data.belay.schema_range
import data.belay.scope

_in_state[migration.state] contains index if some index, migration in input.migrations

_in_phase[migration.phase] contains index if some index, migration in input.migrations

_applied := object.get(_in_state, "applied", set())

_running := object.get(_in_state, "running", set())

_failed := object.get(_in_state, "failed", set())

_begun := (_applied | _running) | _failed

_backfills := object.get(_in_phase, "backfill", set())

_contracted := _applied & object.get(_in_phase, "contract", set())

_switched := _applied & object.get(_in_phase, "switch", set())

_half_done := (_running | _failed) & _backfills

# What only adds is left in place when going back. Where it is said that it cannot be undone, the range
# has to show that the stable version can live with it.
_additive contains index if {
	some index in (_applied & object.get(_in_phase, "expand", set()))
	_is_harmless(index)
}

_is_harmless(index) if not _is_one_way(index)

_is_harmless(index) if schema_range.fits(input.migrations[index], _stable_version[index])

_is_one_way(index) if input.migrations[index].reversible in {"lossy", "no"}

_irreversible contains index if {
	some index in (_begun - _additive)
	_is_one_way(index)
}

# Going back over these leads through their way down: backfills, and what does not name its phase.
_descending := _applied - {index | some index, migration in input.migrations; migration.phase in {"expand", "switch", "contract"}}

_unknown contains index if {
	some index in _descending
	not input.migrations[index].reversible
}

_untested contains index if {
	some index in _descending
	input.migrations[index].reversible == "yes"
	not _is_tested(index)
}

_is_tested(index) if _test_age_s(index) <= params.down_test_max_age_s

_test_age_s(index) := (input.request.now_ms - input.migrations[index].down_tested_at_ms) / 1000

# Of the service that brought the migration, where that was released and has a version to go back to.
_stable_version[index] := scope.released[_service(migration)].record.stable.version if {
	some index, migration in input.migrations
}

_service(migration) := object.get(migration, "service", input.release.service)

_stand[index] := schema_range.stand(input.migrations[index], _stable_version[index]) if some index in _begun

_outside contains index if {
	some index, found in _stand
	"outside" in {one | some one in found}
}

_unordered contains index if {
	some index, found in _stand
	not index in _outside
	"unknown" in {one | some one in found}
}

# Going back to a digest alone says nothing of the version.
_unordered contains index if {
	some index in _begun
	migration := input.migrations[index]
	not _stable_version[index]
	scope.released[_service(migration)].record.stable
	count({"app_min", "app_max"} & object.keys(migration)) > 0
}

# Where nothing is undone nothing has to be restored.
_restored := _begun - _additive

_without_backup contains index if {
	some index in _restored
	is_number(input.migrations[index].rpo_s)
	not input.migrations[index].backup
}

_unverified contains index if {
	some index in _restored
	is_object(input.migrations[index].backup)
	not input.migrations[index].backup.verified
}

_mutable contains index if {
	some index in _restored
	input.migrations[index].backup.immutable == false
}

_outdated contains index if {
	some index in _restored
	input.migrations[index].backup.at_ms < _backup_due_ms(index)
}

_backup_due_ms(index) := input.migrations[index].applied_at_ms - (input.migrations[index].rpo_s * 1000)

_backup_age_s(index) := (input.migrations[index].applied_at_ms - input.migrations[index].backup.at_ms) / 1000

_failed_checks contains index if {
	some index, check in input.data_integrity.checks
	check.status == "failed"
}

_disagreeing contains index if {
	some index in _failed_checks
	input.data_integrity.checks[index].kind == "reconcile"
}

_damaged contains index if {
	some index in (_failed_checks - _disagreeing)
	object.get(input.data_integrity.checks[index], "severity", "critical") == "critical"
}

_settled := _descending - union({_irreversible, _unknown, _untested, _outside, _unordered, _without_backup, _unverified, _mutable, _outdated})
