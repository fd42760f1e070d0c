package belay.policies.post_rollback_verify_test

_well := "RECOVERED_AFTER_ROLLBACK"

_not_yet := "NOT_RECOVERED_YET"

_worse := "WORSE_AFTER_ROLLBACK"

_quiet := "LOW_TRAFFIC_AFTER_ROLLBACK"

_missing := "UNVERIFIED_AFTER_ROLLBACK"

test_on_target_by_the_objective if {
	got := {bad: _codes_with({"bad": bad}) | some bad in [2, 3]}
	got == {2: {_well}, 3: {_not_yet}}
}

test_the_strictest_objective_is_the_target if {
	request := object.union(_request([_before], [object.union(_signal, {"bad": 3})]), {"health": {"slos": [
		object.union(_slo, {"objective_ratio": 0.9}),
		_slo,
		object.union(_slo, {"signal": "slow", "objective_ratio": 0.9999}),
	]}})
	_codes(request) == {_not_yet}
	_codes(object.union(request, {"health": {"slos": [object.union(_slo, {"objective_ratio": 0.998})]}})) == {_well}
	others := {"health": {"slos": [_slo, object.union(_slo, {"signal": "slow", "objective_ratio": 0.9999})]}}
	_codes(object.union(_request([_before], [object.union(_signal, {"bad": 2})]), others)) == {_well}
}

test_on_target_by_a_limit_or_a_parameter if {
	got := {[more, bad]: _codes(_request([object.union(_before, {"signal": "free"})], [object.union(object.union(_signal, {"id": "free", "bad": bad}), more)])) |
		some more in [{}, {"limit": 0.02}, {"limit": 0.98, "direction": "higher_better"}, {"direction": "lower_better"}]
		some bad in [11, 12, 21, 22]
	}
	got == {
		[{}, 11]: {_well},
		[{}, 12]: {_not_yet},
		[{}, 21]: {_not_yet},
		[{}, 22]: {_not_yet},
		[{"limit": 0.02}, 11]: {_well},
		[{"limit": 0.02}, 12]: {_well},
		[{"limit": 0.02}, 21]: {_well},
		[{"limit": 0.02}, 22]: {_not_yet},
		[{"limit": 0.98, "direction": "higher_better"}, 11]: {_well},
		[{"limit": 0.98, "direction": "higher_better"}, 12]: {_well},
		[{"limit": 0.98, "direction": "higher_better"}, 21]: {_well},
		[{"limit": 0.98, "direction": "higher_better"}, 22]: {_not_yet},
		[{"direction": "lower_better"}, 11]: {_well},
		[{"direction": "lower_better"}, 12]: {_not_yet},
		[{"direction": "lower_better"}, 21]: {_not_yet},
		[{"direction": "lower_better"}, 22]: {_not_yet},
	}
}

# Before 30 of 1000. By the factor 45 are as many; z squared is 9.319 at 58 and 9.889 at 59.
test_worse_by_factor_and_beyond_chance if {
	got := {bad: _codes_with({"bad": bad}) | some bad in [45, 58, 59]}
	got == {45: {_not_yet}, 58: {_not_yet}, 59: {_worse}}
}

test_factor_decides_on_large_samples if {
	many := object.union(_before, {"bad": 30000, "total": 1000000})
	got := {bad: _codes(_request([many], [object.union(_signal, {"bad": bad, "total": 1000000})])) | some bad in [45000, 45001]}
	got == {45000: {_not_yet}, 45001: {_worse}}
}

test_worse_needs_bad_events if {
	none := object.union(_before, {"bad": 0, "total": 100000})
	got := {bad: _codes(_request([none], [object.union(_signal, {"bad": bad, "total": 60})])) | some bad in [0, 2, 3]}
	got == {0: {_well}, 2: {_not_yet}, 3: {_worse}}
}

test_nothing_to_be_worse_than if {
	_codes(_request([object.union(_before, {"bad": 0, "total": 0})], [_signal])) == {_not_yet}
	_codes(_request([object.remove(_before, ["bad", "total"])], [_signal])) == {_not_yet}
	_codes(_request([object.union(_before, {"bad": 1000})], [object.union(_signal, {"bad": 1000})])) == {_not_yet}
}

_p99 := {
	"id": "p99",
	"sli": "latency",
	"critical": true,
	"service": "checkout",
	"population": "fleet",
	"status": "ok",
	"value": 700,
	"limit": 800,
}

_p99_before := {"signal": "p99", "service": "checkout", "value": 900}

_codes_of_value(patch) := _codes(_request([_p99_before], [object.union(_p99, patch)]))

test_values_with_a_limit if {
	got := {value: _codes_of_value({"value": value}) | some value in [700, 800, 801, 1350, 1351]}
	got == {700: {_well}, 800: {_well}, 801: {_not_yet}, 1350: {_not_yet}, 1351: {_worse}}
	up := {"direction": "higher_better", "limit": 1000}
	higher := {value: _codes_of_value(object.union(up, {"value": value})) | some value in [1001, 1000, 999, 450, 449]}
	higher == {1001: {_well}, 1000: {_well}, 999: {_not_yet}, 450: {_not_yet}, 449: {_worse}}
}

test_values_in_words_and_evidence if {
	item := {"path": "/health/signals/0/value"}
	up := {"direction": "higher_better", "limit": 1000}
	got := {[finding.message, finding.evidence] |
		some patch in [{}, up, {"value": 850}, object.union(up, {"value": 1000})]
		some finding in _findings(_request([_p99_before], [object.union(_p99, patch)]))
	}
	got == {
		["recovered: 1 critical signal back on target", [object.union(item, {"observed": 700, "op": "<=", "threshold": 800})]],
		["`p99` of `checkout`, fleet: 700, limit 1000; it has not recovered yet", [object.union(item, {"observed": 700, "op": "<", "threshold": 1000})]],
		["`p99` of `checkout`, fleet: 850, limit 800; it has not recovered yet", [object.union(item, {"observed": 850, "op": ">", "threshold": 800})]],
		["recovered: 1 critical signal back on target", [object.union(item, {"observed": 1000, "op": ">=", "threshold": 1000})]],
	}
	worse := {[finding.message, finding.evidence] |
		some patch in [{"value": 2000}, object.union(up, {"value": 100})]
		some finding in _findings(_request([_p99_before], [object.union(_p99, patch)]))
	}
	worse == {
		[
			"`p99` of `checkout`, fleet: 2000, limit 800; it is worse than before the rollback: 900",
			[
				object.union(item, {"observed": 2000, "op": ">", "threshold": 800}),
				object.union(item, {"observed": 2000, "op": ">", "threshold": 900}),
			],
		],
		[
			"`p99` of `checkout`, fleet: 100, limit 1000; it is worse than before the rollback: 900",
			[
				object.union(item, {"observed": 100, "op": "<", "threshold": 1000}),
				object.union(item, {"observed": 100, "op": "<", "threshold": 900}),
			],
		],
	}
}

test_values_of_small_samples if {
	_codes_of_value({"n": 50}) == {_well}
	{[finding.code, finding.evidence] | some finding in _findings(_request([_p99_before], [object.union(_p99, {"n": 49})]))} == {[
		_quiet,
		[{"path": "/health/signals/0/n", "observed": 49, "op": "<", "threshold": 50, "unit": "events", "n": 49}],
	]}
	_codes_of_value({"bad": 9, "total": 10}) == {_well}
}

test_negative_values if {
	got := {value: _codes(_request([object.union(_p99_before, {"value": -10})], [object.union(_p99, {"limit": -20, "value": value})])) | some value in [-20, -15, -5, -4]}
	got == {-20: {_well}, -15: {_not_yet}, -5: {_not_yet}, -4: {_worse}}
}

test_values_without_a_limit_cannot_be_judged if {
	unlimited := object.remove(_p99, ["limit"])
	_codes(_request([_p99_before], [unlimited])) == {_missing}
	_codes(_request([_p99_before], [object.remove(_p99, ["value"])])) == {_missing}
	_codes(_request([_p99_before], [object.union(unlimited, {"critical": false})])) == set()
}

test_windows if {
	windows := [{"window_s": 3600, "bad": 900, "total": 90000}, {"window_s": 300, "bad": 0, "total": 900}]
	windowed := object.union(object.remove(_signal, ["bad", "total"]), {"windows": windows})
	{finding.evidence[0].path | some finding in _findings(_request([_before], [windowed]))} == {"/health/signals/0/windows/1/bad"}
	few := [{"window_s": 300, "bad": 0, "total": 9}]
	{finding.evidence[0].path | some finding in _findings(_request([_before], [object.union(windowed, {"windows": few})]))} == {
		"/health/signals/0/windows/0/total",
	}
}

test_populations if {
	stable := object.union(_signal, {"population": "stable", "bad": 0})
	candidate := object.union(_signal, {"population": "candidate"})
	drained := object.union(candidate, {"bad": 0, "total": 0})
	_codes(_request([_before], [stable, candidate])) == {_not_yet}
	_codes(_request([_before], [stable, drained])) == {_well}
	_codes(_request([_before], [drained])) == {_quiet}
	_codes(_request([_before], [object.union(stable, {"population": "baseline"})])) == {_missing}
	_codes(_request([_before], [object.union(drained, {"critical": false})])) == set()
}

test_what_cannot_be_judged_now if {
	every status in ["no_data", "nan", "stale", "partial", "error"] {
		_codes_with({"status": status, "bad": 0}) == {_missing}
	}
	_codes_with({"id": "other", "bad": 0}) == {_missing}
	_codes_with({"service": "cart", "bad": 0}) == {_missing}
}

# (1 - 0.999 + 0.001) * 1500 is 3, in binary fractions a little more or less.
test_target_is_free_of_rounding if {
	got := {bad: _codes_with({"bad": bad, "total": 1500}) | some bad in [3, 4]}
	got == {3: {_well}, 4: {_not_yet}}
}

_many_before := [
	{"signal": "p50", "service": "checkout", "value": 300, "bad": 7, "total": 70},
	{"signal": "p90", "service": "checkout", "value": 500},
	{"signal": "rate", "service": "checkout", "value": 90},
	{"signal": "fast", "service": "checkout", "bad": 10, "total": 1000},
	{"signal": "late", "service": "checkout", "bad": 50, "total": 2000},
	{"signal": "rare", "service": "checkout", "bad": 5, "total": 100},
]

_many_now := [
	object.union(_p99, {"id": "p50", "value": 700, "limit": 200}),
	object.union(_p99, {"id": "p90", "value": 510, "limit": 400}),
	object.union(_p99, {"id": "rate", "value": 80, "limit": 100, "direction": "higher_better", "n": 60}),
	object.union(_signal, {"id": "fast", "bad": 100, "total": 1000}),
	object.union(object.remove(_signal, ["bad", "total"]), {"id": "late", "windows": [
		{"window_s": 3600, "bad": 60, "total": 3000},
		{"window_s": 300, "bad": 40, "total": 900},
	]}),
	object.union(_signal, {"id": "rare", "bad": 0, "total": 1}),
]

test_many_signals_keep_their_own_evidence if {
	got := {finding.message: [[item.path, item.observed, item.op, item.threshold, object.get(item, "n", null)] | some item in finding.evidence] |
		some finding in _findings(_request(_many_before, _many_now))
	}
	got == {
		"`p50` of `checkout`, fleet: 700, limit 200; it is worse than before the rollback: 300": [
			["/health/signals/0/value", 700, ">", 200, null],
			["/health/signals/0/value", 700, ">", 300, null],
		],
		"`p90` of `checkout`, fleet: 510, limit 400; it has not recovered yet": [["/health/signals/1/value", 510, ">", 400, null]],
		"`rate` of `checkout`, fleet: 80, limit 100; it has not recovered yet": [["/health/signals/2/value", 80, "<", 100, null]],
		"`fast` of `checkout`, fleet: 10 % bad (100 of 1000); it is worse than before the rollback: 1 % bad (10 of 1000)": [
			["/health/signals/3/bad", 100, ">", 11, 1000],
			["/health/signals/3/bad", 100, ">", 15, 1000],
		],
		"`late` of `checkout`, fleet: 4.444 % bad (40 of 900); it has not recovered yet": [["/health/signals/4/windows/1/bad", 40, ">", 9, 900]],
		"`rare` of `checkout`, fleet: 0 % bad (0 of 1); too few to tell whether it has recovered": [["/health/signals/5/total", 1, "<", 50, 1]],
	}
}

test_many_that_have_recovered if {
	now := [
		object.union(_p99, {"id": "p50", "value": 100, "limit": 200}),
		object.union(_p99, {"id": "rate", "value": 120, "limit": 100, "direction": "higher_better"}),
		object.union(_signal, {"id": "fast", "bad": 1, "total": 2000}),
	]
	before := [before | some before in _many_before; before.signal in {"p50", "rate", "fast"}]
	{[item.path, item.observed, item.op, item.threshold] | some finding in _findings(_request(before, now)); some item in finding.evidence} == {
		["/health/signals/0/value", 100, "<=", 200],
		["/health/signals/1/value", 120, ">=", 100],
		["/health/signals/2/bad", 1, "<=", 22],
	}
}
