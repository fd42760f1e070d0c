package main

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
)

// compilation says how sources are compiled before they are checked, tested or evaluated.
type compilation struct {
	strict bool
	// print statements are kept where somebody reads what they write.
	print bool
	// Test rules are rewritten so that every value in them can be shown.
	traceable bool
	// Each test is made a document of its own.
	testsApart bool
}

// compiled is what a successful compilation leaves behind.
type compiled struct {
	compiler *ast.Compiler
	modules  map[string]*ast.Module
	store    storage.Store
	txn      storage.Transaction
	// In the order of the source; only of tests that are documents of their own.
	tests []testRule
}

func check(request sources) (any, []diagnostic) {
	_, diagnostics := request.compile(context.Background(), compilation{strict: true})
	return struct{}{}, diagnostics
}

// compile parses and compiles all files; what is wrong is reported together, in order.
func (s sources) compile(ctx context.Context, how compilation) (compiled, []diagnostic) {
	modules, diagnostics := s.parse()
	refusals := s.refusals(modules)
	if len(diagnostics) > 0 {
		// What the unreadable files declare is unknown, so that the rest cannot be judged further.
		return compiled{}, inOrder(append(diagnostics, refusals...))
	}
	var tests []testRule
	if how.testsApart {
		tests = nameTestsApart(modules)
	}
	store, txn, err := s.store(ctx)
	if err != nil {
		return compiled{}, []diagnostic{{Code: "data_invalid", Message: err.Error()}}
	}
	compiler := s.compiler(ctx, store, txn, how, len(refusals) > 0)
	if compiler.Compile(modules); compiler.Failed() {
		diagnostics = diagnosticsOf(compiler.Errors, ast.CompileErr)
	}
	return compiled{compiler, modules, store, txn, tests}, inOrder(append(diagnostics, refusals...))
}

// compiler knows no refused builtin, unless one has been reported already: then it knows them, so
// that the same use is not also called an undefined function.
func (s sources) compiler(
	ctx context.Context,
	store storage.Store,
	txn storage.Transaction,
	how compilation,
	isRefused bool,
) *ast.Compiler {
	refused := s.Refused
	if isRefused {
		refused = nil
	}
	return ast.NewCompiler().
		WithCapabilities(permitted(refused)).
		WithStrict(how.strict).
		WithEnablePrintStatements(how.print).
		WithRewriteTestRules(how.traceable).
		WithPathConflictsCheck(storage.NonEmpty(ctx, store, txn)).
		SetErrorLimit(0)
}
