# METADATA
# title: Settings
# description: >-
#  Which policies are in force for this release, and with which parameters. The pack's data says so
#  under `belay.settings`: `policies` for every release, `overrides` for those that match, the later
#  one winning. A policy that is present and not named is in force with its defaults.
package belay.settings

import data.belay.said

# METADATA
# title: Parameters of a policy
# description: >-
#  `defaults`, with what the settings give for this release in their place. Names that are not in
#  `defaults` and values of another type are left out, and the decision says so.
params(policy, defaults) := params_for(input.release, policy, defaults) if is_object(input.release)

else := params_for({}, policy, defaults)

# METADATA
# title: Mode of a policy
# description: '`enforce`, `shadow` or `off`, for this release.'
mode(policy) := mode_for(input.release, policy) if is_object(input.release)

else := mode_for({}, policy)

# METADATA
# title: Parameters of a policy for a release
params_for(release, policy, defaults) := _overlaid(defaults, [entry.params |
	some entry in _entries(release, policy)
])

_overlaid(defaults, given) := defaults if count(given) == 0

else := {name: value |
	some name, fallback in defaults
	fitting := [value |
		some params in given
		value := params[name]
		type_name(value) == type_name(fallback)
	]
	value := array.concat([fallback], fitting)[count(fitting)]
}

# METADATA
# title: Mode of a policy for a release
# description: A word that is no mode is passed over; a slip of the pen switches no policy off.
mode_for(release, policy) := array.concat(["enforce"], said)[count(said)] if {
	said := [_mode(entry.mode) | some entry in _entries(release, policy)]
}

# METADATA
# title: Policies that the settings name for a release
named(release) := {policy |
	some group in _groups(release)
	some policy, _ in group
}

# METADATA
# title: Mistakes in the settings of a policy for a release
# description: What of them is not understood and so not followed, one message each.
mistakes(release, policy, defaults) := {message |
	some entry in _entries(release, policy)
	some message in _mistakes(entry, defaults)
}

_mistakes(entry, defaults) := {"settings: not an object"} if not is_object(entry)

else := union({
	{$"settings: unknown key `{key}`" | some key in (object.keys(entry) - {"mode", "params"})},
	{"settings: `mode` is none of enforce, shadow, off" | not _has_mode(entry)},
	{$"settings: unknown parameter `{name}`" |
		some name, _ in entry.params
		not name in object.keys(defaults)
	},
	{$"settings: parameter `{name}` is of type {type_name(value)}, not {type_name(defaults[name])}" |
		some name, value in entry.params
		type_name(value) != type_name(defaults[name])
	},
})

_has_mode(entry) if _mode(object.get(entry, "mode", "enforce"))

_mode(word) := word if word in {"enforce", "shadow", "off"}

# YAML 1.1, which OPA reads, takes a bare `off` for `false`.
else := "off" if word == false

# What is said of a policy: the general first, the last override last.
_entries(release, policy) := [entry | some group in _groups(release); entry := group[policy]]

_groups(release) := said.groups if release == input.release

else := groups_of(release)

# METADATA
# title: Groups of settings for a release
# description: Objects of entries by policy, the general one first, the last override last.
groups_of(release) := [group |
	some group in array.concat(
		[group | group := data.belay.settings.policies],
		[override.policies | some override in data.belay.settings.overrides; _matches(override.match, release)],
	)
	is_object(group)
]

_matches(match, release) if {
	every key, value in match {
		release[key] == value
	}
}
