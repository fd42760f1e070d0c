package belay.advice_test

import data.belay.advice

_flag := {"act": "flag_off", "flag": "new-cart"}

_target := {"act": "target", "service": "checkout", "version": "2.3.8"}

_include := {"act": "include", "service": "web", "why": "its contract needs the new checkout"}

_exclude := {"act": "exclude", "service": "search", "why": "nothing it uses has changed"}

test_sound if {
	sound := [_flag, _target, object.union(_target, {"digest": "sha256:ab"}), _include, _exclude]
	[problem | some item in sound; problem := advice.problem(item)] == []
}

test_wrong if {
	got := [problem |
		some item in [
			"flag_off", {}, {"act": "restart"}, {"act": null}, {"act": "flag_off"},
			object.remove(_include, ["why"]), object.union(_flag, {"why": "x"}),
			object.union(_flag, {"flag": ""}), object.union(_flag, {"flag": 5}),
			object.union(_flag, {"flag": "a\nb"}), object.remove(_target, ["version"]),
			object.union(_flag, {"flag": concat("", [x | some _ in numbers.range(1, 201); x := "a"])}),
		]
		problem := advice.problem(item)
	]
	unknown := "the `act` of advice is none of exclude, flag_off, include, target"
	line := "advice to flag_off: `flag` is not one line of 1 to 200 characters"
	got == [
		"advice is not an object", unknown, unknown, unknown,
		"advice to flag_off has no `flag`",
		"advice to include has no `why`",
		"advice to flag_off has a key that it never has",
		line, line, line,
		"advice to target names neither `version` nor `digest`",
		line,
	]
}

test_read if {
	advice.read({_flag, _exclude, "x"}, {"policy": "p"}) == {
		"items": [object.union(_exclude, {"policy": "p"}), object.union(_flag, {"policy": "p"})],
		"problems": {"advice is not an object"},
	}
	advice.read([_flag], {}) == {"items": [], "problems": {"`advice` is not a set"}}
	advice.read(set(), {}) == {"items": [], "problems": set()}
}

test_too_many if {
	read := advice.read({object.union(_flag, {"flag": $"f{i}"}) | some i in numbers.range(1, 501)}, {})
	count(read.items) == 500
	read.problems == {"501 items of advice, of which 500 are kept"}
}
