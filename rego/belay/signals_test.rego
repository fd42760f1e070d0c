package belay.signals_test

import data.belay.signals

test_own_word_decides if {
	signals.is_critical({"sli": "latency", "critical": true})
	not signals.is_critical({"sli": "availability", "critical": false})
	signals.is_critical({"critical": true})
}

test_default_by_sli if {
	critical := {sli |
		some sli in [
			"availability", "latency", "saturation", "throughput", "correctness",
			"freshness", "business", "synthetic", "log_class",
		]
		signals.is_critical({"sli": sli})
	}
	critical == {"availability", "correctness"}
}

test_neither_said if {
	not signals.is_critical({"id": "x"})
}
