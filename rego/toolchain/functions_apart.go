package main

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

const functionsRoot = "#functions"

// functionsApart gives the modules with those functions moved that stand below the target of a
// with, and with every reference written out. `with data.x as …` replaces documents and leaves
// functions below data.x as they are, but OPA's planner loses them there ("unknown operator"). No
// document can see where a function stands.
func functionsApart(modules map[string]*ast.Module) map[string]*ast.Module {
	out := map[string]*ast.Module{}
	move := func(compiler *ast.Compiler) *ast.Error {
		moved := movedFunctions(compiler.Modules)
		for path, module := range compiler.Modules {
			// The compiler's own copy: nobody else sees it change.
			out[path] = module
			redirect(module, moved)
			if apart := takeApart(module, moved); apart != nil {
				out[path+functionsRoot] = apart
			}
		}
		// What comes after is done when these modules are compiled.
		return ast.NewError(ast.CompileErr, nil, "resolved")
	}
	ast.NewCompiler().
		WithStageAfterID(ast.StageResolveRefs, ast.CompilerStageDefinition{
			Name: "FunctionsApart", MetricName: "functions_apart", Stage: move,
		}).
		Compile(modules)
	return out
}

// movedFunctions gives the new path of each function that is moved, by its path as text.
func movedFunctions(modules map[string]*ast.Module) map[string]ast.Ref {
	var targets []ast.Ref
	for _, module := range modules {
		ast.WalkWiths(module, func(with *ast.With) bool {
			if ref, isRef := with.Target.Value.(ast.Ref); isRef && ref.HasPrefix(ast.DefaultRootRef) {
				targets = append(targets, ref)
			}
			return false
		})
	}
	out := map[string]ast.Ref{}
	for _, module := range modules {
		for _, rule := range module.Rules {
			path := module.Package.Path.Extend(rule.Head.Ref())
			isBelow := func(target ast.Ref) bool { return len(target) < len(path) && path.HasPrefix(target) }
			if len(rule.Head.Args) > 0 && slices.ContainsFunc(targets, isBelow) {
				out[path.String()] = pathApart(path)
			}
		}
	}
	return out
}

func pathApart(path ast.Ref) ast.Ref {
	return append(ast.Ref{path[0], ast.StringTerm(functionsRoot)}, path[1:]...)
}

// redirect lets every call and every mock name functions by where they are moved to.
func redirect(module *ast.Module, moved map[string]ast.Ref) {
	ast.WalkTerms(module, func(term *ast.Term) bool {
		if ref, isRef := term.Value.(ast.Ref); isRef && ref.IsGround() {
			if path, isMoved := moved[ref.String()]; isMoved {
				term.Value = path.Copy()
			}
		}
		return false
	})
}

// takeApart removes the functions that are moved from the module, and gives the one they move to;
// nil where none does.
func takeApart(module *ast.Module, moved map[string]ast.Ref) *ast.Module {
	var kept, apart []*ast.Rule
	for _, rule := range module.Rules {
		if _, isMoved := moved[module.Package.Path.Extend(rule.Head.Ref()).String()]; isMoved {
			apart = append(apart, rule)
		} else {
			kept = append(kept, rule)
		}
	}
	module.Rules = kept
	if len(apart) == 0 {
		return nil
	}
	return &ast.Module{
		Package: &ast.Package{Location: module.Package.Location, Path: pathApart(module.Package.Path)},
		Rules:   apart,
	}
}
