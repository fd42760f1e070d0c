# METADATA
# title: Flag first
# description: >-
#  Reads whether a kill switch takes the release out of effect, which is faster and does less harm than
#  taking the artifact back. Its advice tells the planner which flags to turn off first.
# related_resources:
#  - ref: https://martinfowler.com/articles/feature-toggles.html
#    description: release toggles and ops toggles
# custom:
#  owner: release-engineering
package belay.policies.flag_first

import data.belay.numbers
import data.belay.settings
import data.belay.text

default_params := {"same_moment_s": 60}

param_limits := {"same_moment_s": {"min": 0}}

params := settings.params("flag_first", default_params)

# METADATA
# title: Flag and deploy together
# description: They moved within the same minute, and nobody can tell which of them did it.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "FLAG_AND_DEPLOY_TOGETHER",
	"severity": "major",
	"message": concat("", [
		$"flag {text.quoted(move.flag)} and the deploy moved within {numbers.duration(deploy.apart_ms / 1000)}: ",
		"nobody can tell which of them to take back",
	]),
	"evidence": [
		_time(move.path, move.at_ms, ">=", move.at_ms - deploy.apart_ms),
		_time(deploy.path, deploy.at_ms, ">=", move.at_ms - deploy.apart_ms),
	],
} if {
	some move in _first({move | some move in _moves; _nearest(move)})
	deploy := _nearest(move)
}

# METADATA
# title: Flag guards a migration
# description: Turning it off would stop what the new shape of the data relies on.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "FLAG_GUARDS_MIGRATION",
	"severity": "critical",
	"message": $"flag {text.quoted(flag.key)} guards migration {text.quoted(flag.guards_migration)}, {_described(flag)}; off, the new shape is written no more",
	"evidence": array.concat([_item(index, "guards_migration", "==", flag.guards_migration)], _guarded_evidence(flag)),
} if {
	some index in _first(_guarding)
	flag := input.flags[index]
}

# METADATA
# title: Flag service down
# description: The flag cannot be switched, so the artifact goes back instead.
# custom:
#  severity: minor
finding contains {
	"kind": "note",
	"code": "FLAG_UNREACHABLE",
	"severity": "minor",
	"message": $"flag {text.quoted(input.flags[index].key)} cannot be switched, so the artifact has to go back instead",
	"evidence": [_item(index, "reachable", "==", false)],
} if {
	some index in _first(_unreachable)
}

# METADATA
# title: Flag changed later
# description: The trouble began before the flag changed, so turning it off would not end it.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "FLAG_CHANGED_LATER",
	"severity": "info",
	"message": concat("", [
		$"the trouble began {numbers.duration((input.flags[index].changed_at_ms - _onset.at_ms) / 1000)} before flag ",
		$"{text.quoted(input.flags[index].key)} changed: turning it off would not end it",
	]),
	"evidence": [
		object.union(_item(index, "changed_at_ms", ">", _onset.at_ms), {"unit": "ms"}),
		_time(_onset.path, _onset.at_ms, "<", input.flags[index].changed_at_ms),
	],
} if {
	some index in _first(_late)
}

# METADATA
# title: Flags to turn off first
# description: Kill switches that cover the release, can be reached, and changed before the trouble began.
advice contains {"act": "flag_off", "flag": input.flags[index].key} if {
	some index in array.slice(sort(_switchable - (_late | _guarding)), 0, 100)
}

# A reader gains nothing from the twenty-first finding of one rule.
_first(found) := array.slice(sort(found), 0, 20)
