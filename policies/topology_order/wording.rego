package belay.policies.topology_order

import data.belay.numbers
import data.belay.pointer
import data.belay.scope
import data.belay.text

_edge(edge, key, op, threshold) := {
	"path": pointer.of(["topology", "edges", edge.index, key]),
	"observed": object.get(input.topology.edges[edge.index], key, null),
	"op": op,
	"threshold": threshold,
}

_compat(edge, op) := _edge(edge, "compat", op, object.get(input.topology.edges[edge.index], "compat", null))

_contract(edge) := $"the contract {text.quoted(contract)}" if {
	contract := input.topology.edges[edge.index].contract
} else := "their contract"

_waiting(queue) := $": {numbers.short(queue.backlog)} waiting" if queue.backlog

else := ""

_queue_evidence(index, queue) := array.concat(
	[{
		"path": pointer.of(["data_integrity", "queues", index, "readable_by_stable"]),
		"observed": false,
		"op": "==",
		"threshold": false,
	}],
	[{
		"path": pointer.of(["data_integrity", "queues", index, "backlog"]),
		"observed": backlog,
		"op": ">",
		"threshold": 0,
		"unit": "messages",
	} |
		backlog := queue.backlog
	],
)

_stable_evidence(service) := {
	"path": pointer.of(array.concat(scope.released[service].path, ["stable"])),
	"observed": null,
	"op": "==",
	"threshold": null,
}

# Three names say enough in a line.
_listed(services) := concat(", ", array.concat(named, [$"and {more} more" | more > 0])) if {
	named := [text.quoted(service) | some service in array.slice(sort(services), 0, 3)]
	more := count(services) - 3
}

_taking_edges[service] contains index if {
	some service in _companions
	some index, edge in input.topology.edges
	edge.compat
	_pair(edge, service)
}

# An edge by which a service that goes back takes this one along.
_pair(edge, service) if {
	edge.to == service
	edge.from in (scope.services - {service})
	not scope.holds(edge, "from")
}

_pair(edge, service) if {
	edge.from == service
	edge.to in (scope.services - {service})
	not scope.holds(edge, "to")
}

_taking(service) := _compat({"index": min(_taking_edges[service])}, "==")

_why_taken(service) := $"its contract with {text.quoted(other)} does not hold when only one of the two goes back" if {
	edge := input.topology.edges[min(_taking_edges[service])]
	other := min({edge.from, edge.to} - {service})
}

_why_left(service) := "it is not part of the release" if not scope.released[service]

else := "its contracts hold while it stays" if service in {edge.stays | some edge in scope.border}

else := "no contract joins it to those that go back"
