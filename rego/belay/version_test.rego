package belay.version_test

import data.belay.version

# In the order of item 11 of the specification, each older than all that follow.
_ordered := [
	"0.9.10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
	"1.0.0-beta.11", "1.0.0-rc.1", "1.0.0-rc-1.1", "1.0.0", "1.2.0", "1.10.0", "2.0.0", "999999999999999.0.0",
]

test_precedence if {
	wrong := [[a, b] |
		some i, a in _ordered
		some j, b in _ordered
		version.compare(a, b) != _sign(i - j)
	]
	wrong == []
	count([1 | some a in _ordered; some b in _ordered; version.compare(a, b)]) == 196
}

_sign(n) := 0 if n == 0

_sign(n) := -1 if n < 0

_sign(n) := 1 if n > 0

test_same_version_in_other_notation if {
	version.compare("v1.2.3", "1.2.3") == 0
	version.compare("1.2.3+build.7", "1.2.3+build.8") == 0
	version.compare("v1.2.3", "v1.3.0-rc.1+x-y") == -1
}

test_equal_whatever_they_are if {
	version.compare("2025-06-01", "2025-06-01") == 0
	version.compare("", "") == 0
}

test_no_order_where_one_is_not_semantic if {
	every other in ["2025-06-01", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "V1.2.3", "1.2.3-", "1.2.3-a..b", "1.2.3+", "main", "", "1.2.3 ", "1000000000000000.0.0"] {
		not version.compare("1.2.3", other)
		not version.compare(other, "1.2.3")
	}
}
