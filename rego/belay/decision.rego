# METADATA
# title: Decision
# description: >-
#  What Belay answers, before the host adds places, margins and the plan. A policy joins by being
#  there: every package `belay.policies.NAME` that has a set `finding` takes part, unless the
#  settings switch it off.
package belay.decision

import data.belay.advice
import data.belay.order
import data.belay.settings
import data.belay.statement
import data.belay.verdict

# METADATA
# title: Answer to a request
# description: '`input` is the normalised request.'
# entrypoint: true
answer := _answer(input, _stated, _advised, _unusable)

# METADATA
# title: Answer from findings made one policy at a time
# description: >-
#  For a host that found an evaluation aborted. `input` is `{request, findings, errors}`: the
#  normalised request, the findings with their `policy`, and `{policy, message}` for each policy that
#  gave none.
# entrypoint: true
combined := _answer(input.request, _given, {}, {error | some error in input.errors})

_default_params[name] := data.belay.policies[name].default_params

_stated[name] := data.belay.policies[name].finding

_advised[name] := data.belay.policies[name].advice

_unusable contains {"policy": name, "message": "`finding` is undefined"} if {
	some name in (object.keys(_default_params) - object.keys(_stated))
}

_unusable contains {"policy": name, "message": "`default_params` is not an object"} if {
	some name, params in _default_params
	not is_object(params)
}

_given[finding.policy] contains object.remove(finding, ["policy"]) if some finding in input.findings

_answer(request, stated, advised, reported) := object.union(
	verdict.of({finding | some finding in findings; finding.counted}, count(errors) > 0, request),
	{"findings": findings, "advice": wanted, "errors": errors, "policies": policies},
) if {
	release := _release(request)
	policies := _in_force(release, object.keys(stated) | object.keys(_default_params))
	read := {name: statement.read(stated[name], {"policy": name, "counted": policy.mode == "enforce"}) |
		some name, policy in policies
	}
	findings := order.sorted({finding | some one in read; some finding in one.findings})
	advising := {name: advice.read(advised[name], {"policy": name}) |
		some name, policy in policies
		policy.mode == "enforce"
	}
	wanted := sort([item | some one in advising; some item in one.items])
	told := {[error.policy, error.message] | some error in reported}
	found := {[name, message] |
		some one_of in [read, advising]
		some name, one in one_of
		some message in one.problems
	}
	blamed := {error |
		some error in union({told, found, _misset(release, policies)})
		settings.mode_for(release, error[0]) == "enforce"
	}
	errors := [{"policy": name, "message": message} |
		some [name, message] in sort(union({blamed, _missing(release, policies), _input_errors(request)}))
	]
}

_in_force(release, names) := {name: {"mode": mode, "params": settings.params_for(release, name, _defaults(name))} |
	some name in names
	mode := settings.mode_for(release, name)
	mode != "off"
}

_misset(release, policies) := {[name, message] |
	some name, _ in policies
	some message in settings.mistakes(release, name, _defaults(name))
}

_missing(release, policies) := {[name, "the settings name it, and there is no such policy"] |
	some name in settings.named(release)
	not policies[name]
	settings.mode_for(release, name) != "off"
}

_input_errors(request) := {["belay.decision", "the input is no normalised request"] | not _is_normalised(request)}

_defaults(name) := _default_params[name] if is_object(_default_params[name])

else := {}

_release(request) := request.release if is_object(request.release)

else := {}

_is_normalised(request) if {
	is_object(request.release)
	is_number(request.request.now_ms)
	request.request.question in {"continue", "promote", "verify"}
}
