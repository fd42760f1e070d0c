package belay.pointer_test

import data.belay.pointer

test_whole_document if {
	pointer.of([]) == ""
}

test_keys_and_indexes if {
	pointer.of(["derived", "burn", 12, "rate"]) == "/derived/burn/12/rate"
}

test_escapes if {
	pointer.of(["a/b", "m~n", "~1", "", "é 😀"]) == "/a~1b/m~0n/~01//é 😀"
}
