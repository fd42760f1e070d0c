package belay.policies.evidence_quality

import data.belay.pointer

_providers(status) := {index |
	some index, provider in input.environment.providers
	provider.status == status
}

_provider(index, status) := {
	"path": pointer.of(["environment", "providers", index, "status"]),
	"observed": input.environment.providers[index].status,
	"op": "==",
	"threshold": status,
}
