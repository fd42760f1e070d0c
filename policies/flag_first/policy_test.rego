package belay.policies.flag_first_test

import data.belay.policies.flag_first
import data.belay.text

_now_ms := 1767225600000

_exposed_ms := _now_ms - 3600000

# Half an hour after the exposure.
_changed_ms := _now_ms - 1800000

_flag := {
	"key": "new-cart",
	"variant": "on",
	"safe_variant": "off",
	"kill_switch": true,
	"covers_release": true,
	"exposure_ratio": 0.5,
	"changed_at_ms": _changed_ms,
}

_request(flags) := {
	"request": {"question": "continue", "now_ms": _now_ms},
	"release": {
		"service": "checkout",
		"exposed_since_ms": _exposed_ms,
		"components": [{"service": "web"}],
	},
	"flags": flags,
}

_findings(request) := found if {
	found := flag_first.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_off(request) := {item.flag | some item in given; item.act == "flag_off"} if {
	given := flag_first.advice with input as request with data.belay.settings as {}
}

_with(patch) := object.union(_flag, patch)

_item(path, observed, op, threshold) := {"path": path, "observed": observed, "op": op, "threshold": threshold}

_time(path, observed, op, threshold) := object.union(_item(path, observed, op, threshold), {"unit": "ms"})

test_nothing_to_judge if {
	every request in [{}, _request([]), object.remove(_request([]), ["flags"])] {
		_findings(request) == set()
		_off(request) == set()
	}
}

test_limits_are_of_parameters if {
	flag_first.param_limits == {"same_moment_s": {"min": 0}}
}

test_kill_switch_goes_first if {
	_findings(_request([_flag])) == set()
	_off(_request([_flag])) == {"new-cart"}
}

test_which_flags_are_turned_off if {
	got := {name: _off(_request([flag])) |
		some name, flag in {
			"of unknown coverage": object.remove(_flag, ["covers_release"]),
			"of unknown age": object.remove(_flag, ["changed_at_ms"]),
			"of unknown state": object.remove(_flag, ["variant", "safe_variant", "exposure_ratio"]),
			"of a component": _with({"service": "web"}),
			"reachable": _with({"reachable": true}),
			"not covering": _with({"covers_release": false}),
			"no kill switch": _with({"kill_switch": false}),
			"not said to be a kill switch": object.remove(_flag, ["kill_switch"]),
			"of another service": _with({"service": "search"}),
			"exposed to nobody": _with({"exposure_ratio": 0}),
			"off": _with({"variant": "off"}),
			"unreachable": _with({"reachable": false}),
		}
	}
	{name | some name, flags in got; flags == {"new-cart"}} == {"of unknown coverage", "of unknown age", "of unknown state", "of a component", "reachable"}
	{name | some name, flags in got; flags == set()} == {"not covering", "no kill switch", "not said to be a kill switch", "of another service", "exposed to nobody", "off", "unreachable"}
}

test_every_flag_for_itself if {
	flags := [_with({"key": "a", "variant": "off"}), _with({"key": "z", "kill_switch": false}), _with({"key": "y", "covers_release": false}), _with({"key": "b"}), _with({"key": "c", "reachable": false}), _with({"key": "d", "guards_migration": "m"}), _with({"key": "e"})]
	_off(_request(flags)) == {"b", "e"}
	messages := {finding.message | some finding in _findings(_request(flags))}
	messages == {
		"flag `c` cannot be switched, so the artifact has to go back instead",
		"flag `d` guards migration `m`, of which nobody says how far it is; off, the new shape is written no more",
	}
	later := object.union(_request([_with({"key": "a", "changed_at_ms": _changed_ms - 1}), _with({"key": "b"}), _with({"key": "c", "changed_at_ms": _changed_ms + 1})]), _alerts([_changed_ms]))
	_off(later) == {"a", "b"}
	[finding.evidence[0].path | some finding in _findings(later)] == ["/flags/2/changed_at_ms"]
	{[finding.code, finding.evidence[0].path] | some finding in _findings(_request(flags))} == {
		["FLAG_UNREACHABLE", "/flags/4/reachable"],
		["FLAG_GUARDS_MIGRATION", "/flags/5/guards_migration"],
	}
}

test_unreachable if {
	_findings(_request([_with({"reachable": false})])) == {{
		"kind": "note",
		"code": "FLAG_UNREACHABLE",
		"severity": "minor",
		"message": "flag `new-cart` cannot be switched, so the artifact has to go back instead",
		"evidence": [_item("/flags/0/reachable", false, "==", false)],
	}}
	_codes(_request([_with({"reachable": false, "exposure_ratio": 0})])) == set()
	_codes(_request([_with({"reachable": false, "kill_switch": false})])) == set()
}

_at(moment_ms) := _request([_with({"changed_at_ms": moment_ms})])

test_flag_and_deploy_together if {
	_findings(_at(_exposed_ms + 30000)) == {{
		"kind": "unsafe",
		"code": "FLAG_AND_DEPLOY_TOGETHER",
		"severity": "major",
		"message": "flag `new-cart` and the deploy moved within 30 s: nobody can tell which of them to take back",
		"evidence": [
			_time("/flags/0/changed_at_ms", _exposed_ms + 30000, ">=", _exposed_ms),
			_time("/release/exposed_since_ms", _exposed_ms, ">=", _exposed_ms),
		],
	}}
	{offset_ms | some offset_ms in [-60000, -59999, 0, 59999, 60000]; _codes(_at(_exposed_ms + offset_ms)) != set()} == {-59999, 0, 59999}
}

test_same_moment_limit if {
	settings := {"policies": {"flag_first": {"params": {"same_moment_s": 1}}}}
	findings := flag_first.finding with input as _at(_exposed_ms + 30000) with data.belay.settings as settings
	findings == set()
}

test_any_flag_may_be_the_cause if {
	together := {"changed_at_ms": _exposed_ms}
	_codes(_request([object.union(_with({"kill_switch": false, "covers_release": false}), together)])) == {"FLAG_AND_DEPLOY_TOGETHER"}
	_codes(_request([object.union(_with({"service": "search"}), together)])) == set()
	_codes(_request([object.union(_with({"exposure_ratio": 0}), together)])) == set()
}

test_a_release_that_is_a_flag_moves_with_it if {
	request := object.union(_at(_exposed_ms), {"release": {"strategy": "flag"}})
	_findings(request) == set()
	_off(request) == {"new-cart"}
	_codes(object.union(_at(_exposed_ms), {"release": {"strategy": "canary"}})) == {"FLAG_AND_DEPLOY_TOGETHER"}
}

test_change_set if {
	changes := {"release": {"change_set": [
		{"kind": "config", "ref": "timeouts", "at_ms": _changed_ms + 25000},
		{"kind": "code", "at_ms": _changed_ms + 20000},
		{"kind": "flag", "ref": "new-cart", "at_ms": _changed_ms + 25000},
		{"kind": "flag", "ref": "other", "at_ms": _changed_ms + 25000},
		{"kind": "flag", "at_ms": _changed_ms + 25000},
		{"kind": "flag", "ref": "untimed"},
	]}}
	{[finding.message, [item.path | some item in finding.evidence]] | some finding in _findings(object.union(_request([_flag]), changes))} == {
		[
			"flag `new-cart` and the deploy moved within 20 s: nobody can tell which of them to take back",
			["/flags/0/changed_at_ms", "/release/change_set/1/at_ms"],
		],
		[
			"flag `other` and the deploy moved within 5 s: nobody can tell which of them to take back",
			["/release/change_set/3/at_ms", "/release/change_set/1/at_ms"],
		],
	}
}

_migrations(patch) := {"migrations": [{"id": "m0", "phase": "expand", "state": "pending"}, object.union({"id": "m1", "phase": "switch", "state": "applied"}, patch)]}

_guard := _request([_with({"guards_migration": "m1"})])

test_flag_guards_a_migration if {
	request := object.union(_guard, _migrations({}))
	_findings(request) == {{
		"kind": "unsafe",
		"code": "FLAG_GUARDS_MIGRATION",
		"severity": "critical",
		"message": "flag `new-cart` guards migration `m1`, which is applied; off, the new shape is written no more",
		"evidence": [
			_item("/flags/0/guards_migration", "m1", "==", "m1"),
			_item("/migrations/1/state", "applied", "!=", "pending"),
		],
	}}
	first := _findings(object.union(_guard, {"migrations": [{"id": "m1", "phase": "switch", "state": "failed"}]}))
	[finding.message | some finding in first] == ["flag `new-cart` guards migration `m1`, which is failed; off, the new shape is written no more"]
	_off(request) == set()
}

test_flag_guards_what_nobody_describes if {
	_findings(_guard) == {{
		"kind": "unsafe",
		"code": "FLAG_GUARDS_MIGRATION",
		"severity": "critical",
		"message": "flag `new-cart` guards migration `m1`, of which nobody says how far it is; off, the new shape is written no more",
		"evidence": [_item("/flags/0/guards_migration", "m1", "==", "m1")],
	}}
}

test_flag_guards_what_does_no_harm if {
	every patch in [{"phase": "expand"}, {"state": "pending"}] {
		request := object.union(_guard, _migrations(patch))
		_findings(request) == set()
		_off(request) == {"new-cart"}
	}
	_codes(object.union(_guard, {"migrations": [{"id": "m1", "state": "running"}]})) == {"FLAG_GUARDS_MIGRATION"}
}

_alerts(times) := {"health": {"alerts": [{"name": "a", "starts_at_ms": at_ms} | some at_ms in times]}}

test_changed_after_the_trouble_began if {
	request := object.union(_request([_flag]), _alerts([_changed_ms, _changed_ms - 600000]))
	_findings(request) == {{
		"kind": "note",
		"code": "FLAG_CHANGED_LATER",
		"severity": "info",
		"message": "the trouble began 10 min before flag `new-cart` changed: turning it off would not end it",
		"evidence": [
			_time("/flags/0/changed_at_ms", _changed_ms, ">", _changed_ms - 600000),
			_time("/health/alerts/1/starts_at_ms", _changed_ms - 600000, "<", _changed_ms),
		],
	}}
	_off(request) == set()
}

test_changed_before_or_as_the_trouble_began if {
	every times in [[_changed_ms], [_changed_ms + 1], [_exposed_ms - 1], []] {
		_off(object.union(_request([_flag]), _alerts(times))) == {"new-cart"}
	}
	_off(object.union(_request([_flag]), _alerts([_exposed_ms]))) == set()
	unexposed := json.remove(_request([_flag]), ["/release/exposed_since_ms"])
	_off(object.union(unexposed, _alerts([_exposed_ms - 1]))) == set()
}

# The last run of breaches counts, not one that has passed.
test_trouble_by_earlier_checks if {
	before := _changed_ms - 60000
	after := _changed_ms + 60000
	got := {name: _codes(object.union(_request([_flag]), history)) |
		some name, history in {
			"one run": {"history": {"checks": [{"at_ms": before, "breached": [{}]}, {"at_ms": after, "breached": [{}]}]}},
			"an earlier run": {"history": {"checks": [{"at_ms": before - 1, "breached": [{}]}, {"at_ms": before, "breached": []}, {"at_ms": after, "breached": [{}]}]}},
			"none now": {"history": {"checks": [{"at_ms": before, "breached": [{}]}, {"at_ms": after, "breached": []}]}},
			"run after calm": {"history": {"checks": [{"at_ms": before - 1, "breached": []}, {"at_ms": before, "breached": [{}]}]}},
		}
	}
	got == {"one run": {"FLAG_CHANGED_LATER"}, "an earlier run": set(), "none now": set(), "run after calm": {"FLAG_CHANGED_LATER"}}
	run := object.union(_request([_flag]), {"history": {"checks": [{"at_ms": before - 1, "breached": []}, {"at_ms": before, "breached": [{}]}]}})
	[finding.evidence[1] | some finding in _findings(run)] == [_time("/history/checks/1/at_ms", before, "<", _changed_ms)]
}

test_later_flag_that_guards_is_left_alone if {
	_codes(object.union(object.union(_guard, _migrations({})), _alerts([_changed_ms - 1]))) == {"FLAG_CHANGED_LATER"}
}

test_at_most_twenty_of_a_kind if {
	flags := [_with({"key": sprintf("f%d", [i])}) | some i in numbers.range(1, 150)]
	count(_off(_request(flags))) == 100
	count(_findings(_request([object.union(flag, {"reachable": false}) | some flag in flags]))) == 20
}

test_long_names_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	flags := [_with({"key": long, "guards_migration": long, "changed_at_ms": _exposed_ms})]
	{finding.code | some finding in _findings(_request(flags)); text.is_line(finding.message, 500)} == {"FLAG_AND_DEPLOY_TOGETHER", "FLAG_GUARDS_MIGRATION"}
}
