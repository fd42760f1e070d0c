package belay.policies.canary_compare

import data.belay.numbers
import data.belay.pointer

_judged_signals := {[metric.signal, metric.service] | some metric in input.derived.judge.metrics}

# Of what a judge was asked for, nothing else is asked.
_is_judged(row) if [row.signal, row.service] in _judged_signals

# Data that is not there accuses nobody, and neither do a few points.
_judge_fails if {
	input.derived.judge.says == "fail"
	input.derived.judge.because != "no_data"
	count(_judged_worse - _judged_blind) > 0
}

_judged_worse contains index if {
	some index, metric in input.derived.judge.metrics
	metric.label in {"high", "low"}
}

# A verdict on so few points that the interval is not what it is called; or none at all on a side,
# where that is why it fails, or was taken for 0 and so for a pass.
_judged_blind contains index if {
	some index, metric in input.derived.judge.metrics
	min([metric.n_candidate, metric.n_baseline]) < _needed_points(metric)
	_matters(metric)
}

_needed_points(metric) := params.min_points if metric.label in {"high", "low"}

else := 1

_matters(metric) if not startswith(metric.label, "nodata")

_matters(_) if input.derived.judge.says == "fail"

_is_blind if count(_judged_blind) > 0

_is_blind if input.derived.judge.because == "no_data"

_judge_message := concat("", [
	$"the judge scores {numbers.short(input.derived.judge.score)} of 100 ",
	$"(passes at {numbers.short(input.derived.judge.pass)}, fails below {numbers.short(input.derived.judge.marginal)})",
])

_score(op, threshold) := {
	"path": "/derived/judge/score",
	"observed": input.derived.judge.score,
	"op": op,
	"threshold": threshold,
	"unit": "of 100",
}

_labels(found) := [item |
	some index in _first(found)
	metric := input.derived.judge.metrics[index]
	item := {
		"path": pointer.of(["derived", "judge", "metrics", index, "label"]),
		"observed": metric.label,
		"op": "!=",
		"threshold": "pass",
		"n": metric.n_candidate,
	}
]

_blind_evidence := array.concat(
	[{"path": "/derived/judge/because", "observed": "no_data", "op": "==", "threshold": "no_data"} |
		input.derived.judge.because == "no_data"
	],
	[item |
		some index in _first(_judged_blind)
		metric := input.derived.judge.metrics[index]
		[points, key] := min([[metric[side], side] | some side in ["n_candidate", "n_baseline"]])
		item := {
			"path": pointer.of(["derived", "judge", "metrics", index, key]),
			"observed": points,
			"op": "<",
			"threshold": _needed_points(metric),
			"unit": "points",
		}
	],
)
