# METADATA
# title: Grace
# description: >-
#  How long after exposure a lack of evidence is tolerated. A release that has just begun to take
#  traffic has nothing to show yet.
package belay.grace

# METADATA
# title: End of grace
# description: >-
#  Members to add to a finding of kind `insufficient`: `grace_until_ms`, or none where it is not
#  known since when the release takes traffic, and so no grace is given.
until(grace_s) := {"grace_until_ms": round(exposed_since_ms + (grace_s * 1000))} if {
	exposed_since_ms := input.release.exposed_since_ms
} else := {}
