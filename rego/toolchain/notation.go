package main

import (
	"bytes"
	"encoding/json"

	"github.com/open-policy-agent/opa/v1/ast"
)

// notation writes a value as OPA's WebAssembly does: JSON, with sets ({1,2}, set()) and with object
// keys of any kind. Numbers keep their digits. A value's own String is for reading: it escapes
// strings as Go does.
func notation(value ast.Value) string {
	var out bytes.Buffer
	writeNotation(&out, value)
	return out.String()
}

func writeNotation(out *bytes.Buffer, value ast.Value) {
	switch value := value.(type) {
	case ast.String:
		writeText(out, string(value))
	case *ast.Array:
		out.WriteByte('[')
		for i := range value.Len() {
			writeElement(out, i, value.Elem(i))
		}
		out.WriteByte(']')
	case ast.Set:
		writeSet(out, value)
	case ast.Object:
		out.WriteByte('{')
		for i, key := range value.Keys() {
			writeElement(out, i, key)
			out.WriteByte(':')
			writeNotation(out, value.Get(key).Value)
		}
		out.WriteByte('}')
	default:
		out.WriteString(value.String())
	}
}

func writeSet(out *bytes.Buffer, set ast.Set) {
	if set.Len() == 0 {
		out.WriteString("set()")
		return
	}
	out.WriteByte('{')
	for i, element := range set.Slice() {
		writeElement(out, i, element)
	}
	out.WriteByte('}')
}

func writeElement(out *bytes.Buffer, index int, element *ast.Term) {
	if index > 0 {
		out.WriteByte(',')
	}
	writeNotation(out, element.Value)
}

func writeText(out *bytes.Buffer, text string) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	must(encoder.Encode(text))
	// The encoder ends each document with a line.
	out.Truncate(out.Len() - 1)
}
