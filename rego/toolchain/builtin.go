package main

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

const codeRefused = "builtin_refused"

// permitted is OPA's own capabilities without the refused builtins and without any network.
func permitted(refused map[string]string) *ast.Capabilities {
	own := ast.CapabilitiesForThisVersion()
	own.AllowNet = []string{}
	own.Builtins = slices.DeleteFunc(own.Builtins, func(b *ast.Builtin) bool {
		_, out := refused[b.Name]
		return out
	})
	return own
}

// refusals finds the uses of refused builtins before anything is compiled, so that they are
// reported with their place and their reason, whatever else is wrong with the sources.
func (s sources) refusals(modules map[string]*ast.Module) []diagnostic {
	declared := declaredNames(modules)
	var out []diagnostic
	for _, module := range modules {
		hidden := declared[module.Package.Path.String()]
		out = append(out, s.refusedUses(builtinUses(module, func(name string) bool {
			return hidden[name] || isImported(module, name)
		}))...)
	}
	return out
}

// queryRefusals does the same for a query, in which no name hides a builtin.
func (s sources) queryRefusals(query ast.Body) []diagnostic {
	return s.refusedUses(builtinUses(query, func(string) bool { return false }))
}

func (s sources) refusedUses(uses []*ast.Term) []diagnostic {
	var out []diagnostic
	for _, term := range uses {
		if message, found := s.Refused[term.Value.String()]; found {
			out = append(out, diagnosticAt(codeRefused, message, term.Location))
		}
	}
	return out
}

// builtinUses gives every term that names a builtin where it is called, mocked, or stands in for
// another function. A name that isHidden means something of the policy's own.
func builtinUses(node any, isHidden func(name string) bool) []*ast.Term {
	var out []*ast.Term
	note := func(term *ast.Term) {
		switch value := term.Value.(type) {
		case ast.Ref:
			if root, isVar := value[0].Value.(ast.Var); isVar && !isHidden(string(root)) {
				out = append(out, term)
			}
		case ast.Var:
			if !isHidden(string(value)) {
				out = append(out, term)
			}
		}
	}
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Expr:
			if x.IsCall() {
				note(x.Terms.([]*ast.Term)[0])
			}
		case ast.Call:
			note(x[0])
		case *ast.With:
			note(x.Target)
			note(x.Value)
		}
		return false
	}).Walk(node)
	return out
}

// declaredNames gives, for each package, the first names of its rules: they hide builtins.
func declaredNames(modules map[string]*ast.Module) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, module := range modules {
		path := module.Package.Path.String()
		if out[path] == nil {
			out[path] = map[string]bool{}
		}
		for _, rule := range module.Rules {
			if root, isVar := rule.Head.Ref()[0].Value.(ast.Var); isVar {
				out[path][string(root)] = true
			}
		}
	}
	return out
}

func isImported(module *ast.Module, name string) bool {
	return slices.ContainsFunc(module.Imports, func(i *ast.Import) bool {
		return string(i.Name()) == name
	})
}

type builtinDeclaration struct {
	Name             string          `json:"name"`
	Decl             *types.Function `json:"decl"`
	Nondeterministic bool            `json:"nondeterministic"`
	Deprecated       bool            `json:"deprecated"`
}

// capabilities lists the builtins OPA declares, refused ones included.
func capabilities(struct{}) (any, []diagnostic) {
	var out []builtinDeclaration
	for _, b := range ast.CapabilitiesForThisVersion().Builtins {
		out = append(out, builtinDeclaration{b.Name, b.Decl, b.Nondeterministic, b.IsDeprecated()})
	}
	return map[string]any{"builtins": out}, nil
}
