# METADATA
# title: Order of versions
# description: >-
#  By the precedence of Semantic Versioning 2.0.0. OPA's `semver` builtins do not run in WebAssembly,
#  and a leading `v`, which many tags have, is no version to them.
# related_resources:
#  - https://semver.org/spec/v2.0.0.html#spec-item-11
package belay.version

# Fifteen digits are exact in every number there is.
_number := `(?:0|[1-9][0-9]{0,14})`

_semantic := concat("", [
	`^v?`,
	_number,
	`\.`,
	_number,
	`\.`,
	_number,
	`(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?$`,
])

_whole := concat("", ["^", _number, "$"])

# METADATA
# title: Which of two versions comes first
# description: >-
#  -1, 0 or 1, as `a` is older than `b`, the same or newer. Undefined where they differ and one of them
#  is not a semantic version: nobody knows their order then.
compare(a, b) := 0 if {
	a == b
} else := _sign(_rank(a), _rank(b))

_sign(x, y) := 0 if {
	x == y
} else := -1 if {
	x < y
} else := 1

# Rego orders arrays by their elements, and numbers before strings, as the precedence asks for.
_rank(version) := [[to_number(part) | some part in split(core, ".")], _rank_before(core, rest)] if {
	regex.match(_semantic, version)
	rest := split(trim_prefix(version, "v"), "+")[0]
	core := split(rest, "-")[0]
}

# What comes before a release is older than the release.
_rank_before(core, rest) := [1] if {
	core == rest
} else := [0, [_identifier(word) | some word in split(substring(rest, count(core) + 1, -1), ".")]]

_identifier(word) := to_number(word) if {
	regex.match(_whole, word)
} else := word
