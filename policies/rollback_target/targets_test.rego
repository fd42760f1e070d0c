package belay.policies.rollback_target_test

import data.belay.policies.rollback_target

_walk(stable, earlier) := object.union(_stable_with(stable), {"release": {"earlier": earlier}})

_target(version, digest) := {"act": "target", "service": "checkout", "version": version, "digest": digest}

test_walked_back if {
	request := _walk({"known_good": false}, [_earlier])
	_findings(request) == {{
		"kind": "note",
		"code": "TARGET_WALKED_BACK",
		"severity": "major",
		"message": "`2.3.9` of `checkout` is not known to be good: go back to `2.3.8` instead, 1 version earlier",
		"evidence": [
			_item("/release/stable/known_good", false, "==", false),
			_item("/release/earlier/0/known_good", true, "==", true),
		],
	}}
	_advice(request) == {_target("2.3.8", "sha256:bb")}
	_advice(_walk({"known_good": false}, [object.remove(_earlier, ["digest"])])) == {object.remove(_target("2.3.8", ""), ["digest"])}
}

test_every_flaw_is_walked_back_from if {
	got := {[finding.message, finding.evidence[0]] |
		some request in [
			object.union(_walk({}, [_earlier]), _bad(["sha256:aa"])),
			_walk({"signed": false}, [_earlier]),
			_walk({"startable": "no"}, [_earlier]),
			_walk({"startable": "no", "signed": false, "known_good": false}, [_earlier]),
		]
		some finding in _findings(request)
	}
	got == {
		["`2.3.9` of `checkout` has failed before: go back to `2.3.8` instead, 1 version earlier", _item("/release/stable/digest", "sha256:aa", "==", "sha256:aa")],
		["`2.3.9` of `checkout` is not signed: go back to `2.3.8` instead, 1 version earlier", _item("/release/stable/signed", false, "==", false)],
		["`2.3.9` of `checkout` cannot be started: go back to `2.3.8` instead, 1 version earlier", _item("/release/stable/startable", "no", "==", "no")],
	}
}

test_good_target_is_not_walked_back_from if {
	_findings(_walk({}, [_earlier])) == set()
	_advice(_walk({}, [_earlier])) == set()
}

_unfit := object.union(_earlier, {"version": "2.3.7", "signed": false})

# The newest that qualifies, and at most three steps.
test_walked_over_those_that_do_not_qualify if {
	got := {unfit: [step |
		some finding in _findings(_walk({"known_good": false}, array.concat([_unfit | some _ in numbers.range(1, unfit)], [_earlier, object.union(_earlier, {"version": "1.0.0"})])))
		finding.code == "TARGET_WALKED_BACK"
		step := finding.message
	] |
		some unfit in [1, 2, 3]
	}
	got == {
		1: ["`2.3.9` of `checkout` is not known to be good: go back to `2.3.8` instead, 2 versions earlier"],
		2: ["`2.3.9` of `checkout` is not known to be good: go back to `2.3.8` instead, 3 versions earlier"],
		3: [],
	}
}

test_none_qualifies if {
	{[finding.code, finding.message] | some finding in _findings(_walk({"known_good": false}, [_unfit]))} == {["TARGET_NOT_GOOD", "`2.3.9` of `checkout` is not known to be good, and no one of 1 earlier version qualifies"]}
	_advice(_walk({"known_good": false}, [_unfit])) == set()
	flaws := _walk({"known_good": false, "signed": false, "startable": "no"}, [_unfit])
	{finding.code | some finding in _findings(object.union(flaws, _bad(["sha256:aa"])))} == {"TARGET_NOT_GOOD", "TARGET_UNSIGNED", "TARGET_NOT_STARTABLE", "TARGET_KNOWN_BAD"}
	every finding in _findings(object.union(flaws, _bad(["sha256:aa"]))) {
		endswith(finding.message, ", and no one of 1 earlier version qualifies")
	}
}

test_which_earlier_version_qualifies if {
	bad := _bad(["sha256:ba"])
	got := {name |
		some name, patch in {
			"known to be good": {},
			"startable": {"startable": "yes", "signed": true},
			"not good": {"known_good": false},
			"unsigned": {"signed": false},
			"gone": {"startable": "no"},
			"bad": {"digest": "sha256:ba"},
		}
		count(_advice(object.union(_walk({"known_good": false}, [object.union(_earlier, patch)]), bad))) == 1
	}
	got == {"known to be good", "startable"}
	_advice(_walk({"known_good": false}, [object.remove(_earlier, ["known_good"])])) == set()
}

test_earlier_version_and_a_contract if {
	walk := _walk({"known_good": false}, [_earlier])
	got := {[applied_days, patch]: count(_advice(object.union(walk, _contract(object.union({"applied_at_ms": _now_ms - (applied_days * _day_ms)}, patch))))) |
		some applied_days in [19, 20, 21]
		some patch in [{}, {"service": "ledger"}]
	}
	got == {
		[19, {}]: 0, [20, {}]: 1, [21, {}]: 1,
		[19, {"service": "ledger"}]: 1, [20, {"service": "ledger"}]: 1, [21, {"service": "ledger"}]: 1,
	}
	_advice(object.union(_walk({"known_good": false}, [object.remove(_earlier, ["deployed_at_ms"])]), _contract({}))) == set()
}

test_earlier_version_and_the_range_of_a_migration if {
	walk := _walk({"known_good": false}, [_earlier])
	got := [count(_advice(object.union(walk, {"migrations": [object.union({"id": "m1", "state": "applied"}, patch)]}))) |
		some patch in [
			{"app_min": "2.3.8"}, {"app_min": "2.3.9"}, {"app_max": "main"},
			{"app_min": "2.3.9", "state": "pending"}, {"app_min": "2.3.9", "state": "running"},
			{"app_min": "2.3.9", "service": "ledger"}, {"app_min": "2.3.9", "service": "checkout"},
		]
	]
	got == [1, 0, 0, 1, 0, 1, 0]
}

test_steps_back_limit if {
	walk := _walk({"known_good": false}, [_earlier])
	settings := {"policies": {"rollback_target": {"params": {"max_steps_back": 0}}}}
	findings := rollback_target.finding with input as walk with data.belay.settings as settings
	{finding.code | some finding in findings} == {"TARGET_NOT_GOOD"}
}

test_sickness_is_not_walked_back_from if {
	sick := object.union(_walk({}, [_earlier]), {"derived": {"burn": [_row("stable", 300, 20, 30), _row("stable", 3600, 20, 30)]}})
	_codes(sick) == {"TARGET_SICK"}
	_advice(sick) == set()
}

test_at_most_ten_of_a_kind if {
	names := [sprintf("s%d", [i]) | some i in numbers.range(1, 20)]
	request := _request({
		"release": {"components": [{"service": name, "stable": {"version": "1.0.0", "signed": false}} | some name in names]},
		"topology": {"edges": [{"from": name, "to": "checkout", "kind": "sync", "compat": "none"} | some name in names]},
	})
	count(_findings(request)) == 10
}
