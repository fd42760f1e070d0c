package main

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

type mutateRequest struct {
	mutantsRequest
	// Places in the list of all mutants.
	Mutants  []int     `json:"mutants"`
	Examples []example `json:"examples"`
}

type mutateResult struct {
	Outcomes []mutantOutcome `json:"outcomes"`
}

type mutantOutcome struct {
	Outcome   string `json:"outcome"`
	By        string `json:"by,omitempty"`
	ReachedBy int    `json:"reachedBy"`
}

const (
	outcomeKilled    = "killed"
	outcomeSurvived  = "survived"
	outcomeStillborn = "stillborn"
)

// mutate compiles all the changed rules at once, each as a rule of its own that nothing refers to.
// A mutant lives while its rule stands in the place of the original.
func mutate(request mutateRequest) (any, []diagnostic) {
	ctx := context.Background()
	soil, diagnostics := request.soil(ctx)
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	wanted := make([]mutant, 0, len(request.Mutants))
	for _, index := range request.Mutants {
		wanted = append(wanted, soil.mutants[index])
	}
	return mutateResult{soil.outcomes(ctx, wanted)}, nil
}

// soil is what all mutants of the same sources grow on.
type soil struct {
	compiled
	texts   map[string]string
	mutants []mutant
	// Those that reach the least come first: they are the closest to what is changed.
	probes []probe
	// Compiles as the sources were compiled.
	newCompiler func() *ast.Compiler
}

func (r mutateRequest) soil(ctx context.Context) (soil, []diagnostic) {
	purpose, err := json.Marshal([]any{r.Targets, r.Examples})
	must(err)
	return prepared(r.key("mutate", string(purpose)), func() (soil, []diagnostic) {
		how := compilation{testsApart: true}
		policies, diagnostics := r.compile(ctx, how)
		if len(diagnostics) > 0 {
			return soil{}, diagnostics
		}
		probes, diagnostics := r.probes(policies)
		if len(diagnostics) > 0 {
			return soil{}, diagnostics
		}
		out := soil{compiled: policies, texts: map[string]string{}}
		for _, file := range r.Files {
			out.texts[file.Path] = file.Text
		}
		out.mutants = r.mutants(policies.modules)
		out.newCompiler = func() *ast.Compiler {
			return r.compiler(ctx, policies.store, policies.txn, how, false)
		}
		for _, candidate := range probes {
			if sound, isSound := candidate.observed(ctx, policies); isSound {
				out.probes = append(out.probes, sound)
			}
		}
		slices.SortStableFunc(out.probes, func(a, b probe) int {
			return cmp.Compare(len(a.reaches), len(b.reaches))
		})
		return out, nil
	})
}

func (r mutateRequest) probes(policies compiled) ([]probe, []diagnostic) {
	var out []probe
	for _, test := range policies.tests {
		if !test.isSkipped {
			out = append(out, probeOfTest(test))
		}
	}
	for _, example := range r.Examples {
		one, diagnostics := example.probe()
		diagnostics = append(diagnostics, r.queryRefusals(one.query)...)
		if len(diagnostics) > 0 {
			return nil, diagnostics
		}
		out = append(out, one)
	}
	return out, nil
}

// observed notes what a probe gives, and what it takes, without any change. One that fails by
// itself can notice nothing.
func (p probe) observed(ctx context.Context, policies compiled) (probe, bool) {
	p.reaches = map[place]bool{}
	limit := &stepLimit{stepsMax: math.MaxInt}
	answer, err := p.run(ctx, policies.compiler, policies.store, policies.txn,
		rego.EvalQueryTracer(reachTracer{p.reaches}), rego.EvalExternalCancel(limit))
	p.answer, p.steps = answer, limit.steps
	return p, err == nil && answer != "" && answer != "false\n"
}

// seedling is a mutant whose rule has been parsed.
type seedling struct {
	mutant
	// Where its outcome stands in the list.
	index  int
	path   string
	module *ast.Module
	probes []probe
}

func (s soil) outcomes(ctx context.Context, wanted []mutant) []mutantOutcome {
	out := make([]mutantOutcome, len(wanted))
	var seedlings []seedling
	for index, change := range wanted {
		// What does not get further than this.
		out[index] = mutantOutcome{Outcome: outcomeStillborn}
		if one, isSound := s.seedling(change, index); isSound {
			seedlings = append(seedlings, one)
		}
	}
	if len(seedlings) > 0 {
		s.grow(ctx, seedlings, out)
	}
	return out
}

// seedling parses the changed text and keeps only the changed rule, under a name of its own.
func (s soil) seedling(change mutant, index int) (seedling, bool) {
	path := "#" + strconv.Itoa(index)
	module, err := ast.ParseModuleWithOpts(path, change.apply(s.texts[change.File]), parserOptions())
	original := s.modules[change.File]
	if err != nil || len(module.Rules) != len(original.Rules) {
		return seedling{}, false
	}
	rule := module.Rules[change.rule]
	ref := rule.Head.Ref().Copy()
	ref[0] = ast.VarTerm(seedlingName(ref, path)).SetLocation(ref[0].Location)
	rule.Head.SetRef(ref)
	module.Rules = []*ast.Rule{rule}
	module.Annotations, module.Comments = nil, nil
	one := seedling{mutant: change, index: index, path: path, module: module}
	at := placeOf(original.Rules[change.rule].Location)
	for _, probe := range s.probes {
		if probe.reaches[at] {
			one.probes = append(one.probes, probe)
		}
	}
	return one, true
}

func seedlingName(ref ast.Ref, path string) string {
	return stepName(ref[0]) + path
}

// grow compiles the seedlings together and tries each.
func (s soil) grow(ctx context.Context, seedlings []seedling, out []mutantOutcome) {
	compiler, born := s.compileTogether(seedlings)
	for _, one := range born {
		uproot(compiler, one)
	}
	for _, one := range born {
		out[one.index] = s.try(ctx, compiler, one)
	}
}

// compileTogether gives the seedlings that compile. The compiler stops at the first stage that finds
// mistakes, so it is asked again without those it found.
func (s soil) compileTogether(seedlings []seedling) (*ast.Compiler, []seedling) {
	takesAll := false
	for {
		compiler := s.newCompiler()
		if compiler.Compile(s.modulesWith(seedlings, takesAll)); !compiler.Failed() {
			return compiler, seedlings
		}
		isFaulty := map[string]bool{}
		for _, mistake := range compiler.Errors {
			if mistake.Location != nil {
				isFaulty[mistake.Location.File] = true
			}
		}
		sound := slices.DeleteFunc(slices.Clone(seedlings), func(one seedling) bool {
			return isFaulty[one.path]
		})
		switch {
		case len(sound) < len(seedlings):
			seedlings = sound
		case takesAll:
			panic(compiler.Errors)
		default:
			// Something of a test that was left out is missed elsewhere.
			takesAll = true
		}
	}
}

// modulesWith leaves out the tests that reach none of the changes, unless it takesAll.
func (s soil) modulesWith(seedlings []seedling, takesAll bool) map[string]*ast.Module {
	out := map[string]*ast.Module{}
	isNeeded := map[string]bool{}
	for _, one := range seedlings {
		out[one.path] = one.module
		for _, probe := range one.probes {
			if probe.file != "" {
				isNeeded[packageOf(s.modules[probe.file])] = true
			}
		}
	}
	isTest := map[string]bool{}
	for _, test := range s.tests {
		isTest[test.rule.Location.File] = true
	}
	for path, module := range s.modules {
		if takesAll || !isTest[path] || isNeeded[packageOf(module)] {
			out[path] = module
		}
	}
	return out
}

func packageOf(module *ast.Module) string {
	return module.Package.Path.String()
}

// uproot takes a changed rule out of the tree of rules, so that no document shows it.
func uproot(compiler *ast.Compiler, one seedling) {
	node := compiler.RuleTree.Find(one.module.Package.Path)
	name := ast.String(stepName(one.module.Rules[0].Head.Ref()[0]))
	delete(node.Children, name)
	node.Sorted = slices.DeleteFunc(node.Sorted, func(key ast.Value) bool { return key.Compare(name) == 0 })
}

// An evaluation may take this many times the steps it takes without the change.
const stepsFactor, stepsAlways = 10, 20_000

func (s soil) try(ctx context.Context, compiler *ast.Compiler, one seedling) mutantOutcome {
	original := compiler.Modules[one.File].Rules[one.rule]
	restore := graft(original, compiler.Modules[one.path].Rules[0])
	defer restore()
	for _, probe := range one.probes {
		limit := &stepLimit{stepsMax: probe.steps*stepsFactor + stepsAlways}
		answer, err := probe.run(ctx, compiler, s.store, s.txn, rego.EvalExternalCancel(limit))
		if err != nil || answer != probe.answer {
			return mutantOutcome{Outcome: outcomeKilled, By: probe.name, ReachedBy: len(one.probes)}
		}
	}
	return mutantOutcome{Outcome: outcomeSurvived, ReachedBy: len(one.probes)}
}

// graft puts the changed rule, with its else branches, where the original is, and gives what puts
// the original back. Rules keep their identity, because indexes hold on to them.
func graft(original, changed *ast.Rule) func() {
	before := *original
	head := *changed.Head
	head.Name = before.Head.Name
	head.Reference = changed.Head.Reference.Copy()
	head.Reference[0] = before.Head.Reference[0]
	original.Head, original.Body = &head, changed.Body
	restoreElse := func() {}
	if original.Else != nil {
		restoreElse = graft(original.Else, changed.Else)
	}
	return func() {
		original.Head, original.Body = before.Head, before.Body
		restoreElse()
	}
}
