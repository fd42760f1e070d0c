package belay.text_test

import data.belay.text

test_quoted_in_full if {
	sixty := concat("", [substring("é😀", i % 2, 1) | some i in numbers.range(1, 60)])
	text.quoted(sixty) == concat("", ["`", sixty, "`"])
}

test_quoted_cut if {
	long := concat("", ["😀" | some _ in numbers.range(1, 61)])
	kept := concat("", ["😀" | some _ in numbers.range(1, 59)])
	text.quoted(long) == concat("", ["`", kept, "…`"])
}

test_counted if {
	[text.counted(n, "signal") | some n in [0, 1, 2, 1000]] == ["0 signals", "1 signal", "2 signals", "1000 signals"]
}

test_is_line if {
	every line in ["a", "é 😀", concat("", ["x" | some _ in numbers.range(1, 500)])] {
		text.is_line(line, 500)
	}
	every line in ["", "a\nb", "a\r", "\u2028", "a\u2029b", 5, null, ["a"]] {
		not text.is_line(line, 500)
	}
}

test_is_line_counts_utf_16_code_units if {
	pairs := concat("", ["😀" | some _ in numbers.range(1, 250)])
	text.is_line(pairs, 500)
	not text.is_line(concat("", [pairs, "x"]), 500)
	text.is_line(concat("", ["\uffff" | some _ in numbers.range(1, 500)]), 500)
}
