# METADATA
# title: Well-formed evidence
# description: >-
#  One observation a finding rests on: at `path` stands `observed`, and `observed op threshold` is
#  what the rule found true.
package belay.evidence

import data.belay.text

_ops := {"<", "<=", ">", ">=", "==", "!="}

_needed := {"path", "observed", "op", "threshold"}

_allowed := _needed | {"unit", "n", "status"}

# METADATA
# title: What is wrong with an item of evidence
# description: The first thing that is, in words; undefined where nothing is.
problem(item) := "evidence is not an object" if not is_object(item)

else := $"evidence has no `{missing}`" if missing := min(_needed - object.keys(item))

else := "evidence has a key that no evidence has" if count(object.keys(item) - _allowed) > 0

else := "the `path` of evidence is not a JSON Pointer" if not _is_pointer(item.path)

else := "the `op` of evidence is none of <, <=, >, >=, ==, !=" if not item.op in _ops

else := $"`{key}` of evidence is not a single value" if {
	some key in ["observed", "threshold"]
	_is_compound(item[key])
}

else := $"`{key}` of evidence is not a string" if {
	some key in ["unit", "status"]
	not is_string(object.get(item, key, ""))
}

else := "`n` of evidence is not a number" if not is_number(object.get(item, "n", 0))

_is_pointer("")

_is_pointer(path) if {
	startswith(path, "/")
	not text.has_line_break(path)
}

_is_compound(value) if type_name(value) in {"array", "object", "set"}
