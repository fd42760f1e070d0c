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

// readable is what a compilation begins with.
type readable struct {
	modules map[string]*ast.Module
	store   storage.Store
	txn     storage.Transaction
}

// compiled is what a successful compilation leaves behind.
type compiled struct {
	readable
	compiler *ast.Compiler
	// In the order of the source; only of tests that are documents of their own.
	tests []testRule
}

func check(request sources) (any, []diagnostic) {
	_, diagnostics := request.compile(context.Background(), compilation{strict: true})
	return struct{}{}, diagnostics
}

// read gives what can be used and said of the sources without compiling them. What is refused can
// be compiled all the same, to learn what else is wrong.
func (s sources) read(ctx context.Context) (out readable, refusals, diagnostics []diagnostic) {
	modules, diagnostics := s.parse()
	refusals = s.refusals(modules)
	if len(diagnostics) > 0 {
		// What the unreadable files declare is unknown, so that the rest cannot be judged further.
		return readable{}, refusals, diagnostics
	}
	store, txn, err := s.store(ctx)
	if err != nil {
		return readable{}, nil, []diagnostic{{Code: "data_invalid", Message: err.Error()}}
	}
	return readable{modules, store, txn}, refusals, nil
}

// compile parses and compiles all files; what is wrong is reported together, in order.
func (s sources) compile(ctx context.Context, how compilation) (compiled, []diagnostic) {
	read, refusals, diagnostics := s.read(ctx)
	if len(diagnostics) > 0 {
		return compiled{}, inOrder(append(diagnostics, refusals...))
	}
	var tests []testRule
	if how.testsApart {
		tests = nameTestsApart(read.modules)
	}
	compiler := s.compiler(ctx, read.store, read.txn, how, len(refusals) > 0)
	if compiler.Compile(read.modules); compiler.Failed() {
		diagnostics = diagnosticsOf(compiler.Errors, ast.CompileErr)
	}
	return compiled{read, compiler, tests}, inOrder(append(diagnostics, refusals...))
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
