package main

import (
	"cmp"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

type inspection struct {
	Packages []inspectedPackage `json:"packages"`
	Rules    []inspectedRule    `json:"rules"`
}

type inspectedPackage struct {
	Path        string           `json:"path"`
	File        string           `json:"file"`
	Annotations *ast.Annotations `json:"annotations,omitempty"`
}

type inspectedRule struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	place
	Codes       []string         `json:"codes"`
	Annotations *ast.Annotations `json:"annotations,omitempty"`
}

func inspect(request sources) (any, []diagnostic) {
	modules, diagnostics := request.parse()
	if len(diagnostics) > 0 {
		return nil, inOrder(diagnostics)
	}
	out := inspection{Packages: []inspectedPackage{}, Rules: []inspectedRule{}}
	for path, module := range modules {
		out.Packages = append(out.Packages, inspectedPackage{
			Path:        module.Package.Path.String(),
			File:        path,
			Annotations: packageAnnotations(module),
		})
		for _, rule := range module.Rules {
			out.Rules = append(out.Rules, inspectedRule{
				Package:     module.Package.Path.String(),
				Name:        rule.Head.Ref().GroundPrefix().String(),
				place:       placeOf(rule.Location),
				Codes:       codesOf(rule),
				Annotations: nearestAnnotations(rule.Annotations),
			})
		}
	}
	slices.SortFunc(out.Packages, func(a, b inspectedPackage) int {
		return cmp.Compare(a.File, b.File)
	})
	slices.SortStableFunc(out.Rules, func(a, b inspectedRule) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col))
	})
	return out, nil
}

func packageAnnotations(module *ast.Module) *ast.Annotations {
	for _, annotations := range module.Annotations {
		if annotations.Scope == "package" {
			return withoutLocation(annotations)
		}
	}
	return nil
}

// nearestAnnotations prefers what is said of the rule itself to what is said of its document.
func nearestAnnotations(all []*ast.Annotations) *ast.Annotations {
	if len(all) == 0 {
		return nil
	}
	own := slices.IndexFunc(all, func(a *ast.Annotations) bool { return a.Scope == "rule" })
	return withoutLocation(all[max(own, 0)])
}

func withoutLocation(annotations *ast.Annotations) *ast.Annotations {
	out := *annotations
	out.Location = nil
	return &out
}

// codesOf gives every string that stands as the value of a key "code" in an object literal of the
// rule, in the order of the source.
func codesOf(rule *ast.Rule) []string {
	key := ast.StringTerm("code")
	codes := []string{}
	ast.WalkTerms(rule, func(term *ast.Term) bool {
		if object, isObject := term.Value.(ast.Object); isObject {
			if value := object.Get(key); value != nil {
				if text, isString := value.Value.(ast.String); isString {
					codes = append(codes, string(text))
				}
			}
		}
		return false
	})
	return codes
}
