package belay.policies.flap_guard_test

import data.belay.policies.flap_guard

_now_ms := 1767225600000

_day_ms := 86400000

_digest := "sha256:aa"

_past(service, age_ms, from) := {"service": service, "at_ms": _now_ms - age_ms, "from_digest": from}

_history := {"rollbacks": [], "bad_digests": []}

_request(history) := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {"service": "checkout", "candidate": {"version": "2.4.0", "digest": _digest}},
	"history": object.union(_history, history),
}

_findings(request) := findings if {
	findings := flap_guard.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_codes_of(history) := _codes(_request(history))

_three := [
	_past("checkout", 1, "sha256:01"),
	_past("checkout", 1000, "sha256:02"),
	_past("checkout", _day_ms - 1, "sha256:03"),
]

_active := {
	"state": "running",
	"holder": "argo/checkout",
	"started_at_ms": _now_ms - 400000,
	"renewed_at_ms": _now_ms - 10000,
	"candidate_version": "2.3.8",
	"candidate_digest": "sha256:bb",
}

_codes_during(patch) := _codes_of({"active_rollback": object.union(_active, patch)})

test_first_attempt if {
	_findings({}) == set()
	_codes_of({}) == set()
	_codes_of({"attempts_of_digest": 0}) == set()
	_codes(json.remove(_request({}), ["/release/candidate/digest"])) == set()
}

test_budget_of_the_service_spent if {
	_findings(_request({"rollbacks": _three})) == {{
		"kind": "hold",
		"code": "ROLLBACK_BUDGET_SPENT",
		"severity": "major",
		"message": "`checkout` was rolled back 3 times within a day (limit 3): one more is for a human to decide",
		"evidence": [{"path": "/history/rollbacks", "observed": 3, "op": ">=", "threshold": 3, "unit": "rollbacks"}],
	}}
}

test_budget_of_the_service_is_of_one_day_and_one_service if {
	first_two := array.slice(_three, 0, 2)
	_codes_of({"rollbacks": first_two}) == set()
	_codes_of({"rollbacks": array.concat(first_two, [_past("checkout", _day_ms, "sha256:03")])}) == set()
	_codes_of({"rollbacks": array.concat(first_two, [_past("cart", 1, "sha256:03")])}) == set()
	_codes_of({"rollbacks": array.concat(_three, [_past("checkout", 5, "sha256:04")])}) == {"ROLLBACK_BUDGET_SPENT"}
}

test_budget_of_the_digest_spent if {
	old := _past("checkout", 30 * _day_ms, _digest)
	_findings(_request({"rollbacks": [_past("checkout", 5, "sha256:01"), old]})) == {{
		"kind": "hold",
		"code": "DIGEST_BUDGET_SPENT",
		"severity": "major",
		"message": "`2.4.0` was rolled back before, 1 time (limit 1): once more is for a human to decide",
		"evidence": [{"path": "/history/rollbacks", "observed": 1, "op": ">=", "threshold": 1, "unit": "rollbacks"}],
	}}
	_codes_of({"rollbacks": [object.union(old, {"service": "cart"})]}) == set()
}

test_attempts_that_the_record_counts if {
	old := _past("checkout", 30 * _day_ms, _digest)
	{[finding.message, finding.evidence[0].path] | some finding in _findings(_request({"attempts_of_digest": 2, "rollbacks": [old]}))} == {[
		"`2.4.0` was rolled back before, 2 times (limit 1): once more is for a human to decide",
		"/history/attempts_of_digest",
	]}
	_codes_of({"attempts_of_digest": 0, "rollbacks": [old]}) == {"DIGEST_BUDGET_SPENT"}
}

test_known_bad_artifact if {
	_findings(_request({"bad_digests": ["sha256:01", _digest]})) == {{
		"kind": "hold",
		"code": "BAD_DIGEST_RELEASED",
		"severity": "major",
		"message": "`2.4.0` was found to be bad before, and is the same artifact",
		"evidence": [{
			"path": "/release/candidate/digest",
			"observed": _digest,
			"op": "==",
			"threshold": _digest,
			"status": "bad",
		}],
	}}
	_codes_of({"bad_digests": ["sha256:01"]}) == set()
}

test_held_by_another_plan if {
	_findings(_request({"active_rollback": _active})) == {{
		"kind": "hold",
		"code": "ROLLBACK_HELD",
		"severity": "major",
		"message": "`2.3.8` is being rolled back (running) by `argo/checkout`: two rollbacks would be in each other's way",
		"evidence": [{
			"path": "/history/active_rollback/state",
			"observed": "running",
			"op": "!=",
			"threshold": "halted",
			"status": "running",
		}],
	}}
	every state in ["pending", "running", "verifying"] {
		_codes_during({"state": state}) == {"ROLLBACK_HELD"}
	}
}

test_held_by_somebody_unnamed if {
	request := json.remove(_request({"active_rollback": _active}), [
		"/history/active_rollback/holder",
		"/history/active_rollback/candidate_version",
		"/history/active_rollback/candidate_digest",
		"/history/active_rollback/renewed_at_ms",
	])
	{finding.message | some finding in _findings(request)} == {
		"another candidate is being rolled back (running) by an unnamed holder: two rollbacks would be in each other's way",
	}
}

test_the_same_rollback_is_no_other_one if {
	spent := {"rollbacks": array.concat(_three, [_past("checkout", 5, _digest)]), "bad_digests": [_digest]}
	_codes_of(spent) == {"ROLLBACK_BUDGET_SPENT", "DIGEST_BUDGET_SPENT", "BAD_DIGEST_RELEASED"}
	own := object.union(_active, {"candidate_digest": _digest})
	_codes_of(object.union(spent, {"active_rollback": own})) == set()
	_codes_of(object.union(spent, {"active_rollback": _active})) == {
		"ROLLBACK_BUDGET_SPENT",
		"DIGEST_BUDGET_SPENT",
		"BAD_DIGEST_RELEASED",
		"ROLLBACK_HELD",
	}
}

test_versions_tell_where_a_digest_is_missing if {
	same := {"candidate_version": "2.4.0"}
	_codes_during(same) == {"ROLLBACK_HELD"}
	without := object.union(object.remove(_active, ["candidate_digest"]), same)
	_codes_of({"active_rollback": without}) == set()
	_codes_of({"active_rollback": object.union(without, {"candidate_version": "2.3.8"})}) == {"ROLLBACK_HELD"}
	_codes(json.remove(_request({"active_rollback": object.union(_active, same)}), ["/release/candidate/digest"])) == set()
}

test_verify_asks_about_the_rollback_itself if {
	spent := {"rollbacks": array.concat(_three, [_past("checkout", 5, _digest)]), "bad_digests": [_digest]}
	asked := {"request": {"question": "verify"}}
	_codes(object.union(_request(spent), asked)) == set()
	_codes(object.union(_request(object.union(spent, {"active_rollback": _active})), asked)) == set()
	_codes(object.union(_request({"active_rollback": object.union(_active, {"state": "halted"})}), asked)) == {"ROLLBACK_HALTED"}
}

test_holder_lost if {
	_findings(_request({"active_rollback": object.union(_active, {"renewed_at_ms": _now_ms - 300001})})) == {{
		"kind": "note",
		"code": "ROLLBACK_HOLDER_LOST",
		"severity": "minor",
		"message": "`2.3.8` was being rolled back by `argo/checkout`, not heard of for 5 min: it no longer stands in the way",
		"evidence": [{
			"path": "/history/active_rollback/renewed_at_ms",
			"observed": _now_ms - 300001,
			"op": "<",
			"threshold": _now_ms - 300000,
			"unit": "ms",
			"status": "running",
		}],
	}}
	_codes_during({"renewed_at_ms": _now_ms - 300000}) == {"ROLLBACK_HELD"}
}

test_holder_has_until_its_lease_expires if {
	silent := {"renewed_at_ms": _now_ms - 300001}
	_codes_during(object.union(silent, {"expires_ms": _now_ms + 1})) == {"ROLLBACK_HELD"}
	findings := _findings(_request({"active_rollback": object.union(_active, {"expires_ms": _now_ms})}))
	{finding.code | some finding in findings} == {"ROLLBACK_HOLDER_LOST"}
	[finding.evidence | some finding in findings] == [[{
		"path": "/history/active_rollback/expires_ms",
		"observed": _now_ms,
		"op": "<=",
		"threshold": _now_ms,
		"unit": "ms",
		"status": "running",
	}]]
}

test_halted if {
	halted := object.union(_active, {"state": "halted", "candidate_digest": _digest})
	_findings(_request({"active_rollback": halted})) == {{
		"kind": "hold",
		"code": "ROLLBACK_HALTED",
		"severity": "major",
		"message": "a rollback of `checkout` by `argo/checkout` is halted: somebody has to end it first",
		"evidence": [{
			"path": "/history/active_rollback/state",
			"observed": "halted",
			"op": "==",
			"threshold": "halted",
			"status": "halted",
		}],
	}}
	_codes_of({"active_rollback": halted, "bad_digests": [_digest]}) == {"ROLLBACK_HALTED", "BAD_DIGEST_RELEASED"}
	same_version := object.union(object.remove(halted, ["candidate_digest"]), {"candidate_version": "2.4.0"})
	_codes_of({"active_rollback": same_version, "bad_digests": [_digest]}) == {"ROLLBACK_HALTED", "BAD_DIGEST_RELEASED"}
}

test_parameters if {
	params := {"max_per_service_24h": 4, "max_per_digest": 2, "holder_timeout_s": 5}
	settings := {"policies": {"flap_guard": {"params": params}}}
	request := _request({"rollbacks": _three, "attempts_of_digest": 1, "active_rollback": _active})
	findings := flap_guard.finding with input as request with data.belay.settings as settings
	{[finding.code, finding.evidence[0].threshold] | some finding in findings} == {["ROLLBACK_HOLDER_LOST", _now_ms - 5000]}
}

test_limits_of_parameters if {
	flap_guard.param_limits == {
		"max_per_service_24h": {"min": 1, "integer": true},
		"max_per_digest": {"min": 1, "integer": true},
		"holder_timeout_s": {"above": 0},
	}
	object.keys(flap_guard.param_limits) == object.keys(flap_guard.default_params)
}
