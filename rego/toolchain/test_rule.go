package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/tester"
)

// testRule is one test. Tests may share a name; as documents they are told apart.
type testRule struct {
	rule *ast.Rule
	// As results name it: `test_x`, and `test_x#01` for the second of that name.
	name      string
	ref       ast.Ref
	isSkipped bool
}

func (t testRule) path() ast.Ref {
	return t.rule.Module.Package.Path.Extend(t.ref)
}

// entrypoint gives the path as OPA's compiler reads it, which knows no way to escape a slash.
func (t testRule) entrypoint() string {
	path, err := storage.NewPathForRef(t.path())
	must(err)
	return strings.Join(path, "/")
}

func (t testRule) hasSlash() bool {
	return slices.ContainsFunc(t.path(), func(step *ast.Term) bool {
		return strings.Contains(stepName(step), "/")
	})
}

// nameTestsApart gives the tests of parsed modules in the order of the source. A rule whose name an
// earlier test has is renamed, as OPA's own runner does, so that each test is one document.
func nameTestsApart(modules map[string]*ast.Module) []testRule {
	var all []testRule
	for _, module := range modules {
		for _, rule := range module.Rules {
			if test, isTest := asTest(rule); isTest {
				all = append(all, test)
			}
		}
	}
	slices.SortFunc(all, func(a, b testRule) int {
		left, right := a.rule.Location, b.rule.Location
		return cmp.Or(
			cmp.Compare(left.File, right.File),
			cmp.Compare(left.Row, right.Row),
			cmp.Compare(left.Col, right.Col),
		)
	})
	count := map[string]int{}
	for i := range all {
		test := &all[i]
		key := test.path().String()
		if earlier := count[key]; earlier > 0 && !test.isSkipped {
			test.rename(earlier)
		}
		test.name = test.ref.String()
		count[key]++
	}
	return all
}

// asTest finds what OPA takes for a test: a rule with a name of a certain form in its path.
func asTest(rule *ast.Rule) (testRule, bool) {
	ground := rule.Head.Ref().GroundPrefix()
	for i := range ground {
		name := stepName(ground[i])
		isSkipped := strings.HasPrefix(name, tester.SkipTestPrefix)
		if isSkipped || strings.HasPrefix(name, tester.TestPrefix) {
			return testRule{rule: rule, ref: ground[:i+1].Copy(), isSkipped: isSkipped}, true
		}
	}
	return testRule{}, false
}

func stepName(step *ast.Term) string {
	switch value := step.Value.(type) {
	case ast.Var:
		return string(value)
	case ast.String:
		return string(value)
	}
	return ""
}

func (t *testRule) rename(earlier int) {
	last := len(t.ref) - 1
	name := fmt.Sprintf("%s#%02d", stepName(t.ref[last]), earlier)
	if last == 0 {
		t.ref[last] = ast.VarTerm(name).SetLocation(t.ref[last].Location)
	} else {
		t.ref[last] = ast.StringTerm(name).SetLocation(t.ref[last].Location)
	}
	t.rule.Head.SetRef(append(t.ref.Copy(), t.rule.Head.Ref()[last+1:]...))
}
