# METADATA
# title: Versions that can use a store
# description: >-
#  A migration may say from which version of its service (`app_min`) and up to which (`app_max`) the
#  store can be used as it is now.
package belay.schema_range

import data.belay.version

# What the order of a version and a limit must not be.
_beyond := {"app_min": -1, "app_max": 1}

# METADATA
# title: How a version stands to the range of a migration
# description: >-
#  For each limit that the migration names: `inside`, `outside`, or `unknown` where their order is.
stand(migration, candidate) := {limit: _stand(candidate, migration[limit], beyond) | some limit, beyond in _beyond}

_stand(candidate, limit, beyond) := "unknown" if {
	not version.compare(candidate, limit)
} else := "outside" if {
	version.compare(candidate, limit) == beyond
} else := "inside"

# METADATA
# title: A version that is known to be able to use the store
# description: There is a limit, and every limit is kept.
fits(migration, candidate) if {
	{found | some found in stand(migration, candidate)} == {"inside"}
}

# METADATA
# title: A version that is not known to be able to use the store
# description: A limit is broken, or nobody knows whether it is.
excludes(migration, candidate) if {
	some found in stand(migration, candidate)
	found != "inside"
}
