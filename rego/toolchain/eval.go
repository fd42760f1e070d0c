package main

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

type evalRequest struct {
	sources
	Query               string          `json:"query"`
	Input               json.RawMessage `json:"input"`
	NowMs               *float64        `json:"nowMs"`
	Explain             string          `json:"explain"`
	TraceEventsMax      int             `json:"traceEventsMax"`
	Coverage            bool            `json:"coverage"`
	StrictBuiltinErrors bool            `json:"strictBuiltinErrors"`
}

type evalResult struct {
	Result      []solution    `json:"result"`
	Explanation []string      `json:"explanation,omitempty"`
	Coverage    *cover.Report `json:"coverage,omitempty"`
	Output      string        `json:"output"`
}

type solution struct {
	Expressions []expression `json:"expressions"`
	Bindings    rego.Vars    `json:"bindings"`
}

type expression struct {
	Value any    `json:"value"`
	Text  string `json:"text"`
}

func evaluate(request evalRequest) (any, []diagnostic) {
	ctx := context.Background()
	policies, diagnostics := request.compile(ctx, compilation{print: true})
	query, err := ast.ParseBodyWithOpts(request.Query, parserOptions())
	if err != nil {
		diagnostics = append(diagnostics, diagnosticsOf(err, ast.ParseErr)...)
	} else {
		uses := builtinUses(query, func(string) bool { return false })
		diagnostics = append(diagnostics, refusedUses(uses, codeRefused, request.Refused)...)
	}
	if len(diagnostics) > 0 {
		return nil, inOrder(diagnostics)
	}
	var output bytes.Buffer
	options := []func(*rego.Rego){
		rego.ParsedQuery(query),
		rego.Compiler(policies.compiler),
		rego.Store(policies.store),
		rego.Transaction(policies.txn),
		rego.PrintHook(topdown.NewPrintHook(&output)),
		rego.EnablePrintStatements(true),
		rego.StrictBuiltinErrors(request.StrictBuiltinErrors),
	}
	if request.NowMs != nil {
		options = append(options, rego.Time(time.UnixMilli(int64(*request.NowMs))))
	}
	if len(request.Input) > 0 {
		var input any
		must(util.UnmarshalJSON(request.Input, &input))
		value, err := ast.InterfaceToValue(input)
		must(err)
		options = append(options, rego.ParsedInput(value))
	}
	tracer, coverage := &boundedTracer{eventsMax: request.TraceEventsMax}, cover.New()
	if request.isExplained() {
		options = append(options, rego.QueryTracer(tracer))
	}
	if request.Coverage {
		options = append(options, rego.QueryTracer(coverage))
	}
	solutions, err := rego.New(options...).Eval(ctx)
	if err != nil {
		return nil, diagnosticsOf(err, "eval_error")
	}
	result := evalResult{Result: solutionsOf(solutions), Output: output.String()}
	if request.isExplained() {
		result.Explanation = tracer.lines(request.Explain)
	}
	if request.Coverage {
		report := coverage.Report(policies.modules)
		result.Coverage = &report
	}
	return result, nil
}

func (r evalRequest) isExplained() bool {
	return r.Explain != "" && r.Explain != "off"
}

func solutionsOf(set rego.ResultSet) []solution {
	out := []solution{}
	for _, result := range set {
		one := solution{Expressions: []expression{}, Bindings: result.Bindings}
		for _, e := range result.Expressions {
			one.Expressions = append(one.Expressions, expression{e.Value, e.Text})
		}
		out = append(out, one)
	}
	return out
}
