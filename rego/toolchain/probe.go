package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

// A query whose answer must stay what it is, on an input of its own.
type example struct {
	Name  string          `json:"name"`
	Query string          `json:"query"`
	Input json.RawMessage `json:"input"`
	NowMs float64         `json:"nowMs"`
}

// probe is a test or an example, with what it gives and what it reaches without any change.
type probe struct {
	name  string
	query ast.Body
	input ast.Value
	now   time.Time
	// The module of a test; empty for an example.
	file    string
	answer  string
	reaches map[place]bool
	steps   int
}

func probeOfTest(test testRule) probe {
	return probe{
		name:  test.rule.Module.Package.Path.String() + "." + test.name,
		query: ast.NewBody(ast.NewExpr(ast.NewTerm(test.path()))),
		file:  test.rule.Location.File,
	}
}

func (e example) probe() (probe, []diagnostic) {
	query, err := ast.ParseBodyWithOpts(e.Query, parserOptions())
	if err != nil {
		return probe{}, diagnosticsOf(err, ast.ParseErr)
	}
	return probe{
		name:  e.Name,
		query: query,
		input: inputValue(e.Input),
		now:   time.UnixMilli(int64(e.NowMs)),
	}, nil
}

// run gives the answer as text. It leaves out the rule index and the early exit: they were made for
// rules as they were before a change, and they hide rules that a change could make matter.
func (p probe) run(
	ctx context.Context, compiler *ast.Compiler, store storage.Store, txn storage.Transaction,
	options ...rego.EvalOption,
) (string, error) {
	query, err := rego.New(
		rego.ParsedQuery(p.query),
		rego.Compiler(compiler),
		rego.Store(store),
		rego.Transaction(txn),
		rego.GenerateJSON(asValue),
	).PrepareForEval(ctx)
	if err != nil {
		return "", err
	}
	options = append(options,
		rego.EvalTransaction(txn), rego.EvalRuleIndexing(false), rego.EvalEarlyExit(false))
	if p.input != nil {
		options = append(options, rego.EvalParsedInput(p.input), rego.EvalTime(p.now))
	}
	set, err := query.Eval(ctx, options...)
	if err != nil {
		return "", err
	}
	return answerText(set), nil
}

// answerText tells answers apart; the answer of an undefined query is empty.
func answerText(set rego.ResultSet) string {
	text := ""
	for _, result := range set {
		for _, answer := range result.Expressions {
			text += notation(valueOf(answer.Value)) + "\n"
		}
		for _, name := range util.KeysSorted(result.Bindings) {
			text += fmt.Sprintf("%s = %s\n", name, notation(valueOf(result.Bindings[name])))
		}
	}
	return text
}

// reachTracer notes each rule that is entered.
type reachTracer struct {
	reached map[place]bool
}

func (reachTracer) Enabled() bool { return true }

func (reachTracer) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (t reachTracer) TraceEvent(event topdown.Event) {
	if event.Op != topdown.EnterOp {
		return
	}
	if rule, isRule := event.Node.(*ast.Rule); isRule {
		t.reached[placeOf(rule.Location)] = true
	}
}

// stepLimit ends an evaluation after so many steps, the same on every machine. OPA's own way to
// cancel needs a second thread.
type stepLimit struct {
	steps, stepsMax int
}

func (*stepLimit) Cancel() {}

func (l *stepLimit) Cancelled() bool {
	l.steps++
	return l.steps > l.stepsMax
}
