# METADATA
# title: Well-formed findings
# description: >-
#  What a policy may state. The host reads the answer by a schema of the same content; said here, it
#  is one policy's error and not the end of the whole answer.
package belay.finding

import data.belay.evidence
import data.belay.text

_kinds := {"regression", "unsafe", "insufficient", "hold", "note"}

_severities := {"critical", "major", "minor", "info"}

_needed := {"kind", "code", "severity", "message", "evidence"}

_allowed := _needed | {"grace_until_ms"}

_upper := "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_whole_max := 9007199254740991

# METADATA
# title: What is wrong with a finding
# description: The first thing that is, in words; undefined where nothing is.
problem(finding) := "a finding is not an object" if not is_object(finding)

else := "a finding has no `code` of 2 to 64 upper-case letters, digits and _" if not _is_code(object.get(finding, "code", null))

else := $"{finding.code}: {wrong}" if wrong := _wrong(finding)

_wrong(finding) := $"`{missing}` is missing" if {
	missing := min(_needed - object.keys(finding))
} else := "it has a key that no finding has" if {
	count(object.keys(finding) - _allowed) > 0
} else := "`kind` is none of regression, unsafe, insufficient, hold, note" if {
	not finding.kind in _kinds
} else := "`severity` is none of critical, major, minor, info" if {
	not finding.severity in _severities
} else := "`message` is not one line of 1 to 500 characters" if {
	not text.is_line(finding.message, 500)
} else := "`grace_until_ms` is not for this kind, or not whole milliseconds" if {
	grace_until_ms := finding.grace_until_ms
	not _is_grace(finding.kind, grace_until_ms)
} else := "`evidence` is not an array of at most 32 items" if {
	not _is_list(finding.evidence)
} else := [wrong | some item in finding.evidence; wrong := evidence.problem(item)][0]

_is_code(code) if {
	is_string(code)
	trim(code, $"{_upper}0123456789_") == ""
	trim(substring(code, 0, 1), _upper) == ""
	count(code) >= 2
	count(code) <= 64
}

_is_grace("insufficient", grace_until_ms) if {
	is_number(grace_until_ms)
	grace_until_ms == floor(grace_until_ms)
	abs(grace_until_ms) <= _whole_max
}

_is_list(items) if {
	is_array(items)
	count(items) <= 32
}
