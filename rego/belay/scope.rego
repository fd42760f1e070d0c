# METADATA
# title: Scope of going back
# description: >-
#  Which of the services that were released together have to go back together. A service that goes
#  back while its neighbour stays needs a contract that holds then: the one who calls needs `backward`
#  (the called, still new, serves callers that are old again), the called needs `forward` (old again,
#  it serves callers that are still new). `both` is both. Data outlives whoever wrote it, so an edge of
#  kind `data` holds only with `both`.
package belay.scope

_tolerated := {
	"sync": {"from": {"backward", "both"}, "to": {"forward", "both"}},
	"async": {"from": {"backward", "both"}, "to": {"forward", "both"}},
	"data": {"from": {"both"}, "to": {"both"}},
}

_other := {"from": "to", "to": "from"}

_entries[input.release.service] contains [["release"], input.release]

_entries[component.service] contains [["release", "components", index], component] if {
	some index, component in input.release.components
}

# METADATA
# title: What was released
# description: >-
#  For each service its `path` in the input and what stands there (`record`). A service that is named
#  twice counts as it is named first.
released[service] := {"path": entry[0], "record": entry[1]} if {
	some service, entries in _entries
	entry := min(entries)
}

# METADATA
# title: Whether a contract holds
# description: Holds when the service at that end of the edge (`from` or `to`) goes back alone.
holds(edge, end) if edge.compat in _tolerated[edge.kind][end]

# What is not known to hold and not known to break (no `compat`) takes nobody along.
_taken[edge[end]] contains edge[_other[end]] if {
	some edge in input.topology.edges
	edge.compat
	released[edge.from]
	released[edge.to]
	some end, _ in _other
	not holds(edge, end)
}

# METADATA
# title: Services that go back
# description: The smallest set with the release's service in which no contract breaks that is known to.
services := graph.reachable(
	{service: object.get(_taken, service, set()) | some service, _ in released},
	{service | service := input.release.service},
)

# METADATA
# title: Edges between who goes back and who stays
# description: '`index` of the edge, the `end` that goes back, who `goes` and who `stays`.'
border contains {"index": index, "end": end, "goes": edge[end], "stays": edge[other]} if {
	some index, edge in input.topology.edges
	some end, other in _other
	edge[end] in services
	not edge[other] in services
}
