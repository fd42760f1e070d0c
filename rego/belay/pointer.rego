# METADATA
# title: JSON Pointers
# description: The `path` of an evidence (RFC 6901), from the keys and indexes that lead to a value.
package belay.pointer

# METADATA
# title: Pointer to a value
# description: '`of(["derived", "burn", 0, "rate"])` is `/derived/burn/0/rate`.'
of(steps) := concat("", [$"/{_escaped(step)}" | some step in steps])

_escaped(step) := format_int(step, 10) if is_number(step)

else := replace(replace(step, "~", "~0"), "/", "~1")
