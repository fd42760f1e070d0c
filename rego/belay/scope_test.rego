package belay.scope_test

import data.belay.scope

_edge(from, to, compat) := {"from": from, "to": to, "kind": "sync", "compat": compat}

_request(edges) := {
	"release": {"service": "checkout", "components": [{"service": "web", "tier": 1}, {"service": "ledger"}, {"service": "web", "tier": 2}]},
	"topology": {"edges": edges},
}

_services(edges) := services if {
	services := scope.services with input as _request(edges)
}

test_released if {
	released := scope.released with input as _request([])
	{service: one.path | some service, one in released} == {
		"checkout": ["release"],
		"web": ["release", "components", 0],
		"ledger": ["release", "components", 1],
	}
	released.web.record.tier == 1
	released.checkout.record.service == "checkout"
}

test_component_that_is_the_release if {
	released := scope.released with input as {"release": {"service": "a", "components": [{"service": "a"}]}}
	{service: one.path | some service, one in released} == {"a": ["release"]}
}

test_nothing_is_taken_without_edges if {
	scope.services == {"checkout"} with input as {"release": {"service": "checkout"}}
	scope.services == set() with input as {}
	_services([]) == {"checkout"}
}

# web calls checkout, checkout calls ledger; checkout goes back.
test_contracts_that_break_take_along if {
	got := {[above, below]: _services([_edge("web", "checkout", above), _edge("checkout", "ledger", below)]) |
		some above in ["both", "forward", "backward", "none"]
		some below in ["both", "forward", "backward", "none"]
	}
	got == {[above, below]: union({{"checkout"}, {"web" | above in {"backward", "none"}}, {"ledger" | below in {"forward", "none"}}}) |
		some above in ["both", "forward", "backward", "none"]
		some below in ["both", "forward", "backward", "none"]
	}
}

test_closed_over_more_than_one_edge if {
	_services([_edge("web", "ledger", "none"), _edge("checkout", "web", "none")]) == {"checkout", "web", "ledger"}
	_services([_edge("web", "ledger", "none"), _edge("web", "checkout", "both")]) == {"checkout"}
}

test_who_was_not_released_is_not_taken if {
	_services([_edge("search", "checkout", "none"), _edge("search", "web", "none")]) == {"checkout"}
}

test_unknown_contract_takes_nobody if {
	_services([{"from": "web", "to": "checkout", "kind": "sync"}]) == {"checkout"}
	_services([{"from": "web", "to": "checkout", "kind": "data"}]) == {"checkout"}
}

test_holds if {
	got := {[kind, compat, end] |
		some kind in ["sync", "async", "data"]
		some compat in ["both", "forward", "backward", "none"]
		some end in ["from", "to"]
		scope.holds({"kind": kind, "compat": compat}, end)
	}
	got == {
		["sync", "both", "from"], ["sync", "both", "to"], ["sync", "backward", "from"], ["sync", "forward", "to"],
		["async", "both", "from"], ["async", "both", "to"], ["async", "backward", "from"], ["async", "forward", "to"],
		["data", "both", "from"], ["data", "both", "to"],
	}
	not scope.holds({"kind": "sync"}, "to")
}

test_border if {
	edges := [
		_edge("web", "checkout", "none"), _edge("search", "web", "both"), _edge("checkout", "ledger", "both"),
		_edge("search", "mail", "none"), _edge("web", "web", "none"),
	]
	border := scope.border with input as _request(edges)
	border == {
		{"index": 1, "end": "to", "goes": "web", "stays": "search"},
		{"index": 2, "end": "from", "goes": "checkout", "stays": "ledger"},
	}
}
