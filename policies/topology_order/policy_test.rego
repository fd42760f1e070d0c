package belay.policies.topology_order_test

import data.belay.policies.topology_order
import data.belay.text

_component(service) := {"service": service, "candidate": {"version": "2.0.0"}, "stable": {"version": "1.9.0"}}

_request(components, edges) := {
	"request": {"question": "continue", "now_ms": 1767225600000},
	"release": {"service": "checkout", "components": [_component(service) | some service in components]},
	"topology": {"edges": edges},
}

_edge(from, to, compat) := {"from": from, "to": to, "kind": "sync", "compat": compat}

_bare(from, to) := {"from": from, "to": to, "kind": "sync"}

_findings(request) := found if {
	found := topology_order.finding with input as request with data.belay.settings as {}
}

_codes(request) := {finding.code | some finding in _findings(request)}

_advice(request) := given if {
	given := topology_order.advice with input as request with data.belay.settings as {}
}

_item(path, observed, op, threshold) := {"path": path, "observed": observed, "op": op, "threshold": threshold}

_counted(path, observed, op, threshold, unit) := object.union(_item(path, observed, op, threshold), {"unit": unit})

_unsafe(code, severity, message, evidence) := {
	"kind": "unsafe",
	"code": code,
	"severity": severity,
	"message": message,
	"evidence": evidence,
}

_include(service, why) := {"act": "include", "service": service, "why": why}

_exclude(service, why) := {"act": "exclude", "service": service, "why": why}

test_nothing_to_judge if {
	every request in [{}, {"release": {"service": "checkout"}}, _request(["web"], []), object.remove(_request(["web"], []), ["topology"])] {
		_findings(request) == set()
		_advice(request) == set()
	}
}

test_limits_are_of_parameters if {
	object.keys(topology_order.param_limits) == object.keys(topology_order.default_params)
}

test_no_dependant_affected if {
	request := _request(["web"], [_edge("web", "checkout", "forward"), _edge("checkout", "ledger", "backward"), _edge("search", "mail", "none")])
	_findings(request) == set()
	_advice(request) == {
		_exclude("web", "its contracts hold while it stays"),
		_exclude("ledger", "it is not part of the release"),
	}
}

test_component_without_a_contract_stays if {
	_advice(_request(["web", "mail"], [_edge("web", "checkout", "both")])) == {
		_exclude("web", "its contracts hold while it stays"),
		_exclude("mail", "no contract joins it to those that go back"),
	}
}

test_scope_widened if {
	request := _request(["web", "ledger"], [_edge("web", "checkout", "none"), _edge("checkout", "ledger", "forward"), _edge("search", "web", "both")])
	_findings(request) == {{
		"kind": "note",
		"code": "SCOPE_WIDENED",
		"severity": "info",
		"message": "3 services would go back together: `checkout`, `ledger`, `web`",
		"evidence": [
			_item("/topology/edges/1/compat", "forward", "==", "forward"),
			_item("/topology/edges/0/compat", "none", "==", "none"),
		],
	}}
	_advice(request) == {
		_include("web", "its contract with `checkout` does not hold when only one of the two goes back"),
		_include("ledger", "its contract with `checkout` does not hold when only one of the two goes back"),
		_exclude("search", "it is not part of the release"),
	}
}

# ledger is not joined to checkout itself, but to web, which goes back.
test_scope_over_two_edges if {
	request := _request(["web", "ledger"], [_edge("checkout", "web", "none"), _edge("web", "ledger", "none"), _edge("mail", "web", "both")])
	_include("ledger", "its contract with `web` does not hold when only one of the two goes back") in _advice(request)
}

# The edge that takes web along is named, not one that would hold, nor one of unknown contract, nor its own.
test_why_a_service_is_taken if {
	edges := [
		_edge("checkout", "web", "both"), _edge("web", "checkout", "both"), _edge("web", "web", "none"), _bare("checkout", "web"),
		_edge("search", "web", "none"), _edge("web", "search", "none"), _edge("checkout", "web", "forward"),
	]
	evidence := [finding.evidence | some finding in _findings(_request(["web"], edges)); finding.code == "SCOPE_WIDENED"]
	evidence == [[_item("/topology/edges/6/compat", "forward", "==", "forward")]]
	other := [finding.evidence | some finding in _findings(_request(["web"], [_edge("web", "checkout", "forward"), _edge("web", "checkout", "backward")])); finding.code == "SCOPE_WIDENED"]
	other == [[_item("/topology/edges/1/compat", "backward", "==", "backward")]]
}

test_contract_unknown if {
	_findings(_request([], [_bare("web", "checkout")])) == {_unsafe(
		"CONTRACT_UNKNOWN",
		"major",
		"`checkout` would go back and `web` stay, and nobody says whether their contract holds then",
		[_item("/topology/edges/0/compat", null, "==", null)],
	)}
	{finding.message | some finding in _findings(_request(["web"], [object.union(_bare("checkout", "web"), {"contract": "cart-v2"})]))} == {"`checkout` would go back and `web` stay, and nobody says whether the contract `cart-v2` holds then"}
	_codes(_request([], [_bare("search", "mail"), _bare("checkout", "checkout")])) == set()
}

test_consumer_upgraded if {
	_findings(_request([], [_edge("web", "checkout", "none")])) == {_unsafe(
		"CONSUMER_UPGRADED",
		"critical",
		"`web` already relies on the new `checkout`, and cannot go back with it",
		[_item("/topology/edges/0/compat", "none", "==", "none")],
	)}
}

test_provider_upgraded if {
	_findings(_request([], [_edge("checkout", "ledger", "none")])) == {_unsafe(
		"PROVIDER_UPGRADED",
		"critical",
		"`ledger` no longer serves the version of `checkout` before, and cannot go back with it",
		[_item("/topology/edges/0/compat", "none", "==", "none")],
	)}
}

# It ran with the stable version before the release, and nothing has changed for it.
test_neighbours_that_were_not_released_were_there_before if {
	every compat in ["both", "forward", "backward"] {
		_codes(_request([], [_edge("web", "checkout", compat), _edge("checkout", "ledger", compat)])) == set()
	}
}

test_shared_database if {
	data_edge := {"from": "reports", "to": "checkout", "kind": "data", "compat": "backward"}
	_findings(_request([], [data_edge])) == {_unsafe(
		"SHARED_DATABASE",
		"critical",
		"`checkout` would go back and `reports` stay, and they share data",
		[_item("/topology/edges/0/kind", "data", "==", "data"), _item("/topology/edges/0/compat", "backward", "!=", "both")],
	)}
	_codes(_request([], [object.union(data_edge, {"compat": "none"})])) == {"SHARED_DATABASE"}
	_codes(_request([], [object.union(data_edge, {"compat": "both"})])) == set()
	evidence := [finding.evidence | some finding in _findings(_request(["reports"], [object.remove(data_edge, ["compat"])]))]
	evidence == [[_item("/topology/edges/0/kind", "data", "==", "data"), _item("/topology/edges/0/compat", null, "!=", "both")]]
	_codes(_request(["reports"], [data_edge])) == {"SCOPE_WIDENED"}
}

_with_queues(request, queues) := object.union(request, {"data_integrity": {"queues": queues}})

_queue := {"id": "orders", "service": "checkout", "backlog": 40, "readable_by_stable": false}

test_backlog_unreadable if {
	alone := {"release": {"service": "checkout"}}
	_findings(_with_queues(alone, [object.union(_queue, {"backlog": 0}), _queue])) == {_unsafe(
		"BACKLOG_UNREADABLE",
		"critical",
		"what waits in `orders` cannot be read by the version of `checkout` before: 40 waiting",
		[
			_item("/data_integrity/queues/1/readable_by_stable", false, "==", false),
			_counted("/data_integrity/queues/1/backlog", 40, ">", 0, "messages"),
		],
	)}
	_findings(_with_queues(alone, [object.remove(_queue, ["backlog"])])) == {_unsafe(
		"BACKLOG_UNREADABLE",
		"critical",
		"what waits in `orders` cannot be read by the version of `checkout` before",
		[_item("/data_integrity/queues/0/readable_by_stable", false, "==", false)],
	)}
}

test_backlog_that_does_no_harm if {
	every patch in [{"readable_by_stable": true}, {"service": "billing"}, {"backlog": 0}] {
		_codes(_with_queues(_request(["billing"], []), [object.union(_queue, patch)])) == set()
	}
	_codes(_with_queues(_request([], []), [object.remove(_queue, ["readable_by_stable"])])) == set()
	_codes(_with_queues(_request(["billing"], [_edge("billing", "checkout", "none")]), [object.union(_queue, {"service": "billing"})])) == {"SCOPE_WIDENED", "BACKLOG_UNREADABLE"}
}

_circle := _request(["web", "ledger"], [_edge("web", "checkout", "none"), _edge("checkout", "web", "both"), _edge("checkout", "ledger", "none")])

test_cycle if {
	_unsafe(
		"DEPLOY_ORDER_CYCLE",
		"critical",
		"`checkout`, `web` call each other in a circle, and no deploy order names them all",
		[_counted("/topology/edges", 2, ">", 1, "services in a circle")],
	) in _findings(_circle)
	_codes(_circle) == {"SCOPE_WIDENED", "DEPLOY_ORDER_CYCLE"}
}

test_cycle_over_three if {
	_codes(_request(["web", "ledger"], [_edge("web", "checkout", "none"), _edge("checkout", "ledger", "none"), _edge("ledger", "web", "none")])) == {"SCOPE_WIDENED", "DEPLOY_ORDER_CYCLE"}
}

test_no_cycle if {
	_codes(_request(["web"], [_edge("web", "checkout", "none"), _edge("web", "web", "none"), _edge("checkout", "checkout", "none")])) == {"SCOPE_WIDENED"}
	_codes(_request(["web"], [_edge("web", "checkout", "both"), _edge("checkout", "web", "both")])) == set()
}

test_cycle_that_a_deploy_order_settles if {
	ordered := {order: codes |
		some order in [["web", "checkout"], ["checkout", "web", "x"], ["checkout"], ["web"]]
		codes := _codes(object.union(_circle, {"topology": {"deploy_order": order}}))
	}
	ordered == {
		["web", "checkout"]: {"SCOPE_WIDENED"},
		["checkout", "web", "x"]: {"SCOPE_WIDENED"},
		["checkout"]: {"SCOPE_WIDENED", "DEPLOY_ORDER_CYCLE"},
		["web"]: {"SCOPE_WIDENED", "DEPLOY_ORDER_CYCLE"},
	}
}

_taken := _request(["web"], [_edge("web", "checkout", "none")])

test_tier_0_touched if {
	by_node := object.union(_taken, {"topology": {"nodes": [
		{"service": "web", "tier": 1}, {"service": "web", "tier": 0}, {"service": "web", "tier": 0},
		{"service": "checkout", "tier": 0}, {"service": "search", "tier": 0},
	]}})
	_unsafe(
		"TIER_0_TOUCHED",
		"critical",
		"`web` is of tier 0, and would have to go back with `checkout`",
		[_counted("/topology/nodes/1/tier", 0, "==", 0, "tier")],
	) in _findings(by_node)
	by_component := json.patch(by_node, [{"op": "add", "path": "/release/components/0/tier", "value": 0}])
	evidence := [finding.evidence | some finding in _findings(by_component); finding.code == "TIER_0_TOUCHED"]
	evidence == [[_counted("/release/components/0/tier", 0, "==", 0, "tier")]]
}

test_tier_0_not_touched if {
	_codes(object.union(_taken, {"topology": {"nodes": [{"service": "web", "tier": 1}, {"service": "checkout", "tier": 0}]}})) == {"SCOPE_WIDENED"}
	stays := _request(["web"], [_edge("web", "checkout", "both")])
	_codes(object.union(stays, {"topology": {"nodes": [{"service": "web", "tier": 0}]}})) == set()
}

_services(n) := [sprintf("s%d", [i]) | some i in numbers.range(1, n)]

_star(n) := _request(_services(n), [_edge(service, "checkout", "none") | some service in _services(n)])

test_scope_too_large if {
	_codes(_star(4)) == {"SCOPE_WIDENED"}
	_unsafe(
		"SCOPE_TOO_LARGE",
		"major",
		"6 services would have to go back together, limit 5: `checkout`, `s1`, `s2`, and 3 more",
		[_counted("/topology/edges", 6, ">", 5, "services")],
	) in _findings(_star(5))
	settings := {"policies": {"topology_order": {"params": {"max_services": 6}}}}
	findings := topology_order.finding with input as _star(5) with data.belay.settings as settings
	{finding.code | some finding in findings} == {"SCOPE_WIDENED"}
}

test_component_without_target if {
	_unsafe(
		"COMPONENT_WITHOUT_TARGET",
		"critical",
		"`web` would have to go back with `checkout`, and names nothing to go back to",
		[_item("/release/components/0/stable", null, "==", null)],
	) in _findings(json.remove(_taken, ["/release/components/0/stable"]))
	by_digest := json.patch(_taken, [{"op": "replace", "path": "/release/components/0/stable", "value": {"digest": "sha256:ab"}}])
	_codes(by_digest) == {"SCOPE_WIDENED"}
	empty := json.patch(_taken, [{"op": "replace", "path": "/release/components/0/stable", "value": {}}])
	_codes(empty) == {"SCOPE_WIDENED", "COMPONENT_WITHOUT_TARGET"}
}

test_at_most_eight_of_a_kind if {
	edges := [_bare(sprintf("c%d", [i]), "checkout") | some i in numbers.range(1, 300)]
	count(_findings(_request([], edges))) == 8
	count(_advice(_request([], edges))) == 200
}

test_long_names_fit if {
	long := concat("", ["😀" | some _ in numbers.range(1, 100)])
	names := [sprintf("%s%d", [long, i]) | some i in numbers.range(1, 9)]
	edges := array.concat(
		[_edge(name, "checkout", "none") | some name in names],
		[object.union(_bare(sprintf("x%s", [name]), name), {"contract": long}) | some name in names],
	)
	request := json.patch(_request(names, edges), [{"op": "add", "path": "/topology/edges/-", "value": _edge("checkout", names[0], "none")}])
	{finding.code | some finding in _findings(request); text.is_line(finding.message, 500)} == {"CONTRACT_UNKNOWN", "SCOPE_WIDENED", "SCOPE_TOO_LARGE", "DEPLOY_ORDER_CYCLE"}
	every item in _advice(request) {
		text.is_line(object.get(item, "why", ""), 200)
	}
}
