# METADATA
# title: What one policy states
# description: Its findings as far as they can be used, and what is wrong with the rest.
package belay.statement

import data.belay.finding
import data.belay.order

_findings_max := 100

# METADATA
# title: Reading a statement
# description: >-
#  `findings`: those that are well-formed, in order, each with the members of `added`, at most 100.
#  `problems`: a set of messages; what is left out is always named there.
read(stated, added) := {
	"findings": array.slice(sound, 0, _findings_max),
	"problems": union({
		{problem | some one in stated; problem := finding.problem(one)},
		{$"{count(sound)} findings, of which {_findings_max} are kept" | count(sound) > _findings_max},
	}),
} if {
	is_set(stated)
	sound := order.sorted({object.union(one, added) | some one in stated; not finding.problem(one)})
} else := {"findings": [], "problems": {"`finding` is not a set"}}
