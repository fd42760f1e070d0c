package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// The host's deadline ends a test that does not end; OPA's own timeout would need a second thread
// to notice that the time is up.
const testTimeout = 24 * time.Hour

type testRequest struct {
	sources
	// RE2 pattern over data.package.test_name.
	Run string `json:"run"`
	// Paths of the files whose coverage is measured; nil where none is asked for.
	Coverage []string `json:"coverage"`
}

type testsResult struct {
	Results  []testResult  `json:"results"`
	Coverage *cover.Report `json:"coverage,omitempty"`
}

// testResult is OPA's result with the two members that OPA leaves out or cannot encode.
type testResult struct {
	*tester.Result
	Error    any               `json:"error,omitempty"`
	FailedAt *failedExpression `json:"failed_at,omitempty"`
}

func runTests(request testRequest) (any, []diagnostic) {
	if _, err := regexp.Compile(request.Run); err != nil {
		return nil, []diagnostic{{Code: "pattern_invalid", Message: err.Error()}}
	}
	ctx := context.Background()
	policies, refusals, diagnostics := request.read(ctx)
	if len(refusals)+len(diagnostics) > 0 {
		_, diagnostics = request.compile(ctx, compilation{print: true})
		return nil, diagnostics
	}
	tests, report, err := request.runAndMeasure(ctx, policies)
	if err != nil {
		return nil, inOrder(diagnosticsOf(err, ast.CompileErr))
	}
	result := testsResult{Results: []testResult{}, Coverage: report}
	for _, test := range tests {
		result.Results = append(result.Results, testResult{Result: test, Error: encodable(test.Error)})
	}
	if err := request.explainFailures(ctx, policies, result.Results); err != nil {
		return nil, diagnosticsOf(err, ast.CompileErr)
	}
	return result, nil
}

func (r testRequest) newRunner(ctx context.Context, policies readable) *tester.Runner {
	compiler := r.compiler(ctx, policies.store, policies.txn, compilation{print: true}, false)
	return r.runner(policies, compiler).Filter(r.Run)
}

// runner has OPA's runner compile the modules, because it adds stages of its own: it numbers tests
// of one name and marks the cases of a table test.
func (r testRequest) runner(policies readable, compiler *ast.Compiler) *tester.Runner {
	return tester.NewRunner().
		SetCompiler(compiler).
		SetStore(policies.store).
		SetModules(policies.modules).
		CapturePrintOutput(true).
		StackTraces(true).
		SetTimeout(testTimeout).
		SetParallel(1)
}

func collect(ctx context.Context, runner *tester.Runner, policies readable) ([]*tester.Result, error) {
	stream, err := runner.RunTests(ctx, policies.txn)
	if err != nil {
		return nil, err
	}
	var all []*tester.Result
	for result := range stream {
		// The trace is as long as the test; what matters of it is in failed_at.
		result.Trace = nil
		all = append(all, result)
	}
	slices.SortFunc(all, func(a, b *tester.Result) int {
		return cmp.Or(a.Location.Compare(b.Location), cmp.Compare(a.Name, b.Name))
	})
	numberInOrder(all)
	return all, nil
}

var numberedName = regexp.MustCompile(`^(.+)#\d{2,}$`)

// numberInOrder tells tests of one name apart by their place. OPA does so too, but in the order in
// which it comes across their modules, which is another each time.
func numberInOrder(all []*tester.Result) {
	count := map[string]int{}
	for _, result := range all {
		if match := numberedName.FindStringSubmatch(result.Name); match != nil {
			result.Name = match[1]
		}
		key := result.Package + "." + result.Name
		if earlier := count[key]; earlier > 0 && !result.Skip {
			result.Name = fmt.Sprintf("%s#%02d", result.Name, earlier)
		}
		count[key]++
	}
}

// encodable gives an error a JSON form also where it is not one of OPA's own.
func encodable(err error) any {
	if err == nil {
		return nil
	}
	if own, isOwn := err.(*topdown.Error); isOwn {
		return own
	}
	if document, encodeErr := json.Marshal(err); encodeErr == nil && !bytes.Equal(document, []byte("{}")) {
		return json.RawMessage(document)
	}
	return map[string]string{"message": err.Error()}
}
