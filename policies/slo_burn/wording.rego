package belay.policies.slo_burn

import data.belay.numbers
import data.belay.pointer
import data.belay.text

_message(pair) := concat("", [
	$"{_who(long)} burns the error budget of {text.quoted(long.slo)} at {numbers.short(long.rate)} times the allowed rate ",
	$"over {_span(long)} (limit {numbers.short(pair.limit.factor)}): ",
	$"{numbers.short(long.bad)} of {numbers.short(long.total)} bad",
]) if {
	long := input.derived.burn[pair.long]
}

_evidence(pair) := array.concat(
	[
		_rate(pair.long, pair.limit.factor),
		_rate(pair.short, pair.limit.factor),
		_bad(pair.long, params.min_bad),
	],
	_youth(pair.long),
)

_rate(index, factor) := {
	"path": pointer.of(["derived", "burn", index, "rate"]),
	"observed": input.derived.burn[index].rate,
	"op": ">=",
	"threshold": factor,
	"unit": "times",
	"n": input.derived.burn[index].total,
}

_bad(index, bad_min) := {
	"path": pointer.of(["derived", "burn", index, "bad"]),
	"observed": input.derived.burn[index].bad,
	"op": ">=",
	"threshold": bad_min,
	"unit": "events",
	"n": input.derived.burn[index].total,
}

_youth(index) := [{
	"path": pointer.of(["derived", "burn", index, "effective_window_s"]),
	"observed": input.derived.burn[index].effective_window_s,
	"op": "<",
	"threshold": input.derived.burn[index].window_s,
	"unit": "s",
}] if {
	_is_young(input.derived.burn[index])
} else := []

_who(row) := $"the {row.population}" if row.service == input.release.service

else := $"the {row.population} of {text.quoted(row.service)}"

_span(row) := $"{numbers.duration(row.effective_window_s)}, all since its exposure" if _is_young(row)

else := numbers.duration(row.window_s)

# A canary younger than the window has no more than its own life. A fleet was there before.
_is_young(row) if {
	row.population == "candidate"
	row.effective_window_s < row.window_s
}
