package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// failedExpression is the expression at which a test stopped, with what stood in it.
type failedExpression struct {
	place
	Text   string       `json:"text"`
	Values []namedValue `json:"values"`
}

type namedValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// explainFailures runs each failed test once more, alone and compiled so that every value in it
// has a variable. Tests that pass pay nothing for it.
func (r testRequest) explainFailures(ctx context.Context, policies readable, results []testResult) error {
	if !slices.ContainsFunc(results, func(result testResult) bool { return result.Fail }) {
		return nil
	}
	compiler, err := r.traceableCompiler(ctx, policies)
	if err != nil {
		return err
	}
	for i, result := range results {
		if !result.Fail {
			continue
		}
		test := tracedTest{compiler, policies}
		tracer := &failureTracer{}
		name := ast.NewTerm(refAt(compiler, result.Location))
		if _, err := test.evaluate(ctx, ast.NewExpr(name), tracer); err != nil {
			return err
		}
		if tracer.expr != nil {
			results[i].FailedAt = test.describe(ctx, tracer)
		}
	}
	return nil
}

// traceableCompiler has OPA's runner compile the modules, because it adds stages of its own, and
// match no test.
func (r testRequest) traceableCompiler(ctx context.Context, policies readable) (*ast.Compiler, error) {
	compiler := r.compiler(ctx, policies.store, policies.txn, compilation{traceable: true}, false)
	_, err := collect(ctx, r.runner(policies, compiler).Filter("^$"), policies)
	return compiler, err
}

// refAt gives the reference of the rule at a place. The name in a result does not serve: tests of
// one name are told apart by a suffix that no reference can be parsed from.
func refAt(compiler *ast.Compiler, at *ast.Location) ast.Ref {
	for _, rule := range compiler.Modules[at.File].Rules {
		if rule.Location.Compare(at) == 0 {
			return rule.Module.Package.Path.Extend(rule.Head.Ref().GroundPrefix())
		}
	}
	panic(fmt.Sprintf("no test at %v", at))
}

type tracedTest struct {
	compiler *ast.Compiler
	policies readable
}

// evaluate leaves the rule index out: it would skip a test that cannot hold without a trace of
// why.
func (t tracedTest) evaluate(
	ctx context.Context, expr *ast.Expr, tracer topdown.QueryTracer,
) (rego.ResultSet, error) {
	query, err := rego.New(
		rego.ParsedQuery(ast.NewBody(expr)),
		rego.Compiler(t.compiler),
		rego.Store(t.policies.store),
		rego.Transaction(t.policies.txn),
	).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	options := []rego.EvalOption{rego.EvalTransaction(t.policies.txn), rego.EvalRuleIndexing(false)}
	if tracer != nil {
		options = append(options, rego.EvalQueryTracer(tracer))
	}
	return query.Eval(ctx, options...)
}

func (t tracedTest) describe(ctx context.Context, tracer *failureTracer) *failedExpression {
	at := tracer.expr.BaseCogeneratedExpr().Location
	if at == nil {
		at = tracer.expr.Location
	}
	// What a negated expression refers to has no variable; it is asked for by itself.
	for _, ref := range tracer.values.unbound {
		asked := ast.NewExpr(ast.NewTerm(ref.Value))
		asked.With = tracer.with
		if set, err := t.evaluate(ctx, asked, nil); err == nil && len(set) > 0 {
			if value, err := ast.InterfaceToValue(set[0].Expressions[0].Value); err == nil {
				tracer.values.note(ref, value.String())
			}
		}
	}
	return &failedExpression{
		place:  placeOf(at),
		Text:   string(at.Text),
		Values: tracer.values.inOrder(),
	}
}

// failureTracer keeps the last expression that failed: what follows it is only backtracking.
type failureTracer struct {
	// The query that is the body of the test itself; 0 before it is entered.
	body   uint64
	expr   *ast.Expr
	with   []*ast.With
	values valueFinder
}

func (*failureTracer) Enabled() bool { return true }

func (*failureTracer) Config() topdown.TraceConfig {
	return topdown.TraceConfig{PlugLocalVars: true}
}

func (t *failureTracer) TraceEvent(event topdown.Event) {
	if event.Op == topdown.EnterOp && event.HasRule() && t.body == 0 {
		t.body = event.QueryID
	}
	// Query 0 is the question for the test itself.
	if event.Op != topdown.FailOp || event.QueryID == 0 || event.Location == nil {
		return
	}
	expr, isExpr := event.Node.(*ast.Expr)
	if !isExpr || expr.IsEvery() {
		// Of an every, the expression inside that failed has been seen already.
		return
	}
	t.expr, t.with, t.values = expr, nil, findValues(event, expr)
	if event.QueryID != t.body {
		// Further in, a with around the query may change what a reference means.
		t.values.unbound = nil
	}
	for _, with := range expr.With {
		plugged := with.Copy()
		plugged.Value = event.Plug(with.Value)
		t.with = append(t.with, plugged)
	}
}

// findValues names each variable and reference of the expression by its text in the source. The
// compiler splits an expression into several; those that ran before this one bound their values,
// of those to come nothing is known.
func findValues(event topdown.Event, expr *ast.Expr) valueFinder {
	found := valueFinder{event: event, values: map[string]placedValue{}}
	found.walk(expr, !expr.Negated)
	for _, sibling := range expr.CogeneratedExprs() {
		found.walk(sibling, false)
	}
	return found
}

type placedValue struct {
	at    *ast.Location
	value string
}

type valueFinder struct {
	event  topdown.Event
	values map[string]placedValue
	// Ground references into input and data that stand for themselves.
	unbound []*ast.Term
}

const undefinedText = "undefined"

func (f *valueFinder) walk(expr *ast.Expr, isUnboundUndefined bool) {
	var visitor *ast.GenericVisitor
	visitor = ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Expr:
			if x.IsCall() {
				for _, operand := range x.Operands() {
					visitor.Walk(operand)
				}
				for _, with := range x.With {
					visitor.Walk(with)
				}
				return true
			}
		case ast.Call:
			for _, operand := range x[1:] {
				visitor.Walk(operand)
			}
			return true
		case *ast.With:
			visitor.Walk(x.Value)
			return true
		case *ast.Term:
			return f.visit(x, isUnboundUndefined)
		}
		return false
	})
	visitor.Walk(expr)
}

// visit notes the value of one term, and says whether what is inside it is of no interest.
func (f *valueFinder) visit(term *ast.Term, isUnboundUndefined bool) bool {
	switch value := term.Value.(type) {
	case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
		return true
	case ast.Ref:
		if selected := f.selected(value); selected != nil {
			f.note(term, selected.String())
		} else if value.IsGround() && isDocument(value) {
			f.unbound = append(f.unbound, term)
			return true
		}
	case ast.Var:
		if isDocument(ast.Ref{term}) {
			return false
		}
		if bound := f.event.Locals.Get(value); bound != nil {
			f.note(term, bound.String())
		} else if isUnboundUndefined {
			f.note(term, undefinedText)
		}
	}
	return false
}

func isDocument(ref ast.Ref) bool {
	return ref[0].Equal(ast.DefaultRootDocument) || ref[0].Equal(ast.InputRootDocument)
}

// selected gives what a ground reference into a local variable finds, nil where it finds nothing.
func (f valueFinder) selected(ref ast.Ref) ast.Value {
	if len(ref) < 2 {
		return nil
	}
	root, isVar := ref[0].Value.(ast.Var)
	if !isVar {
		return nil
	}
	base := f.event.Locals.Get(root)
	if base == nil {
		return nil
	}
	path := make(ast.Ref, 0, len(ref)-1)
	for _, step := range ref[1:] {
		path = append(path, f.event.Plug(step))
	}
	if !path.IsGround() {
		return nil
	}
	value, err := base.Find(path)
	if err != nil {
		return nil
	}
	return value
}

// note keeps the first value known of a text; undefined only stands where nothing else does.
func (f valueFinder) note(term *ast.Term, value string) {
	if term.Location == nil || len(term.Location.Text) == 0 {
		return
	}
	name := string(term.Location.Text)
	if known, exists := f.values[name]; !exists || known.value == undefinedText {
		f.values[name] = placedValue{term.Location, value}
	}
}

func (f valueFinder) inOrder() []namedValue {
	names := make([]string, 0, len(f.values))
	for name := range f.values {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		left, right := f.values[a].at, f.values[b].at
		return cmp.Or(
			cmp.Compare(left.Row, right.Row),
			cmp.Compare(left.Col, right.Col),
			cmp.Compare(a, b),
		)
	})
	out := make([]namedValue, 0, len(names))
	for _, name := range names {
		out = append(out, namedValue{name, f.values[name].value})
	}
	return out
}
