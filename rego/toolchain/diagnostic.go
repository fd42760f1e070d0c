package main

import (
	"cmp"
	"errors"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

type diagnostic struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	place
}

// place is where something stands in a source; all zero where it has no place.
type place struct {
	File string `json:"file"`
	Row  int    `json:"row"`
	Col  int    `json:"col"`
}

func placeOf(at *ast.Location) place {
	if at == nil {
		return place{}
	}
	return place{at.File, at.Row, at.Col}
}

func diagnosticAt(code, message string, at *ast.Location) diagnostic {
	return diagnostic{code, message, placeOf(at)}
}

// diagnosticsOf takes whatever OPA returns as an error apart; code serves what has none of its own.
func diagnosticsOf(err error, code string) []diagnostic {
	if list, ok := errors.AsType[ast.Errors](err); ok {
		out := make([]diagnostic, 0, len(list))
		for _, e := range list {
			out = append(out, diagnosticAt(e.Code, e.Message, e.Location))
		}
		return out
	}
	if e, ok := errors.AsType[*ast.Error](err); ok {
		return []diagnostic{diagnosticAt(e.Code, e.Message, e.Location)}
	}
	if e, ok := errors.AsType[*topdown.Error](err); ok {
		return []diagnostic{diagnosticAt(e.Code, e.Message, e.Location)}
	}
	return []diagnostic{{Code: code, Message: err.Error()}}
}

// inOrder sorts by place and drops what is said twice.
func inOrder(list []diagnostic) []diagnostic {
	slices.SortStableFunc(list, func(a, b diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Row, b.Row),
			cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(list)
}
