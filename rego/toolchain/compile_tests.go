package main

import (
	"context"
	"fmt"
	"regexp"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/rego"
)

type compileTestsRequest struct {
	sources
	Run string `json:"run"`
}

type compiledTests struct {
	Wasm  []byte         `json:"wasm"`
	Tests []compiledTest `json:"tests"`
}

type compiledTest struct {
	Location place  `json:"location"`
	Package  string `json:"package"`
	Name     string `json:"name"`
	// Whether its document holds cases by their names.
	IsTable    bool   `json:"isTable"`
	Entrypoint string `json:"entrypoint,omitempty"`
	// Why the test has no entrypoint.
	Problem string `json:"problem,omitempty"`
}

// compileTests makes one module of all tests, because most of its size and time is in what they
// test.
func compileTests(request compileTestsRequest) (any, []diagnostic) {
	pattern, err := regexp.Compile(request.Run)
	if err != nil {
		return nil, []diagnostic{{Code: "pattern_invalid", Message: err.Error()}}
	}
	ctx := context.Background()
	policies, refusals, diagnostics := request.read(ctx)
	if len(refusals)+len(diagnostics) > 0 {
		_, diagnostics = request.compile(ctx, compilation{testsApart: true})
		return nil, diagnostics
	}
	result := compiledTests{Tests: []compiledTest{}}
	var chosen []testRule
	for _, test := range nameTestsApart(policies.modules) {
		if !test.isSkipped && pattern.MatchString(test.path().String()) {
			chosen = append(chosen, test)
		}
	}
	wasm, problems, diagnostics := request.build(ctx, policies.modules, chosen)
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	result.Wasm = wasm
	for i, test := range chosen {
		one := compiledTest{
			Location: placeOf(test.rule.Location),
			Package:  test.rule.Module.Package.Path.String(),
			Name:     test.name,
			IsTable:  test.rule.Head.DocKind() == ast.PartialObjectDoc,
			Problem:  problems[i],
		}
		if one.Problem == "" {
			one.Entrypoint = test.entrypoint()
		}
		result.Tests = append(result.Tests, one)
	}
	return result, nil
}

// build gives the module of the tests that can be compiled and, by their place in the list, what
// keeps the others from it.
func (r compileTestsRequest) build(
	ctx context.Context, modules map[string]*ast.Module, tests []testRule,
) ([]byte, map[int]string, []diagnostic) {
	if len(tests) == 0 {
		return nil, nil, nil
	}
	builder := r.builder(functionsApart(modules), entrypointsOf(tests)).WithTarget(compile.TargetWasm)
	err := builder.Build(ctx)
	if err == nil {
		return builder.Bundle().WasmModules[0].Raw, nil, nil
	}
	// Sources that are wrong have no tests to tell apart.
	if _, diagnostics := r.compile(ctx, compilation{testsApart: true}); len(diagnostics) > 0 {
		return nil, nil, diagnostics
	}
	problems := r.problems(ctx, modules, tests)
	if len(problems) == 0 {
		// Each can be compiled alone, and not all together.
		for i := range tests {
			problems[i] = cannotCompile(err)
		}
	}
	var sound []testRule
	for i, test := range tests {
		if _, found := problems[i]; !found {
			sound = append(sound, test)
		}
	}
	wasm, _, diagnostics := r.build(ctx, modules, sound)
	return wasm, problems, diagnostics
}

// problems compiles each test alone, because OPA's planner names no rule when it fails.
func (r compileTestsRequest) problems(
	ctx context.Context, modules map[string]*ast.Module, tests []testRule,
) map[int]string {
	compiler := ast.NewCompiler().WithCapabilities(permitted(r.Refused))
	compiler.Compile(functionsApart(modules))
	out := map[int]string{}
	for i, test := range tests {
		if test.hasSlash() {
			out[i] = "cannot be compiled: a `/` in a name of its path leaves it without an entrypoint"
			continue
		}
		query := ast.NewBody(ast.NewExpr(ast.NewTerm(test.path())))
		if _, err := rego.New(rego.Compiler(compiler), rego.ParsedQuery(query)).Compile(ctx); err != nil {
			out[i] = cannotCompile(err)
		}
	}
	return out
}

func cannotCompile(err error) string {
	return fmt.Sprintf("cannot be compiled: %v", err)
}

func entrypointsOf(tests []testRule) []string {
	var out []string
	for _, test := range tests {
		out = append(out, test.entrypoint())
	}
	return out
}
