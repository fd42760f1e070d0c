# METADATA
# title: Well-formed advice
# description: >-
#  What a policy wants to see in the plan, if there is one. A policy may state a set `advice` beside
#  its findings; the host's planner puts it in order. `act` says what: `flag_off` (turn `flag` off
#  first), `target` (take `service` back to this `version` or `digest`, not to the one before),
#  `include` and `exclude` (`service` is part of the rollback, or is not, and `why`).
package belay.advice

import data.belay.text

_needed := {
	"flag_off": {"act", "flag"},
	"target": {"act", "service"},
	"include": {"act", "service", "why"},
	"exclude": {"act", "service", "why"},
}

_allowed := object.union(_needed, {"target": {"act", "service", "version", "digest"}})

_items_max := 500

# METADATA
# title: Reading advice
# description: >-
#  `items`: those that are well-formed, in order, each with the members of `added`. `problems`: a set
#  of messages; what is left out is always named there.
read(stated, added) := {
	"items": array.slice(sound, 0, _items_max),
	"problems": union({
		{wrong | some item in stated; wrong := problem(item)},
		{$"{count(sound)} items of advice, of which {_items_max} are kept" | count(sound) > _items_max},
	}),
} if {
	is_set(stated)
	sound := sort([object.union(item, added) | some item in stated; not problem(item)])
} else := {"items": [], "problems": {"`advice` is not a set"}}

# METADATA
# title: What is wrong with an item of advice
# description: The first thing that is, in words; undefined where nothing is.
problem(item) := "advice is not an object" if not is_object(item)

else := "the `act` of advice is none of exclude, flag_off, include, target" if not _needed[object.get(item, "act", "")]

else := $"advice to {item.act} has no `{missing}`" if missing := min(_needed[item.act] - object.keys(item))

else := $"advice to {item.act} has a key that it never has" if count(object.keys(item) - _allowed[item.act]) > 0

else := $"advice to {item.act}: `{key}` is not one line of 1 to 200 characters" if {
	some key, value in item
	not text.is_line(value, 200)
}

else := "advice to target names neither `version` nor `digest`" if {
	item.act == "target"
	count(object.keys(item) & {"version", "digest"}) == 0
}
