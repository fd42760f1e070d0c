package belay.policies.rollback_target

import data.belay.pointer
import data.belay.scope
import data.belay.text

_item(service, key, op, threshold) := {
	"path": pointer.of(array.concat(scope.released[service].path, ["stable", key])),
	"observed": _stable(service)[key],
	"op": op,
	"threshold": threshold,
}

_bad_evidence(digest) := [{
	"path": min(_bad_places[digest]),
	"observed": digest,
	"op": "==",
	"threshold": digest,
}]

_burn(index, key, limit, unit) := {
	"path": pointer.of(["derived", "burn", index, key]),
	"observed": input.derived.burn[index][key],
	"op": ">=",
	"threshold": limit,
	"unit": unit,
	"n": input.derived.burn[index].total,
}

_named(service) := $"{_version(service)} of {text.quoted(service)}"

_version(service) := text.quoted(_stable(service).version) if {
	_stable(service).version
} else := "the version before"

_no_other(service) := $", and no one of {text.counted(count(input.release.earlier), "earlier version")} qualifies" if {
	service == input.release.service
	count(input.release.earlier) > 0
} else := ""

# The first of the flaws is enough for a line.
_flaw := [words |
	some [flaw, words] in [
		["known_bad", "has failed before"],
		["unsigned", "is not signed"],
		["not_startable", "cannot be started"],
		["not_good", "is not known to be good"],
	]
	input.release.service in _flawed[flaw]
][0]

_flaw_evidence := [item |
	some [flaw, key, threshold] in [
		["known_bad", "digest", _stable(input.release.service).digest],
		["unsigned", "signed", false],
		["not_startable", "startable", "no"],
		["not_good", "known_good", false],
	]
	input.release.service in _flawed[flaw]
	item := _item(input.release.service, key, "==", threshold)
][0]

_digest(earlier) := {"digest": earlier.digest} if {
	earlier.digest
} else := {}
