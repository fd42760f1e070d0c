package belay.schema_range_test

import data.belay.schema_range

_range := {"id": "m1", "app_min": "2.0.0", "app_max": "3.1.0"}

test_stand if {
	got := {version: schema_range.stand(_range, version) | some version in ["1.9.9", "2.0.0", "3.1.0", "3.1.1", "main"]}
	got == {
		"1.9.9": {"app_min": "outside", "app_max": "inside"},
		"2.0.0": {"app_min": "inside", "app_max": "inside"},
		"3.1.0": {"app_min": "inside", "app_max": "inside"},
		"3.1.1": {"app_min": "inside", "app_max": "outside"},
		"main": {"app_min": "unknown", "app_max": "unknown"},
	}
}

test_one_limit_or_none if {
	schema_range.stand({"app_min": "2.0.0"}, "2.3.9") == {"app_min": "inside"}
	schema_range.stand({}, "2.3.9") == {}
}

test_fits_and_excludes if {
	fits := {version | some version in ["1.9.9", "2.0.0", "3.1.1", "main"]; schema_range.fits(_range, version)}
	fits == {"2.0.0"}
	excluded := {version | some version in ["1.9.9", "2.0.0", "3.1.1", "main"]; schema_range.excludes(_range, version)}
	excluded == {"1.9.9", "3.1.1", "main"}
	not schema_range.fits({}, "2.0.0")
	not schema_range.excludes({}, "2.0.0")
}
