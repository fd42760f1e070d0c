package belay.policies.migration_safety_test

import data.belay.policies.migration_safety
import data.belay.text

_now_ms := 1767225600000

_day_ms := 86400000

_applied_ms := _now_ms - 3600000

_request(migrations) := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {
		"service": "checkout",
		"stable": {"version": "2.3.9"},
		"components": [{"service": "ledger", "stable": {"version": "1.4.0"}}, {"service": "web"}],
	},
	"migrations": migrations,
}

_findings(request) := found if {
	found := migration_safety.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_codes_of(migration) := _codes(_request([migration]))

_expand := {"id": "m1", "phase": "expand", "state": "applied"}

_backfill := {
	"id": "m1",
	"store": "orders",
	"phase": "backfill",
	"state": "applied",
	"reversible": "yes",
	"down_tested_at_ms": _now_ms - _day_ms,
	"applied_at_ms": _applied_ms,
}

_with(migration, patch) := object.union(migration, patch)

_item(path, observed, op, threshold) := {"path": path, "observed": observed, "op": op, "threshold": threshold}

_counted(path, observed, op, threshold, unit) := object.union(_item(path, observed, op, threshold), {"unit": unit})

_unsafe(code, severity, message, evidence) := {
	"kind": "unsafe",
	"code": code,
	"severity": severity,
	"message": message,
	"evidence": evidence,
}

_is_applied := _item("/migrations/0/state", "applied", "==", "applied")

test_nothing_to_judge if {
	_findings({}) == set()
	_findings(_request([])) == set()
	_findings({"data_integrity": {}}) == set()
}

test_pending_is_silent if {
	every phase in ["expand", "backfill", "switch", "contract"] {
		_codes_of({"id": "m1", "phase": phase, "state": "pending", "reversible": "no", "app_min": "3.0.0", "rpo_s": 1}) == set()
	}
	_codes_of({"id": "m1", "state": "pending"}) == set()
}

test_expand_is_silent if {
	_codes_of(_expand) == set()
	_codes_of(_with(_expand, {"reversible": "yes"})) == set()
	_codes_of(_with(_expand, {"app_min": "2.0.0", "rpo_s": 60, "backup": {"at_ms": _now_ms - _day_ms}})) == set()
}

test_contract if {
	_findings(_request([{"id": "m1", "phase": "contract", "state": "applied"}])) == {_unsafe(
		"MIGRATION_CONTRACTED",
		"critical",
		"migration `m1` has removed what `2.3.9` used",
		[_item("/migrations/0/phase", "contract", "==", "contract"), _is_applied],
	)}
}

test_switch if {
	_findings(json.remove(_request([{"id": "m1", "phase": "switch", "state": "applied"}]), ["/release/stable"])) == {_unsafe(
		"MIGRATION_SWITCHED",
		"major",
		"migration `m1` has switched to a structure that the version before does not use",
		[_item("/migrations/0/phase", "switch", "==", "switch"), _is_applied],
	)}
}

# Tested or not, what is said to be reversible stays a contract.
test_contract_whatever_is_said_of_its_way_back if {
	tested := {"reversible": "yes", "down_tested_at_ms": _now_ms}
	_codes_of(_with({"id": "m1", "phase": "contract", "state": "applied"}, tested)) == {"MIGRATION_CONTRACTED"}
	_codes_of({"id": "m1", "phase": "contract", "state": "applied", "reversible": "no"}) == {"MIGRATION_CONTRACTED", "MIGRATION_IRREVERSIBLE"}
}

test_irreversible if {
	_findings(_request([_with(_backfill, {"reversible": "no"})])) == {_unsafe(
		"MIGRATION_IRREVERSIBLE",
		"critical",
		"migration `m1` of `orders` cannot be undone",
		[_item("/migrations/0/reversible", "no", "!=", "yes"), _is_applied],
	)}
	_findings(_request([_with(_backfill, {"reversible": "lossy", "rows_since": 1200})])) == {_unsafe(
		"MIGRATION_IRREVERSIBLE",
		"critical",
		"migration `m1` of `orders` loses data when it is undone; 1200 rows written since",
		[
			_item("/migrations/0/reversible", "lossy", "!=", "yes"), _is_applied,
			_counted("/migrations/0/rows_since", 1200, ">=", 0, "rows"),
		],
	)}
}

test_expand_that_cannot_be_undone if {
	_codes_of(_with(_expand, {"reversible": "no"})) == {"MIGRATION_IRREVERSIBLE"}
	_codes_of(_with(_expand, {"reversible": "lossy", "app_min": "2.0.0"})) == set()
	_codes_of(_with(_expand, {"reversible": "lossy", "app_min": "2.0.0", "app_max": "2.3.8"})) == {"MIGRATION_IRREVERSIBLE", "STABLE_OUTSIDE_SCHEMA"}
}

test_running_and_failed if {
	_findings(_request([{"id": "m1", "phase": "expand", "state": "running"}])) == {_unsafe(
		"MIGRATION_RUNNING",
		"critical",
		"migration `m1` is still running",
		[_item("/migrations/0/state", "running", "==", "running")],
	)}
	_findings(_request([{"id": "m1", "state": "failed"}])) == {_unsafe(
		"MIGRATION_FAILED",
		"critical",
		"migration `m1` has failed, and may have been done in part",
		[_item("/migrations/0/state", "failed", "==", "failed")],
	)}
	_codes_of({"id": "m1", "phase": "contract", "state": "running", "reversible": "no"}) == {"MIGRATION_RUNNING", "MIGRATION_IRREVERSIBLE"}
}

test_backfill_half_done if {
	_findings(_request([_with(_backfill, {"state": "running"})])) == {_unsafe(
		"BACKFILL_HALF_DONE",
		"major",
		"migration `m1` of `orders` is half done: running",
		[_item("/migrations/0/phase", "backfill", "==", "backfill"), _item("/migrations/0/state", "running", "==", "running")],
	)}
	_codes_of(_with(_backfill, {"state": "failed"})) == {"BACKFILL_HALF_DONE"}
}

test_unknown if {
	_findings(_request([{"id": "m1", "state": "applied"}])) == {_unsafe(
		"MIGRATION_UNKNOWN",
		"major",
		"migration `m1` is applied, and nobody says whether it can be undone",
		[_item("/migrations/0/reversible", null, "==", null), _is_applied],
	)}
	_codes_of(object.remove(_backfill, ["reversible"])) == {"MIGRATION_UNKNOWN"}
}

test_down_untested if {
	_findings(_request([object.remove(_backfill, ["down_tested_at_ms"])])) == {_unsafe(
		"MIGRATION_DOWN_UNTESTED",
		"major",
		"the way back of migration `m1` of `orders` was never tested",
		[_item("/migrations/0/reversible", "yes", "==", "yes"), _item("/migrations/0/down_tested_at_ms", null, "==", null)],
	)}
	old_ms := (_now_ms - (30 * _day_ms)) - 1
	_findings(_request([_with(_backfill, {"down_tested_at_ms": old_ms})])) == {_unsafe(
		"MIGRATION_DOWN_UNTESTED",
		"major",
		"the way back of migration `m1` of `orders` was tested 30 d ago, limit 30 d",
		[
			_item("/migrations/0/reversible", "yes", "==", "yes"),
			_counted("/migrations/0/down_tested_at_ms", old_ms, "<", old_ms + 1, "ms"),
		],
	)}
	_codes_of(_with(_backfill, {"down_tested_at_ms": old_ms + 1})) == {"MIGRATION_REVERSIBLE"}
}

test_down_test_limit if {
	request := _request([_backfill])
	settings := {"policies": {"migration_safety": {"params": {"down_test_max_age_s": 3600}}}}
	findings := migration_safety.finding with input as request with data.belay.settings as settings
	{finding.code | some finding in findings} == {"MIGRATION_DOWN_UNTESTED"}
}

test_limits_are_of_parameters if {
	migration_safety.param_limits == {"down_test_max_age_s": {"above": 0}}
}

test_reversible if {
	_findings(_request([_backfill])) == {{
		"kind": "note",
		"code": "MIGRATION_REVERSIBLE",
		"severity": "info",
		"message": "migration `m1` of `orders` is applied; its way back was tested 1 d ago",
		"evidence": [
			_item("/migrations/0/reversible", "yes", "==", "yes"),
			_counted("/migrations/0/down_tested_at_ms", _now_ms - _day_ms, ">=", _now_ms - (30 * _day_ms), "ms"),
		],
	}}
	_codes_of(object.remove(_backfill, ["phase"])) == {"MIGRATION_REVERSIBLE"}
}

test_stable_outside_the_range if {
	_findings(_request([_with(_expand, {"app_min": "2.4.0", "app_max": "3.0.0"})])) == {_unsafe(
		"STABLE_OUTSIDE_SCHEMA",
		"critical",
		"`2.3.9` cannot use the store as migration `m1` left it: it takes versions from `2.4.0`",
		[_item("/migrations/0/app_min", "2.4.0", ">", "2.3.9")],
	)}
	_findings(_request([_with(_expand, {"app_max": "2.3.8"})])) == {_unsafe(
		"STABLE_OUTSIDE_SCHEMA",
		"critical",
		"`2.3.9` cannot use the store as migration `m1` left it: it takes versions up to `2.3.8`",
		[_item("/migrations/0/app_max", "2.3.8", "<", "2.3.9")],
	)}
	_codes_of(_with(_expand, {"app_min": "2.3.9", "app_max": "2.3.9"})) == set()
	_codes_of(_with(_expand, {"state": "running", "app_min": "2.4.0"})) == {"MIGRATION_RUNNING", "STABLE_OUTSIDE_SCHEMA"}
}

test_stable_of_unknown_order if {
	_findings(_request([_with(_expand, {"app_min": "2025-11"})])) == {_unsafe(
		"STABLE_SCHEMA_UNKNOWN",
		"major",
		"nobody knows whether `2.3.9` can use the store as migration `m1` left it: it takes versions from `2025-11`",
		[_item("/migrations/0/app_min", "2025-11", "!=", "2.3.9")],
	)}
	_codes_of(_with(_expand, {"app_min": "2025-11", "app_max": "2.0.0"})) == {"STABLE_OUTSIDE_SCHEMA"}
}

test_stable_known_by_its_digest_alone if {
	by_digest := json.patch(_request([_with(_expand, {"app_max": "2.5.0"})]), [{"op": "replace", "path": "/release/stable", "value": {"digest": "sha256:ab"}}])
	_findings(by_digest) == {_unsafe(
		"STABLE_SCHEMA_UNKNOWN",
		"major",
		"nobody knows whether the version before can use the store as migration `m1` left it: it takes versions up to `2.5.0`",
		[_item("/migrations/0/app_max", "2.5.0", "!=", null)],
	)}
	_codes(object.union(by_digest, {"migrations": [_expand]})) == set()
	_codes(object.union(by_digest, {"migrations": [_with(_expand, {"app_min": "2.5.0"})]})) == {"STABLE_SCHEMA_UNKNOWN"}
}

test_range_is_held_against_the_service_that_brought_it if {
	_codes_of(_with(_expand, {"service": "ledger", "app_min": "1.4.0", "app_max": "1.9.0"})) == set()
	_codes_of(_with(_expand, {"service": "ledger", "app_min": "1.5.0"})) == {"STABLE_OUTSIDE_SCHEMA"}

	# web has nothing to go back to, and search was not released.
	_codes_of(_with(_expand, {"service": "web", "app_min": "9.0.0"})) == set()
	_codes_of(_with(_expand, {"service": "search", "app_min": "9.0.0"})) == set()
}

test_rows_unreadable if {
	_findings(object.union(_request([]), {"data_integrity": {"unreadable_by_stable": 1}})) == {_unsafe(
		"ROWS_UNREADABLE",
		"critical",
		"`2.3.9` cannot read 1 row that the candidate wrote",
		[_counted("/data_integrity/unreadable_by_stable", 1, ">", 0, "rows")],
	)}
	_codes({"data_integrity": {"unreadable_by_stable": 0}}) == set()
}

_checks(checks) := {"data_integrity": {"checks": checks}}

test_stores_disagree if {
	_findings(_checks([{"id": "c0", "kind": "reconcile", "status": "ok"}, {"id": "c1", "kind": "reconcile", "status": "failed", "violations": 12, "severity": "minor"}])) == {_unsafe(
		"STORES_DISAGREE",
		"critical",
		"two stores disagree: reconcile check `c1` has failed, 12 violations",
		[
			_item("/data_integrity/checks/1/status", "failed", "!=", "ok"),
			_counted("/data_integrity/checks/1/violations", 12, ">=", 0, "violations"),
		],
	)}
}

test_integrity_failed if {
	_findings(_checks([{"id": "c1", "kind": "duplicate", "status": "failed"}])) == {_unsafe(
		"INTEGRITY_FAILED",
		"critical",
		"the data is damaged: duplicate check `c1` has failed",
		[_item("/data_integrity/checks/0/status", "failed", "!=", "ok")],
	)}
	by_severity := {severity: codes |
		some severity in ["critical", "major", "minor", "info"]
		codes := _codes(_checks([{"id": "c1", "kind": "checksum", "status": "failed", "severity": severity}]))
	}
	by_severity == {"critical": {"INTEGRITY_FAILED"}, "major": set(), "minor": set(), "info": set()}
	_codes(_checks([{"id": "c1", "kind": "checksum", "status": "unknown"}])) == set()
}

test_every_check_for_itself if {
	checks := [
		{"id": "c0", "kind": "checksum", "status": "ok"},
		{"id": "c1", "kind": "reconcile", "status": "failed", "violations": 1},
		{"id": "c2", "kind": "checksum", "status": "failed", "severity": "info"},
		{"id": "c3", "kind": "referential", "status": "failed"},
		{"id": "c4", "kind": "reconcile", "status": "unknown"},
	]
	{[finding.code, finding.message, [item.path | some item in finding.evidence]] | some finding in _findings(_checks(checks))} == {
		["STORES_DISAGREE", "two stores disagree: reconcile check `c1` has failed, 1 violation", ["/data_integrity/checks/1/status", "/data_integrity/checks/1/violations"]],
		["INTEGRITY_FAILED", "the data is damaged: referential check `c3` has failed", ["/data_integrity/checks/3/status"]],
	}
}

test_at_most_five_of_a_kind if {
	count(_findings(_request([_with(_expand, {"state": "running"}) | some _ in numbers.range(1, 30)]))) == 5
}

test_long_names_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	request := json.patch(_request([{"id": long, "store": long, "state": "applied", "app_min": long, "app_max": long}]), [{"op": "replace", "path": "/release/stable/version", "value": $"x{long}"}])
	{finding.code | some finding in _findings(request); text.is_line(finding.message, 500)} == {"MIGRATION_UNKNOWN", "STABLE_SCHEMA_UNKNOWN"}
}
