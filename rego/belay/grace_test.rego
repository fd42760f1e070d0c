package belay.grace_test

import data.belay.grace

test_from_exposure if {
	grace.until(300) == {"grace_until_ms": 1767225900000} with input.release.exposed_since_ms as 1767225600000
}

test_is_whole_milliseconds if {
	grace.until(0.0004) == {"grace_until_ms": 1767225600000} with input.release.exposed_since_ms as 1767225600000
}

test_none_without_exposure if {
	grace.until(300) == {} with input as {"release": {}}
	grace.until(300) == {} with input as {}
}
