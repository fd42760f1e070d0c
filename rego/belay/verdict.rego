# METADATA
# title: Verdict
# description: >-
#  The one table that turns findings into `allow`, `rollback` or `escalate`, the same for every pack.
#  The first row that applies decides, so that every combination has exactly one verdict. Only
#  findings that count are given to it.
package belay.verdict

import data.belay.order

_retry_ms_min := 5000

_retry_ms_max := 60000

_verify_retry_ms := 15000

# A regression of this code says that the rollback has done harm. Nobody waits for a deadline then.
_worse_code := "WORSE_AFTER_ROLLBACK"

# METADATA
# title: Verdict of a set of findings
# description: >-
#  `verdict`, `row` and `code`; `level` where it is `escalate`, `retry_after_ms` where that is `wait`.
#  `findings` is a set, `has_errors` tells whether a policy in force failed, `request` is the
#  normalised input.
of(findings, has_errors, request) := object.union(_outcome(row, facts), {
	"row": row,
	"code": _code(row, [finding | some finding in findings; _decides(row, finding, facts)]),
}) if {
	facts := _facts(findings, has_errors, request)
	row := _row(facts)
}

_facts(findings, has_errors, request) := {
	"errors": has_errors,
	"question": object.get(asked, "question", ""),
	"now_ms": now_ms,
	"deadline_ms": min(_deadlines(asked, request, now_ms)),
	"is_worse": _is_worse(findings),
	"kinds": {finding.kind | some finding in findings},
	"graces": {_grace(finding, now_ms) | some finding in findings; finding.kind == "insufficient"},
} if {
	asked := _asked(request)
	now_ms := object.get(asked, "now_ms", 0)
}

_asked(request) := request.request if is_object(request.request)

else := {}

# The gate's deadline and that of the rollback, as the record has it: the earlier one ends the wait.
_deadlines(asked, request, now_ms) := given if {
	given := array.concat(
		[deadline_ms | deadline_ms := asked.deadline_ms],
		[deadline_ms | deadline_ms := request.history.active_rollback.deadline_ms],
	)
	count(given) > 0
} else := [now_ms]

default _is_worse(_) := false

_is_worse(findings) if {
	some finding in findings
	_says_worse(finding)
}

_says_worse(finding) if {
	finding.kind == "regression"
	finding.code == _worse_code
}

# Without a grace the lack of evidence is not tolerated at all.
_grace(finding, now_ms) := object.get(finding, "grace_until_ms", now_ms)

_row(facts) := 1 if facts.errors

else := 0 if facts.question == "verify"

else := 2 if {
	facts.kinds.regression
	count(facts.kinds & {"unsafe", "hold"}) > 0
}

else := 3 if facts.kinds.regression

else := 4 if {
	facts.kinds.hold
	facts.question == "promote"
}

else := 5 if {
	some grace_until_ms in facts.graces
	grace_until_ms <= facts.now_ms
}

else := 6 if {
	facts.kinds.insufficient
	facts.question == "promote"
}

else := 7

_outcome(0, facts) := {"verdict": "allow"} if _has_recovered(facts)

else := {"verdict": "escalate", "level": "wait", "retry_after_ms": min([_verify_retry_ms, left_ms])} if {
	not facts.is_worse
	left_ms := facts.deadline_ms - facts.now_ms
	left_ms > 0
}

else := {"verdict": "escalate", "level": "page"}

_outcome(1, _) := {"verdict": "escalate", "level": "page"}

_outcome(2, _) := {"verdict": "escalate", "level": "page"}

_outcome(3, _) := {"verdict": "rollback"}

_outcome(4, _) := {"verdict": "escalate", "level": "notify"}

_outcome(5, _) := {"verdict": "escalate", "level": "notify"}

_outcome(6, facts) := {"verdict": "escalate", "level": "wait", "retry_after_ms": retry_after_ms} if {
	left_ms := max(facts.graces) - facts.now_ms
	retry_after_ms := max([_retry_ms_min, min([_retry_ms_max, left_ms])])
}

_outcome(7, _) := {"verdict": "allow"}

_has_recovered(facts) if count(facts.kinds & {"regression", "insufficient"}) == 0

# Whether the row was chosen because of this finding. In the rows that allow, all that was seen is
# equally beside the point, and the most telling finding gives its code.
_decides(0, finding, facts) if {
	facts.is_worse
	_says_worse(finding)
}

_decides(0, finding, facts) if {
	not facts.is_worse
	not _has_recovered(facts)
	finding.kind in {"regression", "insufficient"}
}

_decides(0, _, facts) if _has_recovered(facts)

_decides(2, finding, _) if finding.kind == "regression"

_decides(3, finding, _) if finding.kind == "regression"

_decides(4, finding, _) if finding.kind == "hold"

_decides(5, finding, facts) if {
	finding.kind == "insufficient"
	_grace(finding, facts.now_ms) <= facts.now_ms
}

_decides(6, finding, _) if finding.kind == "insufficient"

_decides(7, _, _)

_code(1, _) := "POLICY_ERROR"

_code(row, deciding) := min([[order.kind(finding), order.severity(finding), finding.code] | some finding in deciding])[2] if {
	row != 1
}

_code(row, []) := "CLEAR" if row != 1
