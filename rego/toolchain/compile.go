package main

import (
	"context"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/util"
)

type compileRequest struct {
	sources
	// Where absent, the rules and packages annotated as entrypoints.
	Entrypoints []string `json:"entrypoints"`
	Print       bool     `json:"print"`
}

type compileResult struct {
	Wasm        []byte   `json:"wasm"`
	Entrypoints []string `json:"entrypoints"`
}

func compileWasm(request compileRequest) (any, []diagnostic) {
	ctx := context.Background()
	how := compilation{strict: true, print: request.Print}
	policies, diagnostics := request.sources.compile(ctx, how)
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	entrypoints := slices.Compact(slices.Sorted(slices.Values(request.Entrypoints)))
	builder := request.builder(policies.modules, entrypoints).
		WithTarget(compile.TargetWasm).
		WithEnablePrintStatements(request.Print)
	if err := builder.Build(ctx); err != nil {
		return nil, diagnosticsOf(err, "entrypoint_invalid")
	}
	result := compileResult{Wasm: builder.Bundle().WasmModules[0].Raw}
	for _, resolver := range builder.Bundle().Manifest.WasmResolvers {
		result.Entrypoints = append(result.Entrypoints, resolver.Entrypoint)
	}
	return result, nil
}

// builder lays the modules out by path, so that the same sources give the same bytes in any order.
// It takes the modules for its own: what it builds, it also prunes.
func (s sources) builder(modules map[string]*ast.Module, entrypoints []string) *compile.Compiler {
	policies := &bundle.Bundle{Data: map[string]any{}}
	policies.Manifest.Init()
	policies.Manifest.SetRegoVersion(ast.RegoV1)
	for _, path := range util.KeysSorted(modules) {
		policies.Modules = append(policies.Modules, bundle.ModuleFile{
			URL: path, Path: path, Parsed: modules[path],
		})
	}
	return compile.New().
		WithCapabilities(permitted(s.Refused)).
		WithBundle(policies).
		WithEntrypoints(entrypoints...).
		WithRegoAnnotationEntrypoints(len(entrypoints) == 0)
}
