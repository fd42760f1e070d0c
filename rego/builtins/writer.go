package main

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
)

// appendValue writes the notation that OPA's WebAssembly reads values in (opa_value_parse).
func appendValue(out []byte, value ast.Value) []byte {
	switch value := value.(type) {
	case ast.Null:
		return append(out, "null"...)
	case ast.Boolean:
		if value {
			return append(out, "true"...)
		}
		return append(out, "false"...)
	case ast.Number:
		return append(out, value...)
	case ast.String:
		return appendString(out, string(value))
	case *ast.Array:
		return appendArray(out, value)
	case ast.Object:
		return appendObject(out, value)
	case ast.Set:
		return appendSet(out, value)
	}
	panic(fmt.Errorf("a builtin gave a %T", value))
}

func appendArray(out []byte, array *ast.Array) []byte {
	out = append(out, '[')
	for i := range array.Len() {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendValue(out, array.Elem(i).Value)
	}
	return append(out, ']')
}

func appendObject(out []byte, object ast.Object) []byte {
	out = append(out, '{')
	first := true
	object.Foreach(func(key, value *ast.Term) {
		if !first {
			out = append(out, ',')
		}
		first = false
		out = appendValue(append(appendValue(out, key.Value), ':'), value.Value)
	})
	return append(out, '}')
}

func appendSet(out []byte, set ast.Set) []byte {
	if set.Len() == 0 {
		return append(out, "set()"...)
	}
	out = append(out, '{')
	first := true
	set.Foreach(func(element *ast.Term) {
		if !first {
			out = append(out, ',')
		}
		first = false
		out = appendValue(out, element.Value)
	})
	return append(out, '}')
}

const hexDigits = "0123456789abcdef"

// appendString escapes what the notation cannot hold, and leaves every other byte as it is.
func appendString(out []byte, text string) []byte {
	out = append(out, '"')
	from := 0
	for i := range len(text) {
		b := text[i]
		if b >= ' ' && b != '"' && b != '\\' {
			continue
		}
		out = append(out, text[from:i]...)
		from = i + 1
		if b >= ' ' {
			out = append(out, '\\', b)
		} else {
			out = append(out, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
		}
	}
	return append(append(out, text[from:]...), '"')
}
