package belay.settings_test

import data.belay.settings

_defaults := {"limit": 5, "names": [], "strict": false}

_given := {
	"policies": {
		"burn": {"params": {"limit": 7}},
		"quiet": {"mode": "shadow"},
		"gone": {"mode": "off"},
	},
	"overrides": [
		{
			"match": {"service": "checkout"},
			"policies": {"burn": {"mode": "shadow", "params": {"limit": 8, "strict": true}}},
		},
		{
			"match": {"service": "checkout", "env": "production", "tier": 0},
			"policies": {"burn": {"mode": "enforce", "params": {"limit": 9}}, "gone": {"mode": "enforce"}},
		},
	],
}

test_nothing_said if {
	settings.params("burn", _defaults) == _defaults with data.belay.settings as {} with input as {}
	settings.mode("burn") == "enforce" with data.belay.settings as {} with input as {}
	settings.named({}) == set() with data.belay.settings as {}
	settings.mistakes({}, "burn", _defaults) == set() with data.belay.settings as {}
}

test_general if {
	request := {"release": {"service": "search", "env": "production", "tier": 0}}
	got := {name: [settings.mode(name), settings.params(name, _defaults)] |
		some name in ["burn", "quiet", "gone", "new"]
	} with data.belay.settings as _given
		with input as request
	got == {
		"burn": ["enforce", {"limit": 7, "names": [], "strict": false}],
		"quiet": ["shadow", _defaults],
		"gone": ["off", _defaults],
		"new": ["enforce", _defaults],
	}
}

test_matching_override if {
	request := {"release": {"service": "checkout", "env": "staging"}}
	settings.mode("burn") == "shadow" with data.belay.settings as _given with input as request
	settings.params("burn", _defaults) == {"limit": 8, "names": [], "strict": true} with data.belay.settings as _given
		with input as request
}

test_later_override_wins if {
	request := {"release": {"service": "checkout", "env": "production", "tier": 0}}
	settings.mode("burn") == "enforce" with data.belay.settings as _given with input as request
	settings.mode("gone") == "enforce" with data.belay.settings as _given with input as request
	settings.params("burn", _defaults) == {"limit": 9, "names": [], "strict": true} with data.belay.settings as _given
		with input as request
}

test_named if {
	settings.named({"service": "search"}) == {"burn", "gone", "quiet"} with data.belay.settings as _given
	settings.named({"service": "checkout"}) == {"burn", "gone", "new", "quiet"} with data.belay.settings as {
		"policies": _given.policies,
		"overrides": [{"match": {"service": "checkout"}, "policies": {"new": {}}}],
	}
}

test_off_of_yaml_1_1 if {
	settings.mode("burn") == "off" with data.belay.settings as {"policies": {"burn": {"mode": false}}} with input as {}
}

test_slips_leave_the_defaults_in_force if {
	slips := [
		{"policies": {"burn": "off"}},
		{"policies": {"burn": null}},
		{"policies": {"burn": {"mode": "of"}}},
		{"policies": {"burn": {"mode": null, "params": "none"}}},
		{"policies": {"burn": {"params": {"limits": 1, "limit": "7", "names": {}, "strict": null}}}},
		{"policies": [{"burn": {"mode": "off"}}]},
		{"policies": "off", "overrides": "off"},
		{"overrides": [{"policies": {"burn": {"mode": "off"}}}, 5, {"match": {"service": "x"}, "policies": 5}]},
		[],
		"off",
	]
	every slip in slips {
		settings.mode("burn") == "enforce" with data.belay.settings as slip with input as {"release": {"service": "x"}}
		settings.params("burn", _defaults) == _defaults with data.belay.settings as slip
			with input as {"release": {"service": "x"}}
	}
}

test_mistakes if {
	got := [mistakes |
		some entry in [
			{"mode": "off", "params": _defaults},
			"off",
			{"mode": "of", "param": {}},
			{"params": {"limits": 1, "limit": "7", "names": {}, "strict": null}},
		]
		mistakes := settings.mistakes({}, "burn", _defaults) with data.belay.settings as {"policies": {"burn": entry}}
	]
	got == [
		set(),
		{"settings: not an object"},
		{"settings: `mode` is none of enforce, shadow, off", "settings: unknown key `param`"},
		{
			"settings: unknown parameter `limits`",
			"settings: parameter `limit` is of type string, not number",
			"settings: parameter `names` is of type object, not array",
			"settings: parameter `strict` is of type null, not boolean",
		},
	]
}
