package belay.policies.migration_safety

import data.belay.numbers
import data.belay.pointer
import data.belay.text

_named(index) := concat("", [$"migration {text.quoted(migration.id)}", _of_store(migration)]) if {
	migration := input.migrations[index]
}

_of_store(migration) := $" of {text.quoted(migration.store)}" if migration.store

else := ""

_target := text.quoted(version) if {
	version := input.release.stable.version
} else := "the version before"

_target_of(index) := text.quoted(_stable_version[index]) if _stable_version[index]

else := "the version before"

_lost(index) := "loses data when it is undone" if input.migrations[index].reversible == "lossy"

else := "cannot be undone"

_rows_since(index) := $"; {text.counted(input.migrations[index].rows_since, "row")} written since" if {
	input.migrations[index].rows_since
} else := ""

_tested(index) := $"was tested {numbers.duration(_test_age_s(index))} ago, limit {numbers.duration(params.down_test_max_age_s)}" if {
	input.migrations[index].down_tested_at_ms
} else := "was never tested"

_test_evidence(index) := _counted(index, "down_tested_at_ms", _compared(index), _oldest_test_ms, "ms") if {
	input.migrations[index].down_tested_at_ms
} else := _item(index, "down_tested_at_ms", "==", null)

_compared(index) := ">=" if _is_tested(index)

else := "<"

_oldest_test_ms := input.request.now_ms - (params.down_test_max_age_s * 1000)

_plain(index) := $"migration {text.quoted(input.migrations[index].id)}"

_words := {"app_min": "from", "app_max": "up to"}

# One limit is enough for a line; the evidence has them all.
_taken(index, keys) := $"it takes versions {_words[key]} {text.quoted(input.migrations[index][key])}" if {
	key := max(keys)
}

_ops := {"app_min": ">", "app_max": "<"}

# A limit that is passed is quoted with the version it was held against.
_limit(index, key) := _item(index, key, _ops[key], _stable_version[index]) if {
	_stand[index][key] == "outside"
} else := _item(index, key, "!=", object.get(_stable_version, index, null))

_described(index) := $"{check.kind} check {text.quoted(check.id)} has failed{_violations(check)}" if {
	check := input.data_integrity.checks[index]
}

_violations(check) := $", {text.counted(check.violations, "violation")}" if check.violations

else := ""

_check_evidence(index) := array.concat(
	[{
		"path": pointer.of(["data_integrity", "checks", index, "status"]),
		"observed": "failed",
		"op": "!=",
		"threshold": "ok",
	}],
	[{
		"path": pointer.of(["data_integrity", "checks", index, "violations"]),
		"observed": violations,
		"op": ">=",
		"threshold": 0,
		"unit": "violations",
	} |
		violations := input.data_integrity.checks[index].violations
	],
)
