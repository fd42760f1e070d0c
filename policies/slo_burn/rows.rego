package belay.policies.slo_burn

_limit := {
	"fast": {"factor": params.fast_factor, "long_s": params.fast_long_s, "short_s": params.fast_short_s},
	"slow": {"factor": params.slow_factor, "long_s": params.slow_long_s, "short_s": params.slow_short_s},
	"ticket": {"factor": params.ticket_factor, "long_s": params.ticket_long_s, "short_s": params.ticket_short_s},
	"trickle": {"factor": params.trickle_factor, "long_s": params.trickle_long_s, "short_s": params.trickle_short_s},
}

_stronger := {
	"fast": [],
	"slow": ["fast"],
	"ticket": ["fast", "slow"],
	"trickle": ["fast", "slow", "ticket"],
}

# Only what the candidate serves, alone or within the fleet, can be the candidate's doing.
_row_at[row.slo][row.service][row.population][row.window_s] := index if {
	some index, row in input.derived.burn
	row.population in {"candidate", "fleet"}
}

# The two windows of a level, for every objective, service and population that has both.
_pairs[level] contains pair if {
	some level, limit in _limit
	some slo, services in _row_at
	some service, populations in services
	some population, rows in populations
	pair := {
		"stream": [slo, service, population],
		"limit": limit,
		"long": rows[limit.long_s],
		"short": rows[limit.short_s],
	}
}

# Both windows at the limit or over it. A rate of null, for want of events or of a budget, is not.
_over[level] contains pair if {
	some level, pairs in _pairs
	some pair in pairs
	input.derived.burn[pair.long].rate >= pair.limit.factor
	input.derived.burn[pair.short].rate >= pair.limit.factor
}

_tripped[level] contains pair if {
	some level, pairs in _over
	some pair in pairs
	_has_enough_events(pair)
}

# Of one stream the strongest level speaks: a budget that burns fast also burns slowly.
_stated[level] contains pair if {
	some level, pairs in _tripped
	_is_asked(level)
	some pair in pairs
	not _is_outdone(level, pair.stream)
}

_is_outdone(level, stream) if {
	some stronger in _stronger[level]
	stream in _streams_of[stronger]
}

_streams_of[level] contains pair.stream if {
	some level, pairs in _tripped
	some pair in pairs
}

# Over the fast limit on too few events, where no other level has more of them to go by.
_undecided contains pair if {
	some pair in (_over.fast - object.get(_tripped, "fast", set()))
	not _is_told(pair.stream)
}

_is_told(stream) if {
	some level in ["slow", "ticket"]
	_is_asked(level)
	stream in _streams_of[level]
}

# An objective of 1 leaves no budget, and so no rate to hold against a limit.
_intolerable contains pair if {
	some pair in _pairs.fast
	input.derived.burn[pair.long].objective_ratio == 1
	input.derived.burn[pair.long].bad >= params.min_bad
	input.derived.burn[pair.short].bad >= 1
}

# A long window holds all of the short one; what is a little less is how a provider extrapolates.
_contradictory contains pair if {
	some pairs in _pairs
	some pair in pairs
	short := input.derived.burn[pair.short]
	input.derived.burn[pair.long].total < short.total * (1 - params.reset_tolerance_ratio)
}

_unpaired contains slo if {
	some slo in input.health.slos
	not slo.id in _paired
}

_paired contains pair.stream[0] if some pair in _pairs.fast

# Windows of hours look back past a rollback that was carried out minutes ago.
_is_asked(level) if level == "fast"

_is_asked(_) if input.request.question != "verify"

# One bad event of twenty at 99.9 % is a burn rate of 50. The second condition asks for so many
# events that a single bad one would not reach the limit; it is free of rounding at the edge.
_has_enough_events(pair) if {
	row := input.derived.burn[pair.long]
	row.bad >= params.min_bad
	(row.total * pair.limit.factor) * (1 - row.objective_ratio) > 0.999999
}

_is_younger_than(seconds) if {
	input.request.now_ms - input.release.exposed_since_ms <= seconds * 1000
}

# A reader gains nothing from the twenty-first finding of one rule.
_first(found) := array.slice(sort(found), 0, 20)
