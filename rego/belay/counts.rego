# METADATA
# title: Counts of a signal
# description: What more than one policy asks of the events that a signal counts.
package belay.counts

# METADATA
# title: Counts nearest to now
# description: >-
#  `bad` and `total` of the signal at this place of the request: its own, or those of its shortest
#  window; `steps` lead to them. Undefined where it has neither.
of(index) := {"bad": signal.bad, "total": signal.total, "steps": ["health", "signals", index]} if {
	signal := input.health.signals[index]
} else := {"bad": window.bad, "total": window.total, "steps": ["health", "signals", index, "windows", place]} if {
	windows := input.health.signals[index].windows
	place := min([[window.window_s, at] | some at, window in windows])[1]
	window := windows[place]
}
