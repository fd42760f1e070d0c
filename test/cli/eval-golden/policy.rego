package golden

pi := 3.10

odd := {"10": "<a & b>", "2": 12345678901234567890, {1}: "k", null: 1, "é": "\u2028"}

names contains item.name if some item in input.items

priced[item.name] := item.price if some item in input.items

tags := {tag | some tag in input.items[_].tags}

dear contains item.name if {
	some item in input.items
	item.price > data.limits.most
}

is_dear if count(dear) > 0

double(x) := x * 2

none if input.absent

sum_of_prices := sum([item.price | some item in input.items])
