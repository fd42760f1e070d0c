package belay.policies.migration_safety_test

test_backup_missing if {
	_findings(_request([_with(_backfill, {"rpo_s": 300})])) == {_unsafe(
		"BACKUP_MISSING",
		"major",
		"migration `m1` of `orders` may lose 5 min of data, and names no backup",
		[_item("/migrations/0/backup", null, "==", null), _counted("/migrations/0/rpo_s", 300, ">=", 0, "s")],
	)}
	_codes_of(_with(_backfill, {"rpo_s": 0})) == {"BACKUP_MISSING"}
}

_backed_up := _with(_backfill, {"rpo_s": 300, "backup": {"at_ms": _applied_ms - 300000, "verified": true, "immutable": true}})

test_good_backup if {
	_codes_of(_backed_up) == {"MIGRATION_REVERSIBLE"}
	_codes_of(json.remove(_backed_up, ["/backup/immutable"])) == {"MIGRATION_REVERSIBLE"}
	_codes_of(json.remove(_backed_up, ["/rpo_s"])) == {"MIGRATION_REVERSIBLE"}
}

test_backup_unverified if {
	_findings(_request([_with(_backed_up, {"backup": {"verified": false}})])) == {_unsafe(
		"BACKUP_UNVERIFIED",
		"major",
		"the backup before migration `m1` of `orders` has not been verified",
		[_item("/migrations/0/backup/verified", false, "!=", true)],
	)}
	_findings(_request([json.remove(_backed_up, ["/backup/verified"])]))[_].evidence == [_item("/migrations/0/backup/verified", null, "!=", true)]
}

test_backup_mutable if {
	_findings(_request([_with(_backed_up, {"backup": {"immutable": false}})])) == {_unsafe(
		"BACKUP_MUTABLE",
		"major",
		"the backup before migration `m1` of `orders` can be changed",
		[_item("/migrations/0/backup/immutable", false, "==", false)],
	)}
}

test_backup_too_old if {
	at_ms := _applied_ms - (100 * _day_ms)
	_findings(_request([_with(_backed_up, {"backup": {"at_ms": at_ms}})])) == {_unsafe(
		"BACKUP_TOO_OLD",
		"major",
		"the backup before migration `m1` of `orders` was made 100 d before it, limit 5 min",
		[_counted("/migrations/0/backup/at_ms", at_ms, "<", _applied_ms - 300000, "ms")],
	)}
	_codes_of(_with(_backed_up, {"backup": {"at_ms": _applied_ms - 300001}})) == {"BACKUP_TOO_OLD"}
}

test_backup_of_what_has_begun if {
	_codes_of(_with(_backed_up, {"state": "running", "backup": {"immutable": false}})) == {"BACKFILL_HALF_DONE", "BACKUP_MUTABLE"}
	_codes_of(_with(_backed_up, {"state": "failed", "backup": {"verified": false}})) == {"BACKFILL_HALF_DONE", "BACKUP_UNVERIFIED"}
}

_various := [object.union(migration, {"id": sprintf("m%d", [i])}) |
	some i, migration in [
		_expand,
		_with(_expand, {"reversible": "lossy", "app_min": "2.0.0"}),
		_with(_expand, {"reversible": "no"}),
		_with(_expand, {"app_min": "2.4.0"}),
		_with(_expand, {"app_max": "2.1.0", "service": "ledger"}),
		_with(_expand, {"app_max": "main"}),
		_with(_expand, {"app_min": "9.0.0", "service": "search"}),
		_with(_expand, {"state": "running"}),
		_with(_expand, {"state": "pending"}),
		{"id": "", "state": "failed"},
		{"id": "", "store": "carts", "state": "applied"},
		{"id": "", "phase": "switch", "state": "applied", "rows_since": 7},
		_backfill,
		_with(_backfill, {"state": "running", "reversible": "lossy", "rows_since": 3}),
		_with(_backfill, {"down_tested_at_ms": 0}),
		object.remove(_backfill, ["down_tested_at_ms"]),
		_backed_up,
		_with(_backfill, {"rpo_s": 60}),
		_with(_backed_up, {"backup": {"verified": false}}),
		_with(_backed_up, {"backup": {"immutable": false}}),
		_with(_backed_up, {"rpo_s": 299, "applied_at_ms": _applied_ms + 1}),
	]
]

_moved(findings) := {object.union(finding, {"evidence": [moved |
	some item in finding.evidence
	moved := object.union(item, {"path": replace(item.path, "/migrations/0", "/migrations/1")})
]}) |
	some finding in findings
}

# What is said of one migration is said of it alone, whatever stands beside it.
test_every_migration_for_itself if {
	alone := [_findings(_request([migration])) | some migration in _various]
	mixed := [[i, j] |
		some i, one in _various
		some j in [(i + 1) % 21, (i + 8) % 21, (i + 12) % 21]
		_findings(_request([one, _various[j]])) != alone[i] | _moved(alone[j])
	]
	mixed == []
	count(_various) == 21
}
