# METADATA
# title: Topology order
# description: >-
#  Reads which services have to go back together, because a contract between them breaks when only one
#  of them does, and where going back would break one that stays. Its advice tells the planner who is
#  part of the rollback and who is not.
# related_resources:
#  - ref: https://en.wikipedia.org/wiki/Transitive_closure
#    description: the scope is closed over the contracts that break
# custom:
#  owner: release-engineering
package belay.policies.topology_order

import data.belay.numbers
import data.belay.scope
import data.belay.settings
import data.belay.text

default_params := {"max_services": 5}

param_limits := {"max_services": {"min": 1, "integer": true}}

params := settings.params("topology_order", default_params)

# METADATA
# title: Contract unknown
# description: One side goes back, the other stays, and nobody says whether they still understand each other.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "CONTRACT_UNKNOWN",
	"severity": "major",
	"message": $"{text.quoted(edge.goes)} would go back and {text.quoted(edge.stays)} stay, and nobody says whether {_contract(edge)} holds then",
	"evidence": [_compat(edge, "==")],
} if {
	some edge in _first(_unknown)
}

# METADATA
# title: Consumer already upgraded
# description: A service that was not part of the release calls one that goes back, by a contract that needs both to be new.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "CONSUMER_UPGRADED",
	"severity": "critical",
	"message": $"{text.quoted(edge.stays)} already relies on the new {text.quoted(edge.goes)}, and cannot go back with it",
	"evidence": [_compat(edge, "==")],
} if {
	some edge in _first(_broken)
	edge.end == "to"
}

# METADATA
# title: Provider already upgraded
# description: A service that goes back calls one that was not part of the release, by a contract that needs both to be new.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "PROVIDER_UPGRADED",
	"severity": "critical",
	"message": $"{text.quoted(edge.stays)} no longer serves the version of {text.quoted(edge.goes)} before, and cannot go back with it",
	"evidence": [_compat(edge, "==")],
} if {
	some edge in _first(_broken)
	edge.end == "from"
}

# METADATA
# title: Shared database
# description: One side goes back, the other stays, and both use the same data.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "SHARED_DATABASE",
	"severity": "critical",
	"message": $"{text.quoted(edge.goes)} would go back and {text.quoted(edge.stays)} stay, and they share data",
	"evidence": [_edge(edge, "kind", "==", "data"), _edge(edge, "compat", "!=", "both")],
} if {
	some edge in _first(_shared)
}

# METADATA
# title: Backlog in the new format
# description: Messages wait for a service that goes back, and the version before cannot read them.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "BACKLOG_UNREADABLE",
	"severity": "critical",
	"message": $"what waits in {text.quoted(queue.id)} cannot be read by the version of {text.quoted(queue.service)} before{_waiting(queue)}",
	"evidence": _queue_evidence(index, queue),
} if {
	some index in _first(_unreadable)
	queue := input.data_integrity.queues[index]
}

# METADATA
# title: Services that wait for each other
# description: No order is known in which those that go back together could do so one after the other.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "DEPLOY_ORDER_CYCLE",
	"severity": "critical",
	"message": $"{_listed(_cyclic)} call each other in a circle, and no deploy order names them all",
	"evidence": [{"path": "/topology/edges", "observed": count(_cyclic), "op": ">", "threshold": 1, "unit": "services in a circle"}],
} if {
	count(_cyclic) > 0
}

# METADATA
# title: Most important service touched
# description: Another service than the release's own has to go back, and it is of tier 0.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "TIER_0_TOUCHED",
	"severity": "critical",
	"message": $"{text.quoted(service)} is of tier 0, and would have to go back with {text.quoted(input.release.service)}",
	"evidence": [{"path": _tier_0[service], "observed": 0, "op": "==", "threshold": 0, "unit": "tier"}],
} if {
	some service in _first(object.keys(_tier_0))
}

# METADATA
# title: Too many services
# description: More have to go back together than is left to a machine.
# custom:
#  severity: major
finding contains {
	"kind": "unsafe",
	"code": "SCOPE_TOO_LARGE",
	"severity": "major",
	"message": $"{text.counted(size, "service")} would have to go back together, limit {numbers.short(params.max_services)}: {_listed(scope.services)}",
	"evidence": [{"path": "/topology/edges", "observed": size, "op": ">", "threshold": params.max_services, "unit": "services"}],
} if {
	size := count(scope.services)
	size > params.max_services
}

# METADATA
# title: Nothing to go back to
# description: A component has to go back, and names neither a version nor a digest to go back to.
# custom:
#  severity: critical
finding contains {
	"kind": "unsafe",
	"code": "COMPONENT_WITHOUT_TARGET",
	"severity": "critical",
	"message": $"{text.quoted(service)} would have to go back with {text.quoted(input.release.service)}, and names nothing to go back to",
	"evidence": [_stable_evidence(service)],
} if {
	some service in _first(_without_target)
}

# METADATA
# title: More than one service goes back
# description: Contracts that break when only one side goes back take others along.
# custom:
#  severity: info
finding contains {
	"kind": "note",
	"code": "SCOPE_WIDENED",
	"severity": "info",
	"message": $"{text.counted(size, "service")} would go back together: {_listed(scope.services)}",
	"evidence": [_taking(service) | some service in _first(_companions)],
} if {
	count(_companions) > 0
	size := count(scope.services)
}

# METADATA
# title: Who goes back too
# description: Components that a broken contract takes along.
advice contains {"act": "include", "service": service, "why": _why_taken(service)} if {
	some service in _companions
}

# METADATA
# title: Who stays
# description: Components whose contracts hold, and neighbours of those that go back.
advice contains {"act": "exclude", "service": service, "why": _why_left(service)} if {
	some service in array.slice(sort(_left), 0, 200)
}

# A reader gains nothing from the ninth finding of one rule, and all rules together stay below the
# hundred findings that a policy may state.
_first(found) := array.slice(sort(found), 0, 8)
