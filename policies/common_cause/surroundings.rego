package belay.policies.common_cause

import data.belay.pointer

# Other services that regressed lately. What was released together is one release.
_regressing contains regression.service if {
	some regression in input.history.regressions
	regression.at_ms >= input.request.now_ms - (params.window_s * 1000)
	not regression.service in _released
}

_released := {input.release.service} | {component.service | some component in input.release.components}

_unrelated := (_regressing - _dependants) - _called

# Whoever calls the service, and whoever calls those: its failure may reach them all.
_dependants := graph.reachable(_callers, {input.release.service})

# `graph.reachable` goes only to what is a key, also where nothing leads on from there.
_callers[service] := object.get(_calling, service, set()) if {
	some edge in input.topology.edges
	some service in [edge.from, edge.to]
}

_calling[edge.to] contains edge.from if some edge in input.topology.edges

_called contains edge.to if {
	some edge in input.topology.edges
	edge.from == input.release.service
}

_regressions(services) := {
	"path": "/history/regressions",
	"observed": services,
	"op": ">=",
	"threshold": params.unrelated_services,
	"unit": "services",
}

_at_fault contains index if {
	some index, provider in input.environment.providers
	provider.status != "ok"
	_is_source(provider.id)
}

_is_source(id) if id in _sources

# Where no signal says where it came from, it may have come from any of them.
_is_source(_) if count(_sources) == 0

_sources contains signal.source.provider if some signal in input.health.signals

_incidents contains index if {
	some index, incident in input.environment.incidents
	input.release.service in incident.services
}

_later contains index if {
	some index, incident in input.environment.incidents
	incident.started_at_ms > input.release.exposed_since_ms
}

_incident_item(index, op) := {
	"path": pointer.of(["environment", "incidents", index, "started_at_ms"]),
	"observed": input.environment.incidents[index].started_at_ms,
	"op": op,
	"threshold": input.release.exposed_since_ms,
	"unit": "ms",
} if {
	input.release.exposed_since_ms
} else := {
	"path": pointer.of(["environment", "incidents", index, "services"]),
	"observed": 1,
	"op": ">=",
	"threshold": 1,
	"unit": "services of that name",
}

_earlier_alerts contains index if {
	some index, alert in input.health.alerts
	alert.starts_at_ms < input.release.exposed_since_ms
}

_alert_item(index) := {
	"path": pointer.of(["health", "alerts", index, "starts_at_ms"]),
	"observed": input.health.alerts[index].starts_at_ms,
	"op": "<",
	"threshold": input.release.exposed_since_ms,
	"unit": "ms",
}
