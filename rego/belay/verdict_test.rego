package belay.verdict_test

import data.belay.verdict

_now_ms := 1767225600000

_findings := {
	"regression": _finding("regression", "R1", {}),
	"unsafe": _finding("unsafe", "U1", {}),
	"hold": _finding("hold", "H1", {}),
	"past": _finding("insufficient", "P1", {"grace_until_ms": _now_ms}),
	"within": _finding("insufficient", "W1", {"grace_until_ms": _now_ms + 30000}),
	"note": _finding("note", "N1", {}),
}

_finding(kind, code, more) := object.union(
	{"kind": kind, "code": code, "severity": "major", "message": "seen", "evidence": [], "policy": "p", "counted": true},
	more,
)

_asked := {
	"continue": {"question": "continue", "now_ms": _now_ms},
	"promote": {"question": "promote", "now_ms": _now_ms},
	"verify before": {"question": "verify", "now_ms": _now_ms, "deadline_ms": _now_ms + 40000},
	"verify after": {"question": "verify", "now_ms": _now_ms, "deadline_ms": _now_ms},
	"verify without": {"question": "verify", "now_ms": _now_ms},
}

# Every set of things that can be seen, 2^7, in two halves: a test of all takes long to trace.
_sights(errors) := {sight |
	some regression in [[], ["regression"]]
	some unsafe in [[], ["unsafe"]]
	some hold in [[], ["hold"]]
	some past in [[], ["past"]]
	some within in [[], ["within"]]
	some note in [[], ["note"]]
	sight := {one | some one in array.flatten([errors, regression, unsafe, hold, past, within, note])}
}

# The table in its own words, a list for each question: the first line all of whose words were seen
# gives the answer.
_continue := [
	[{"regression", "unsafe"}, _page(2, "R1")],
	[{"regression", "hold"}, _page(2, "R1")],
	[{"regression"}, {"verdict": "rollback", "row": 3, "code": "R1"}],
	[{"past"}, _notify(5, "P1")],
	[{"unsafe"}, _allow(7, "U1")],
	[{"hold"}, _allow(7, "H1")],
	[{"within"}, _allow(7, "W1")],
	[{"note"}, _allow(7, "N1")],
	[set(), _allow(7, "CLEAR")],
]

_promote := [
	[{"regression", "unsafe"}, _page(2, "R1")],
	[{"regression", "hold"}, _page(2, "R1")],
	[{"regression"}, {"verdict": "rollback", "row": 3, "code": "R1"}],
	[{"hold"}, _notify(4, "H1")],
	[{"past"}, _notify(5, "P1")],
	[{"within"}, _wait(6, "W1", 30000)],
	[{"unsafe"}, _allow(7, "U1")],
	[{"note"}, _allow(7, "N1")],
	[set(), _allow(7, "CLEAR")],
]

_verify_before := array.concat(
	[
		[{"regression"}, _wait(0, "R1", 15000)],
		[{"past"}, _wait(0, "P1", 15000)],
		[{"within"}, _wait(0, "W1", 15000)],
	],
	_recovered,
)

_verify_after := array.concat(
	[
		[{"regression"}, _page(0, "R1")],
		[{"past"}, _page(0, "P1")],
		[{"within"}, _page(0, "W1")],
	],
	_recovered,
)

_recovered := [
	[{"unsafe"}, _allow(0, "U1")],
	[{"hold"}, _allow(0, "H1")],
	[{"note"}, _allow(0, "N1")],
	[set(), _allow(0, "CLEAR")],
]

_allow(row, code) := {"verdict": "allow", "row": row, "code": code}

_page(row, code) := {"verdict": "escalate", "level": "page", "row": row, "code": code}

_notify(row, code) := {"verdict": "escalate", "level": "notify", "row": row, "code": code}

_wait(row, code, ms) := {"verdict": "escalate", "level": "wait", "retry_after_ms": ms, "row": row, "code": code}

_want(lines, sights) := {sight: [gives | some [seen, gives] in lines; count(seen - sight) == 0][0] | some sight in sights}

_got(asked, sights) := {sight: given |
	some sight in sights
	findings := {_findings[name] | some name in (sight - {"error"})}
	given := verdict.of(findings, "error" in sight, {"request": _asked[asked]})
}

# How often each row of the table decides.
_rows(given) := {row: times |
	some row in {one.row | some one in given}
	times := count({sight | some sight, one in given; one.row == row})
}

# By hand: of 64, 32 have a regression, which unsafe or hold stops in 24. Of the 32 without one, half
# lack evidence past grace.
test_every_combination_continue if {
	sights := _sights([])
	got := _got("continue", sights)
	got == _want(_continue, sights)
	_rows(got) == {2: 24, 3: 8, 5: 16, 7: 16}
}

# Of the 32 without a regression, 16 are on hold, 8 lack evidence past grace, 4 within.
test_every_combination_promote if {
	sights := _sights([])
	got := _got("promote", sights)
	got == _want(_promote, sights)
	_rows(got) == {2: 24, 3: 8, 4: 16, 5: 8, 6: 4, 7: 4}
}

test_every_combination_verify_before_deadline if {
	sights := _sights([])
	got := _got("verify before", sights)
	got == _want(_verify_before, sights)
	_rows(got) == {0: 64}
}

test_every_combination_verify_after_deadline if {
	sights := _sights([])
	got := _got("verify after", sights)
	got == _want(_verify_after, sights)
	_rows(got) == {0: 64}
}

test_every_combination_verify_without_deadline if {
	sights := _sights([])
	got := _got("verify without", sights)
	got == _want(_verify_after, sights)
	_rows(got) == {0: 64}
}

test_every_combination_with_an_error_continue if {
	sights := _sights(["error"])
	_got("continue", sights) == {sight: _page(1, "POLICY_ERROR") | some sight in sights}
}

test_every_combination_with_an_error_promote if {
	sights := _sights(["error"])
	_got("promote", sights) == {sight: _page(1, "POLICY_ERROR") | some sight in sights}
}

test_every_combination_with_an_error_verify_before_deadline if {
	sights := _sights(["error"])
	_got("verify before", sights) == {sight: _page(1, "POLICY_ERROR") | some sight in sights}
}

test_every_combination_with_an_error_verify_after_deadline if {
	sights := _sights(["error"])
	_got("verify after", sights) == {sight: _page(1, "POLICY_ERROR") | some sight in sights}
}

test_every_combination_with_an_error_verify_without_deadline if {
	sights := _sights(["error"])
	_got("verify without", sights) == {sight: _page(1, "POLICY_ERROR") | some sight in sights}
}

test_lack_of_evidence_without_grace_is_past if {
	want := {"verdict": "escalate", "level": "notify", "row": 5, "code": "P1"}
	verdict.of({_finding("insufficient", "P1", {})}, false, {"request": _asked.continue}) == want
}

test_wait_ends_with_the_latest_grace if {
	got := {left_ms: result.retry_after_ms |
		some left_ms in [1, 5000, 5001, 59999, 60000, 60001, 86400000]
		findings := {
			_finding("insufficient", "W1", {"grace_until_ms": _now_ms + 1}),
			_finding("insufficient", "W2", {"grace_until_ms": _now_ms + left_ms}),
		}
		result := verdict.of(findings, false, {"request": _asked.promote})
	}
	got == {1: 5000, 5000: 5000, 5001: 5001, 59999: 59999, 60000: 60000, 60001: 60000, 86400000: 60000}
}

test_verify_asks_again_before_the_deadline if {
	request := {"request": {"question": "verify", "now_ms": _now_ms, "deadline_ms": _now_ms + 14000}}
	want := {"verdict": "escalate", "level": "wait", "retry_after_ms": 14000, "row": 0, "code": "R1"}
	verdict.of({_findings.regression}, false, request) == want
}

test_verify_waits_until_the_earlier_deadline if {
	gate := {"question": "verify", "now_ms": _now_ms, "deadline_ms": _now_ms + 9000}
	open := {"question": "verify", "now_ms": _now_ms}
	got := [
	[result.level, object.get(result, "retry_after_ms", 0)] |
		[asked, deadline_ms] := [
			[gate, _now_ms + 8000],
			[gate, _now_ms + 10000],
			[open, _now_ms + 7000],
			[gate, _now_ms],
			[open, _now_ms - 1],
		][_]
		request := {"request": asked, "history": {"active_rollback": {"deadline_ms": deadline_ms}}}
		result := verdict.of({_findings.past}, false, request)
	]
	got == [["wait", 8000], ["wait", 9000], ["wait", 7000], ["page", 0], ["page", 0]]
}

test_verify_does_not_wait_where_it_is_worse if {
	worse := _finding("regression", "WORSE_AFTER_ROLLBACK", {"severity": "minor"})
	more_telling := _finding("regression", "A1", {"severity": "critical"})
	want := {"verdict": "escalate", "level": "page", "row": 0, "code": "WORSE_AFTER_ROLLBACK"}
	verdict.of({worse, more_telling, _findings.past}, false, {"request": _asked["verify before"]}) == want
}

test_only_a_regression_says_that_it_is_worse if {
	note := _finding("note", "WORSE_AFTER_ROLLBACK", {})
	verdict.of({note, _findings.past}, false, {"request": _asked["verify before"]}) == _wait(0, "P1", 15000)
	worse := _finding("regression", "WORSE_AFTER_ROLLBACK", {})
	verdict.of({worse}, false, {"request": _asked.continue}) == {"verdict": "rollback", "row": 3, "code": "WORSE_AFTER_ROLLBACK"}
}

test_code_of_the_most_severe if {
	findings := {
		_finding("regression", "R2", {"severity": "minor"}),
		_finding("regression", "R4", {"severity": "critical", "policy": "a"}),
		_finding("regression", "R3", {"severity": "critical", "policy": "z"}),
		_finding("insufficient", "P1", {"severity": "critical"}),
	}
	verdict.of(findings, false, {"request": _asked.continue}) == {"verdict": "rollback", "row": 3, "code": "R3"}
}

test_code_is_not_of_a_lack_still_tolerated if {
	findings := {
		_finding("insufficient", "P1", {"severity": "minor"}),
		_finding("insufficient", "W1", {"severity": "critical", "grace_until_ms": _now_ms + 1}),
	}
	want := {"verdict": "escalate", "level": "notify", "row": 5, "code": "P1"}
	verdict.of(findings, false, {"request": _asked.promote}) == want
}

test_errors_need_no_sound_request if {
	want := {"verdict": "escalate", "level": "page", "row": 1, "code": "POLICY_ERROR"}
	every request in [{}, [], null, {"request": 5}, {"request": {"question": 5}}] {
		verdict.of(set(), true, request) == want
	}
}
