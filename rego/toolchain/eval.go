package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

// evaluation says how a query is evaluated, whatever the input.
type evaluation struct {
	sources
	Query               string   `json:"query"`
	NowMs               *float64 `json:"nowMs"`
	Explain             string   `json:"explain"`
	TraceEventsMax      int      `json:"traceEventsMax"`
	Coverage            bool     `json:"coverage"`
	StrictBuiltinErrors bool     `json:"strictBuiltinErrors"`
	// Beside each value, the same in value notation.
	Notation bool `json:"notation"`
}

type evalRequest struct {
	evaluation
	Input json.RawMessage `json:"input"`
	// A ground Rego term, in the place of the input.
	InputTerm string `json:"inputTerm"`
}

type evalEachRequest struct {
	evaluation
	Inputs []json.RawMessage `json:"inputs"`
}

type evalResult struct {
	Result      []solution    `json:"result"`
	Explanation []string      `json:"explanation,omitempty"`
	Coverage    *cover.Report `json:"coverage,omitempty"`
	Output      string        `json:"output"`
}

type solution struct {
	Expressions []expression               `json:"expressions"`
	Bindings    map[string]json.RawMessage `json:"bindings"`
}

type expression struct {
	Value    json.RawMessage `json:"value"`
	Text     string          `json:"text"`
	Notation string          `json:"notation,omitempty"`
}

type evalEachResult struct {
	Results []reply `json:"results"`
}

func evaluate(request evalRequest) (any, []diagnostic) {
	ctx := context.Background()
	query, diagnostics := request.prepare(ctx)
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	input, diagnostics := request.input()
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	return query.evaluate(ctx, input)
}

// evaluateEach keeps what fails for one input apart from the others.
func evaluateEach(request evalEachRequest) (any, []diagnostic) {
	ctx := context.Background()
	query, diagnostics := request.prepare(ctx)
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	out := evalEachResult{Results: []reply{}}
	for _, document := range request.Inputs {
		result, diagnostics := query.evaluate(ctx, inputValue(document))
		out.Results = append(out.Results, reply{Result: result, Diagnostics: diagnostics})
	}
	return out, nil
}

func (r evalRequest) input() (ast.Value, []diagnostic) {
	if r.InputTerm == "" {
		return inputValue(r.Input), nil
	}
	term, err := ast.ParseTerm(r.InputTerm)
	if err != nil {
		return nil, diagnosticsOf(err, ast.ParseErr)
	}
	if !ast.IsConstant(term.Value) {
		message := "the input is not a value: it refers to something, or computes it"
		return nil, []diagnostic{diagnosticAt("input_invalid", message, term.Location)}
	}
	return term.Value, nil
}

// inputValue gives nil for an input that is absent.
func inputValue(document json.RawMessage) ast.Value {
	if len(document) == 0 {
		return nil
	}
	var input any
	must(util.UnmarshalJSON(document, &input))
	value, err := ast.InterfaceToValue(input)
	must(err)
	return value
}

// preparedQuery is ready to be evaluated for one input after the other.
type preparedQuery struct {
	evaluation
	policies compiled
	query    rego.PreparedEvalQuery
}

func (e evaluation) prepare(ctx context.Context) (preparedQuery, []diagnostic) {
	policies, diagnostics := e.compileOnce(ctx, compilation{print: true})
	body, err := ast.ParseBodyWithOpts(e.Query, parserOptions())
	if err != nil {
		diagnostics = append(diagnostics, diagnosticsOf(err, ast.ParseErr)...)
	} else {
		diagnostics = append(diagnostics, e.queryRefusals(body)...)
	}
	if len(diagnostics) > 0 {
		return preparedQuery{}, inOrder(diagnostics)
	}
	query, err := rego.New(
		rego.ParsedQuery(body),
		rego.Compiler(policies.compiler),
		rego.Store(policies.store),
		rego.Transaction(policies.txn),
		rego.EnablePrintStatements(true),
		rego.StrictBuiltinErrors(e.StrictBuiltinErrors),
		rego.GenerateJSON(asValue),
	).PrepareForEval(ctx)
	if err != nil {
		return preparedQuery{}, diagnosticsOf(err, "eval_error")
	}
	return preparedQuery{e, policies, query}, nil
}

// asValue keeps results as they are: JSON, which is made of them later, has no sets.
func asValue(term *ast.Term, _ *rego.EvalContext) (any, error) {
	return term.Value, nil
}

func (q preparedQuery) evaluate(ctx context.Context, input ast.Value) (any, []diagnostic) {
	var output bytes.Buffer
	options := []rego.EvalOption{
		rego.EvalTransaction(q.policies.txn),
		rego.EvalPrintHook(topdown.NewPrintHook(&output)),
	}
	if q.NowMs != nil {
		options = append(options, rego.EvalTime(time.UnixMilli(int64(*q.NowMs))))
	}
	if input != nil {
		options = append(options, rego.EvalParsedInput(input))
	}
	tracer, coverage := &boundedTracer{eventsMax: q.TraceEventsMax}, cover.New()
	if q.isExplained() {
		options = append(options, rego.EvalQueryTracer(tracer))
	}
	if q.Coverage {
		options = append(options, rego.EvalQueryTracer(coverage))
	}
	solutions, err := q.query.Eval(ctx, options...)
	if err != nil {
		return nil, diagnosticsOf(err, "eval_error")
	}
	answers, err := q.solutionsOf(solutions)
	if err != nil {
		return nil, diagnosticsOf(err, "eval_error")
	}
	result := evalResult{Result: answers, Output: output.String()}
	if q.isExplained() {
		result.Explanation = tracer.lines(q.Explain)
	}
	if q.Coverage {
		report := coverage.Report(q.policies.modules)
		result.Coverage = &report
	}
	return result, nil
}

func (e evaluation) isExplained() bool {
	return e.Explain != "" && e.Explain != "off"
}

func (e evaluation) solutionsOf(set rego.ResultSet) ([]solution, error) {
	out := []solution{}
	for _, result := range set {
		one := solution{Expressions: []expression{}, Bindings: map[string]json.RawMessage{}}
		for _, answer := range result.Expressions {
			value, err := jsonOf(answer.Value)
			if err != nil {
				return nil, err
			}
			shown := expression{Value: value, Text: answer.Text}
			if e.Notation {
				shown.Notation = notation(valueOf(answer.Value))
			}
			one.Expressions = append(one.Expressions, shown)
		}
		for name, bound := range result.Bindings {
			value, err := jsonOf(bound)
			if err != nil {
				return nil, err
			}
			one.Bindings[name] = value
		}
		out = append(out, one)
	}
	return out, nil
}

// jsonOf fails for what is no JSON: to_number("2.") is a number for OPA's interpreter.
func jsonOf(answer any) (json.RawMessage, error) {
	document, err := ast.JSON(valueOf(answer))
	must(err)
	encoded, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("the answer is no document: %w", err)
	}
	return encoded, nil
}

// valueOf takes what stands in a result: a value, or true for an expression that has none.
func valueOf(answer any) ast.Value {
	if value, isValue := answer.(ast.Value); isValue {
		return value
	}
	return ast.Boolean(answer.(bool))
}
