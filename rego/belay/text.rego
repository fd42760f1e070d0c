# METADATA
# title: Names and lines
# description: What stands in messages.
package belay.text

import data.belay.numbers

# Ids have up to 200 characters and a message at most 500, so a name is cut where it is quoted.
_name_length_max := 60

_line_breaks := ["\n", "\r", "\u2028", "\u2029"]

# METADATA
# title: A name in backticks
# description: Cut after 60 characters; the evidence has it in full.
quoted(name) := $"`{name}`" if {
	count(name) <= _name_length_max
} else := $"`{substring(name, 0, _name_length_max - 1)}…`"

# METADATA
# title: A count with its noun
# description: '`counted(1, "signal")` is `1 signal`, `counted(2, "signal")` is `2 signals`.'
counted(n, noun) := $"1 {noun}" if {
	n == 1
} else := $"{numbers.decimal(n, 0)} {noun}s"

# METADATA
# title: One line of text
# description: >-
#  Holds for a string that is not empty, has no line break and at most `length_max` UTF-16 code
#  units, the measure of the host's schemas.
is_line(line, length_max) if {
	is_string(line)
	line != ""
	not has_line_break(line)
	_code_units(line, length_max) <= length_max
}

# METADATA
# title: Line breaks
has_line_break(line) if {
	some line_break in _line_breaks
	contains(line, line_break)
}

# Characters beyond the first 65,536 take two units. They are looked for only where they matter.
_code_units(line, length_max) := count(line) if {
	count(line) * 2 <= length_max
} else := count(line) + count([character | some character in split(line, ""); character > "\uffff"])
