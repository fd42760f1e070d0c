# METADATA
# title: Migration safety
# description: >-
#  Reads what migrations have done to the stores, and whether the stable version can still use them.
#  It never calls for going back; it says where going back could hurt.
# related_resources:
#  - ref: https://martinfowler.com/bliki/ParallelChange.html
#    description: expand, migrate, contract
# custom:
#  owner: release-engineering
package belay.policies.migration_safety

import data.belay.numbers
import data.belay.pointer
import data.belay.settings
import data.belay.text

default_params := {"down_test_max_age_s": 2592000}

param_limits := {"down_test_max_age_s": {"above": 0}}

params := settings.params("migration_safety", default_params)

# METADATA
# title: Contract applied
# description: What the stable version used has been removed.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "MIGRATION_CONTRACTED",
	"severity": "critical",
	"message": $"{_named(index)} has removed what {_target} used",
	"evidence": [_item(index, "phase", "==", "contract"), _state(index)],
} if {
	some index in _first(_contracted)
}

# METADATA
# title: Switch applied
# description: Reads and writes go to the new structure; the old one is no longer kept up to date.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "MIGRATION_SWITCHED",
	"severity": "major",
	"message": $"{_named(index)} has switched to a structure that {_target} does not use",
	"evidence": [_item(index, "phase", "==", "switch"), _state(index)],
} if {
	some index in _first(_switched)
}

# METADATA
# title: No way back without loss
# description: The migration has begun and is said to be lossy, or not to be reversible at all.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "MIGRATION_IRREVERSIBLE",
	"severity": "critical",
	"message": $"{_named(index)} {_lost(index)}{_rows_since(index)}",
	"evidence": array.concat(
		[_item(index, "reversible", "!=", "yes"), _state(index)],
		[_counted(index, "rows_since", ">=", 0, "rows") | input.migrations[index].rows_since],
	),
} if {
	some index in _first(_irreversible)
}

# METADATA
# title: Migration running
# description: The store is between two states, and neither version was made for that.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "MIGRATION_RUNNING",
	"severity": "critical",
	"message": $"{_named(index)} is still running",
	"evidence": [_state(index)],
} if {
	some index in _first(_running - _backfills)
}

# METADATA
# title: Migration failed
# description: Nobody knows how much of it was done.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "MIGRATION_FAILED",
	"severity": "critical",
	"message": $"{_named(index)} has failed, and may have been done in part",
	"evidence": [_state(index)],
} if {
	some index in _first(_failed - _backfills)
}

# METADATA
# title: Backfill half done
# description: Some rows have their new form and some have not.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "BACKFILL_HALF_DONE",
	"severity": "major",
	"message": $"{_named(index)} is half done: {input.migrations[index].state}",
	"evidence": [_item(index, "phase", "==", "backfill"), _state(index)],
} if {
	some index in _first(_half_done)
}

# METADATA
# title: Nobody says whether it can be undone
# description: Applied, not known to only add, and without a word on the way back.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "MIGRATION_UNKNOWN",
	"severity": "major",
	"message": $"{_named(index)} is applied, and nobody says whether it can be undone",
	"evidence": [_item(index, "reversible", "==", null), _state(index)],
} if {
	some index in _first(_unknown)
}

# METADATA
# title: Way back not tested
# description: Reversible by its own account, and never tried, or too long ago.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "MIGRATION_DOWN_UNTESTED",
	"severity": "major",
	"message": $"the way back of {_named(index)} {_tested(index)}",
	"evidence": [_item(index, "reversible", "==", "yes"), _test_evidence(index)],
} if {
	some index in _first(_untested)
}

# METADATA
# title: Stable version cannot use the store
# description: It is outside the versions that can use the store as it is now.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "STABLE_OUTSIDE_SCHEMA",
	"severity": "critical",
	"message": $"{_target_of(index)} cannot use the store as {_plain(index)} left it: {_taken(index, broken)}",
	"evidence": [_limit(index, key) | some key in sort(broken)],
} if {
	some index in _first(_outside)
	broken := {key | some key, "outside" in _stand[index]}
}

# METADATA
# title: Nobody knows whether the stable version can use the store
# description: Its order to the versions that can is not known.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "STABLE_SCHEMA_UNKNOWN",
	"severity": "major",
	"message": $"nobody knows whether {_target_of(index)} can use the store as {_plain(index)} left it: {_taken(index, named)}",
	"evidence": [_limit(index, key) | some key in sort(named)],
} if {
	some index in _first(_unordered)
	named := {"app_min", "app_max"} & object.keys(input.migrations[index])
}

# METADATA
# title: Backup missing
# description: A recovery point is promised, and there is no backup to keep it.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "BACKUP_MISSING",
	"severity": "major",
	"message": $"{_named(index)} may lose {numbers.duration(input.migrations[index].rpo_s)} of data, and names no backup",
	"evidence": [_item(index, "backup", "==", null), _counted(index, "rpo_s", ">=", 0, "s")],
} if {
	some index in _first(_without_backup)
}

# METADATA
# title: Backup not verified
# description: Nobody has shown that it can be restored.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "BACKUP_UNVERIFIED",
	"severity": "major",
	"message": $"the backup before {_named(index)} has not been verified",
	"evidence": [_backup(index, "verified", "!=", true)],
} if {
	some index in _first(_unverified)
}

# METADATA
# title: Backup can be changed
# description: Whoever writes to the store may write to its backup.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "BACKUP_MUTABLE",
	"severity": "major",
	"message": $"the backup before {_named(index)} can be changed",
	"evidence": [_backup(index, "immutable", "==", false)],
} if {
	some index in _first(_mutable)
}

# METADATA
# title: Backup too old
# description: More than the promised recovery point lies between the backup and the migration.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "BACKUP_TOO_OLD",
	"severity": "major",
	"message": $"the backup before {_named(index)} was made {numbers.duration(_backup_age_s(index))} before it, limit {numbers.duration(input.migrations[index].rpo_s)}",
	"evidence": [object.union(_backup(index, "at_ms", "<", _backup_due_ms(index)), {"unit": "ms"})],
} if {
	some index in _first(_outdated)
}

# METADATA
# title: Rows that the stable version cannot read
# description: The candidate wrote them, and they would be lost to the version before.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "ROWS_UNREADABLE",
	"severity": "critical",
	"message": $"{_target} cannot read {text.counted(input.data_integrity.unreadable_by_stable, "row")} that the candidate wrote",
	"evidence": [{
		"path": "/data_integrity/unreadable_by_stable",
		"observed": input.data_integrity.unreadable_by_stable,
		"op": ">",
		"threshold": 0,
		"unit": "rows",
	}],
} if {
	input.data_integrity.unreadable_by_stable > 0
}

# METADATA
# title: Two stores disagree
# description: A comparison of two stores has failed; going back would pick one of them unseen.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "STORES_DISAGREE",
	"severity": "critical",
	"message": $"two stores disagree: {_described(index)}",
	"evidence": _check_evidence(index),
} if {
	some index in _first(_disagreeing)
}

# METADATA
# title: Data integrity failed
# description: A critical check of the data has failed, or one of which nobody says how much it matters.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "INTEGRITY_FAILED",
	"severity": "critical",
	"message": $"the data is damaged: {_described(index)}",
	"evidence": _check_evidence(index),
} if {
	some index in _first(_damaged)
}

# METADATA
# title: Migration that can be undone
# description: It did more than add, and nothing is known against going back.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "MIGRATION_REVERSIBLE",
	"severity": "info",
	"message": $"{_named(index)} is applied; its way back was tested {numbers.duration(_test_age_s(index))} ago",
	"evidence": [_item(index, "reversible", "==", "yes"), _test_evidence(index)],
} if {
	some index in _first(_settled)
}

# A reader gains nothing from the sixth finding of one rule, and all rules together stay below the
# hundred findings that a policy may state.
_first(found) := array.slice(sort(found), 0, 5)

_item(index, key, op, threshold) := {
	"path": pointer.of(["migrations", index, key]),
	"observed": object.get(input.migrations[index], key, null),
	"op": op,
	"threshold": threshold,
}

_counted(index, key, op, threshold, unit) := object.union(_item(index, key, op, threshold), {"unit": unit})

_state(index) := _item(index, "state", "==", input.migrations[index].state)

_backup(index, key, op, threshold) := {
	"path": pointer.of(["migrations", index, "backup", key]),
	"observed": object.get(input.migrations[index].backup, key, null),
	"op": op,
	"threshold": threshold,
}
