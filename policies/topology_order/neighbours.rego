package belay.policies.topology_order

import data.belay.pointer
import data.belay.scope

_border contains edge if {
	some edge in scope.border
	not scope.holds(input.topology.edges[edge.index], edge.end)
}

_shared contains edge if {
	some edge in _border
	input.topology.edges[edge.index].kind == "data"
}

_unknown contains edge if {
	some edge in (_border - _shared)
	not input.topology.edges[edge.index].compat
}

# Who was not released runs with what it ran with before the release: a contract that holds in one
# direction held then. Only `none` says that it has moved on by itself.
_broken contains edge if {
	some edge in (_border - _shared)
	input.topology.edges[edge.index].compat == "none"
}

_companions := scope.services - {input.release.service}

_tier_0[service] := pointer.of(array.concat(scope.released[service].path, ["tier"])) if {
	some service in _companions
	scope.released[service].record.tier == 0
}

_tier_0[node.service] := pointer.of(["topology", "nodes", index, "tier"]) if {
	some index in _most_important
	node := input.topology.nodes[index]
}

# The first node of a service that says so; a component's own word comes before it.
_most_important contains min(indexes) if {
	some service in _companions
	not scope.released[service].record.tier == 0
	indexes := {index |
		some index, node in input.topology.nodes
		node.service == service
		node.tier == 0
	}
}

_without_target contains service if {
	some service in _companions
	not _has_target(scope.released[service].record)
}

_has_target(record) if record.stable.version

_has_target(record) if record.stable.digest

# What waits for a service that stays is read by it.
_unreadable contains index if {
	some index, queue in input.data_integrity.queues
	queue.service in scope.services
	queue.readable_by_stable == false
	object.get(queue, "backlog", 1) > 0
}

# Within the scope, who calls whom.
_calls[edge.from] contains edge.to if {
	some edge in input.topology.edges
	edge.from in scope.services
	edge.to in (scope.services - {edge.from})
}

_circular contains service if {
	some service, called in _calls
	service in graph.reachable(_calls, called)
}

# A deploy order that names them all settles who goes first.
_cyclic contains service if {
	count(_circular - {service | some service in input.topology.deploy_order}) > 0
	some service in _circular
}

_left contains edge.stays if some edge in scope.border

_left contains service if {
	count(input.topology.edges) > 0
	some service in (object.keys(scope.released) - scope.services)
}
