package main

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// mutant is one small change to the text of a module.
type mutant struct {
	place
	Operator string `json:"operator"`
	Before   string `json:"before"`
	After    string `json:"after"`
	// Where in the text, and what replaces it. Before and After may show more of the source.
	offset, length int
	replacement    string
	// The rule it stands in, by its place in the module.
	rule int
}

type mutantsRequest struct {
	sources
	// The modules that are changed.
	Targets []string `json:"targets"`
}

type mutantsResult struct {
	Mutants []mutant `json:"mutants"`
}

func listMutants(request mutantsRequest) (any, []diagnostic) {
	modules, diagnostics := request.parse()
	if len(diagnostics) > 0 {
		return nil, inOrder(diagnostics)
	}
	return mutantsResult{request.mutants(modules)}, nil
}

func (r mutantsRequest) mutants(modules map[string]*ast.Module) []mutant {
	all := []mutant{}
	for _, file := range r.Files {
		if !slices.Contains(r.Targets, file.Path) {
			continue
		}
		for index, rule := range modules[file.Path].Rules {
			if _, isTest := asTest(rule); isTest {
				continue
			}
			finder := mutantFinder{text: file.Text, rule: index, uses: map[ast.Var]int{}}
			ast.WalkVars(rule, func(v ast.Var) bool {
				finder.uses[v]++
				return false
			})
			finder.inRule(rule)
			all = append(all, finder.found...)
		}
	}
	slices.SortStableFunc(all, func(a, b mutant) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.offset, b.offset))
	})
	return slices.CompactFunc(all, func(a, b mutant) bool {
		return a.File == b.File && a.offset == b.offset && a.length == b.length &&
			a.replacement == b.replacement
	})
}

// apply gives the text with the change made.
func (m mutant) apply(text string) string {
	return text[:m.offset] + m.replacement + text[m.offset+m.length:]
}

// mutantFinder walks one rule as it was parsed.
type mutantFinder struct {
	text string
	rule int
	// How often each variable stands in the rule.
	uses  map[ast.Var]int
	found []mutant
}

func (f *mutantFinder) inRule(rule *ast.Rule) {
	for _, step := range rule.Head.Ref()[1:] {
		f.inTerm(step)
	}
	for _, argument := range rule.Head.Args {
		f.inTerm(argument)
	}
	if rule.Head.Key != nil {
		f.inTerm(rule.Head.Key)
	}
	if rule.Head.Value != nil {
		f.inTerm(rule.Head.Value)
	}
	f.inBody(rule.Body)
	if rule.Else != nil {
		f.inRule(rule.Else)
	}
}

func (f *mutantFinder) inBody(body ast.Body) {
	for _, expr := range body {
		f.inExpression(expr)
	}
}

func (f *mutantFinder) inExpression(expr *ast.Expr) {
	switch terms := expr.Terms.(type) {
	case *ast.SomeDecl:
		// The variables are declared; a collection they range over stands in a call.
		for _, symbol := range terms.Symbols {
			if call, isCall := symbol.Value.(ast.Call); isCall {
				f.inTerm(call[len(call)-1])
			}
		}
		return
	case *ast.Every:
		f.without(expr)
		f.inTerm(terms.Domain)
		f.inBody(terms.Body)
	case *ast.Term:
		// A rule without a body has one that is true, where its head stands.
		if _, isConstant := terms.Value.(ast.Boolean); !isConstant {
			f.condition(expr)
			f.inTerm(terms)
		}
	case []*ast.Term:
		f.call(expr.Location, terms)
		if !expr.IsAssignment() {
			f.condition(expr)
		}
		for _, operand := range expr.Operands() {
			f.inTerm(operand)
		}
	}
	for _, with := range expr.With {
		f.inTerm(with.Value)
	}
}

// condition turns an expression that can fail around, and leaves it out.
func (f *mutantFinder) condition(expr *ast.Expr) {
	text := textOf(expr.Location)
	switch {
	case expr.Negated:
		f.replace("negation", expr.Location, strings.TrimSpace(strings.TrimPrefix(text, "not")))
	case expr.IsEquality() || hasComparison(expr):
	default:
		f.replace("negation", expr.Location, "not "+text)
	}
	f.without(expr)
}

func (f *mutantFinder) without(expr *ast.Expr) {
	f.replace("condition", expr.Location, "true")
}

func hasComparison(expr *ast.Expr) bool {
	return expr.IsCall() && len(comparisons[expr.Operator().String()]) > 0
}

// What an operator of the source is swapped for: a limit that is just missed, and the opposite.
var comparisons = map[string][]string{
	"lt": {"<=", ">="}, "lte": {"<", ">"}, "gt": {">=", "<="}, "gte": {">", "<"},
	"equal": {"!="}, "neq": {"=="},
}

var arithmetic = map[string]string{
	"plus": "-", "minus": "+", "mul": "/", "div": "*", "rem": "*", "and": "|", "or": "&",
}

// call swaps the operator of an infix call.
func (f *mutantFinder) call(at *ast.Location, terms []*ast.Term) {
	name, operator := terms[0].Value.String(), terms[0].Location
	if len(terms) != 3 || isWord(textOf(operator)) {
		return
	}
	for _, other := range comparisons[name] {
		f.replaceWithin("comparison", at, operator, other)
	}
	if other, found := arithmetic[name]; found {
		f.replaceWithin("arithmetic", at, operator, other)
	}
}

func (f *mutantFinder) inTerm(term *ast.Term) {
	switch value := term.Value.(type) {
	case ast.Boolean:
		f.replaceLiteral("boolean", term, strconv.FormatBool(!bool(value)))
	case ast.Number:
		for _, other := range numbersBeside(string(value)) {
			f.replaceLiteral("number", term, other)
		}
	case ast.String:
		// Text for people is no part of a decision; a word that others compare with is.
		if identifier.MatchString(string(value)) {
			f.replaceLiteral("string", term, `""`)
		}
	case ast.Ref:
		f.inReference(value)
	case ast.Call:
		f.call(term.Location, value)
		for _, operand := range value[1:] {
			f.inTerm(operand)
		}
	case *ast.Array:
		value.Foreach(f.inTerm)
	case ast.Set:
		value.Foreach(f.inTerm)
	case ast.Object:
		value.Foreach(func(_, member *ast.Term) { f.inTerm(member) })
	case *ast.ArrayComprehension:
		f.inTerm(value.Term)
		f.inBody(value.Body)
	case *ast.SetComprehension:
		f.inTerm(value.Term)
		f.inBody(value.Body)
	case *ast.ObjectComprehension:
		f.inTerm(value.Key)
		f.inTerm(value.Value)
		f.inBody(value.Body)
	}
}

// inReference breaks joins: a variable that also stands elsewhere no longer has to be the same.
func (f *mutantFinder) inReference(ref ast.Ref) {
	if _, isVar := ref[0].Value.(ast.Var); !isVar {
		f.inTerm(ref[0])
	}
	for _, step := range ref[1:] {
		switch value := step.Value.(type) {
		case ast.String:
		case ast.Var:
			if f.uses[value] > 1 && !value.IsWildcard() {
				f.replaceLiteral("join", step, "_")
			}
		default:
			f.inTerm(step)
		}
	}
}

var identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*$`)

func isWord(text string) bool {
	return identifier.MatchString(text)
}

// numbersBeside gives the neighbours of a whole number, and half and double of another.
func numbersBeside(text string) []string {
	if whole, isWhole := new(big.Int).SetString(text, 10); isWhole {
		one := big.NewInt(1)
		return []string{
			new(big.Int).Add(whole, one).String(),
			new(big.Int).Sub(whole, one).String(),
		}
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || number == 0 {
		return nil
	}
	return []string{
		strconv.FormatFloat(number*2, 'g', -1, 64),
		strconv.FormatFloat(number/2, 'g', -1, 64),
	}
}

// replaceLiteral leaves alone what the parser adds, such as the value of a rule that states none.
func (f *mutantFinder) replaceLiteral(operator string, term *ast.Term, replacement string) {
	text := textOf(term.Location)
	isLiteral := text == term.Value.String()
	if _, isVar := term.Value.(ast.Var); isLiteral || isVar {
		f.replace(operator, term.Location, replacement)
	}
}

func (f *mutantFinder) replace(operator string, at *ast.Location, replacement string) {
	f.replaceWithin(operator, at, at, replacement)
}

// replaceWithin replaces what stands at a place, and shows all of what stands around it. Where the
// place is not where the source has that text, there is nothing to replace.
func (f *mutantFinder) replaceWithin(operator string, around, at *ast.Location, replacement string) {
	if !f.stands(around) || !f.stands(at) {
		return
	}
	before, text := textOf(around), textOf(at)
	start := at.Offset - around.Offset
	if start < 0 || start+len(text) > len(before) {
		return
	}
	f.found = append(f.found, mutant{
		place:       placeOf(at),
		Operator:    operator,
		Before:      before,
		After:       before[:start] + replacement + before[start+len(text):],
		offset:      at.Offset,
		length:      len(text),
		replacement: replacement,
		rule:        f.rule,
	})
}

func (f *mutantFinder) stands(at *ast.Location) bool {
	text := textOf(at)
	end := 0
	if at != nil {
		end = at.Offset + len(text)
	}
	return text != "" && end <= len(f.text) && f.text[at.Offset:end] == text
}

func textOf(at *ast.Location) string {
	if at == nil {
		return ""
	}
	return string(at.Text)
}
