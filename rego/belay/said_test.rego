package belay.said_test

import data.belay.said

test_groups_of_the_release if {
	burn := {"burn": {"mode": "off"}}
	given := {"overrides": [{"match": {"tier": 0}, "policies": burn}, {"match": {"tier": 1}, "policies": {}}]}
	said.groups == [burn] with input as {"release": {"tier": 0}} with data.belay.settings as given
	said.groups == [] with input as {"release": {"tier": 2}} with data.belay.settings as given
	not said.groups with input as {} with data.belay.settings as given
}
