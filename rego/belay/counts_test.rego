package belay.counts_test

import data.belay.counts

_windows := [
	{"window_s": 3600, "bad": 5, "total": 1000},
	{"window_s": 300, "bad": 2, "total": 100},
	{"window_s": 1800, "bad": 4, "total": 600},
]

test_own_counts_come_first if {
	got := counts.of(1) with input.health.signals as [{}, {"bad": 1, "total": 20, "windows": _windows}]
	got == {"bad": 1, "total": 20, "steps": ["health", "signals", 1]}
}

test_the_shortest_window_is_nearest_to_now if {
	got := counts.of(0) with input.health.signals as [{"windows": _windows}]
	got == {"bad": 2, "total": 100, "steps": ["health", "signals", 0, "windows", 1]}
}

test_nothing_is_counted if {
	every signal in [{}, {"value": 3}, {"windows": []}] {
		not counts.of(0) with input.health.signals as [signal]
	}
}
