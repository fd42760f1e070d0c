package main

import (
	"context"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"
)

type compileRequest struct {
	sources
	// Where absent, the rules and packages annotated as entrypoints.
	Entrypoints []string `json:"entrypoints"`
}

type compileResult struct {
	Wasm        []byte   `json:"wasm"`
	Entrypoints []string `json:"entrypoints"`
}

func compileWasm(request compileRequest) (any, []diagnostic) {
	ctx := context.Background()
	how := compilation{strict: true, testsRunInWasm: true}
	if _, diagnostics := request.sources.compile(ctx, how); len(diagnostics) > 0 {
		return nil, diagnostics
	}
	policies, err := request.bundle()
	if err != nil {
		return nil, diagnosticsOf(err, ast.ParseErr)
	}
	entrypoints := slices.Compact(slices.Sorted(slices.Values(request.Entrypoints)))
	builder := compile.New().
		WithTarget(compile.TargetWasm).
		WithCapabilities(permitted(request.Refused)).
		WithBundle(policies).
		WithEntrypoints(entrypoints...).
		WithRegoAnnotationEntrypoints(len(entrypoints) == 0)
	if err := builder.Build(ctx); err != nil {
		return nil, diagnosticsOf(err, "entrypoint_invalid")
	}
	result := compileResult{Wasm: builder.Bundle().WasmModules[0].Raw}
	for _, resolver := range builder.Bundle().Manifest.WasmResolvers {
		result.Entrypoints = append(result.Entrypoints, resolver.Entrypoint)
	}
	return result, nil
}

// bundle lays the modules out by path, so that the same sources give the same bytes in any order.
func (s sources) bundle() (*bundle.Bundle, error) {
	out := &bundle.Bundle{Data: map[string]any{}}
	out.Manifest.Init()
	out.Manifest.SetRegoVersion(ast.RegoV1)
	files := slices.SortedFunc(slices.Values(s.Files), func(a, b sourceFile) int {
		return strings.Compare(a.Path, b.Path)
	})
	for _, file := range files {
		module, err := ast.ParseModuleWithOpts(file.Path, file.Text, parserOptions())
		if err != nil {
			return nil, err
		}
		out.Modules = append(out.Modules, bundle.ModuleFile{
			URL: file.Path, Path: file.Path, Raw: []byte(file.Text), Parsed: module,
		})
	}
	return out, nil
}
