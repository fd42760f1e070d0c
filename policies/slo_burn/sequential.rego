package belay.policies.slo_burn

import data.belay.numbers
import data.belay.pointer
import data.belay.text

# What was counted since the exposure looks back past a rollback that was carried out since.
_sequential_worse contains index if {
	input.request.question != "verify"
	some index, row in input.derived.sequential
	row.bad >= params.min_bad
	_speaks_against(row)
}

_speaks_against(row) if {
	params.sequential == "sprt"
	row.says == "worse"
}

_speaks_against(row) if {
	params.sequential == "e_value"
	row.e_value >= params.e_value_limit
}

_sequential_message(row) := concat("", [
	$"{_who(row)} spends the error budget of {text.quoted(row.slo)} too fast since its exposure: ",
	$"{numbers.short(row.bad)} of {numbers.short(row.total)} bad, {numbers.percent(row.p0)} allowed",
])

_sequential_evidence(index, row) := [
	{
		"path": pointer.of(["derived", "sequential", index, _statistic]),
		"observed": row[_statistic],
		"op": ">=",
		"threshold": _threshold(row),
		"n": row.total,
	},
	{
		"path": pointer.of(["derived", "sequential", index, "bad"]),
		"observed": row.bad,
		"op": ">=",
		"threshold": params.min_bad,
		"unit": "events",
		"n": row.total,
	},
]

_statistic := {"sprt": "llr", "e_value": "e_value"}[params.sequential]

_threshold(row) := row.reject_at if params.sequential == "sprt"

_threshold(_) := params.e_value_limit if params.sequential == "e_value"
