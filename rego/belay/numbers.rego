# METADATA
# title: Numbers as text
# description: >-
#  The same text from OPA's interpreter and from WASM. Both print integers alike, but only up to
#  2^31 - 1 (`format_int` aborts above it in WASM), and fractions differently; so a number is scaled
#  to an integer, and its digits are printed in groups.
package belay.numbers

_power := [1, 10, 100, 1000, 10000, 100000, 1000000]

# A half and a little more, with more digits than a double has: no scaled number lies on the limit,
# so binary and decimal arithmetic round alike. Exact halves round away from zero.
_half := 0.500000012345678901234567

# METADATA
# title: Decimal notation
# description: Rounded to `places` (0..6) decimals, without trailing zeros.
decimal(x, places) := "over 10^12" if x >= 1000000000000

else := "below -10^12" if x <= -1000000000000

else := text if {
	scaled := floor((abs(x) * _power[places]) + _half)
	digits := _padded(_digits(scaled), places + 1)
	point := count(digits) - places
	fraction := trim_right(substring(digits, point, -1), "0")
	whole := substring(digits, 0, point)
	text := concat("", [_sign(x, scaled), concat(".", [part | some part in [whole, fraction]; part != ""])])
}

# METADATA
# title: Four significant digits
# description: >-
#  For rates, effects, probabilities and counts. Integers are printed in full, and nothing has more
#  than six decimals.
short(x) := "below 0.000001" if {
	x > 0
	x < 0.000001
} else := decimal(x, _places(abs(x)))

# METADATA
# title: Percent
# description: A ratio of 0..1 as `1.61 %`; between 99 % and 100 % every nine is kept.
percent(ratio) := $"{decimal(ratio * 100, 6)} %" if {
	ratio > 0.99
	ratio < 1
} else := $"{short(ratio * 100)} %"

# METADATA
# title: Duration
# description: Seconds in the largest unit that fits, with one decimal.
duration(seconds) := $"{decimal(seconds / 86400, 1)} d" if {
	seconds >= 86400
} else := $"{decimal(seconds / 3600, 1)} h" if {
	seconds >= 3600
} else := $"{decimal(seconds / 60, 1)} min" if {
	seconds >= 60
} else := $"{decimal(seconds, 1)} s"

_sign(x, scaled) := "-" if {
	x < 0
	scaled > 0
} else := ""

_places(size) := 6 - count([limit | some limit in [0.01, 0.1, 1, 10, 100, 1000]; size >= limit])

_digits(n) := format_int(n, 10) if {
	n < 1000000000
} else := concat("", [format_int(high, 10), _padded(format_int(low, 10), 9)]) if {
	high := floor(n / 1000000000)
	low := n - (high * 1000000000)
}

_padded(digits, width) := concat("", [substring("000000000", 0, max([0, width - count(digits)])), digits])
