package main

import (
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// reader parses the notation that OPA's WebAssembly writes values in (opa_value_dump): JSON, with
// sets and with object keys of any kind. Bytes of strings pass as they are, UTF-8 or not.
type reader struct {
	text []byte
	at   int
}

var errNotation = errors.New("an argument is not in value notation")

func readArguments(document []byte) ([]*ast.Term, error) {
	r := reader{text: document}
	args := make([]*ast.Term, 0, 4)
	for r.skipSpace(); r.at < len(r.text); r.skipSpace() {
		term, err := r.term()
		if err != nil {
			return nil, err
		}
		args = append(args, term)
	}
	return args, nil
}

func (r *reader) term() (*ast.Term, error) {
	r.skipSpace()
	if r.at >= len(r.text) {
		return nil, errNotation
	}
	switch r.text[r.at] {
	case '"':
		text, err := r.string()
		return ast.StringTerm(text), err
	case '[':
		r.at++
		terms, err := r.elements(']', nil)
		return ast.ArrayTerm(terms...), err
	case '{':
		r.at++
		return r.objectOrSet()
	case 'n':
		return ast.InternedNullTerm, r.word("null")
	case 't':
		return ast.InternedTerm(true), r.word("true")
	case 'f':
		return ast.InternedTerm(false), r.word("false")
	case 's':
		return ast.SetTerm(), r.word("set()")
	}
	return r.number()
}

// elements reads up to the closing byte, with the separators between.
func (r *reader) elements(closing byte, terms []*ast.Term) ([]*ast.Term, error) {
	for !r.takes(closing) {
		if len(terms) > 0 && !r.takes(',') {
			return nil, errNotation
		}
		term, err := r.term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
	}
	return terms, nil
}

func (r *reader) objectOrSet() (*ast.Term, error) {
	if r.takes('}') {
		return ast.ObjectTerm(), nil
	}
	first, err := r.term()
	if err != nil {
		return nil, err
	}
	if r.takes(':') {
		return r.object(first)
	}
	terms, err := r.elements('}', []*ast.Term{first})
	return ast.SetTerm(terms...), err
}

func (r *reader) object(key *ast.Term) (*ast.Term, error) {
	value, err := r.term()
	if err != nil {
		return nil, err
	}
	entries := [][2]*ast.Term{{key, value}}
	for !r.takes('}') {
		if !r.takes(',') {
			return nil, errNotation
		}
		if key, err = r.term(); err != nil {
			return nil, err
		}
		if !r.takes(':') {
			return nil, errNotation
		}
		if value, err = r.term(); err != nil {
			return nil, err
		}
		entries = append(entries, [2]*ast.Term{key, value})
	}
	return ast.ObjectTerm(entries...), nil
}

// number keeps the digits as they stand. What OPA would not take in a document is an error here.
func (r *reader) number() (*ast.Term, error) {
	from := r.at
	for r.at < len(r.text) && isNumeric(r.text[r.at]) {
		r.at++
	}
	if r.at == from {
		return nil, errNotation
	}
	literal := string(r.text[from:r.at])
	if term := ast.InternedIntNumberTermFromString(literal); term != nil {
		return term, nil
	}
	checked, err := ast.NumberChecked(literal)
	return ast.NumberTerm(json.Number(checked)), err
}

func isNumeric(b byte) bool {
	return '0' <= b && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E'
}

func (r *reader) string() (string, error) {
	r.at++
	from := r.at
	for ; r.at < len(r.text); r.at++ {
		switch r.text[r.at] {
		case '"':
			r.at++
			return string(r.text[from : r.at-1]), nil
		case '\\':
			return r.escaped(append([]byte(nil), r.text[from:r.at]...))
		}
	}
	return "", errNotation
}

var escapes = map[byte]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// escaped goes on behind what was read of a string, at its first escape.
func (r *reader) escaped(out []byte) (string, error) {
	for r.at < len(r.text) {
		b := r.text[r.at]
		r.at++
		switch {
		case b == '"':
			return string(out), nil
		case b != '\\':
			out = append(out, b)
		case r.at < len(r.text) && r.text[r.at] == 'u':
			code, err := r.codePoint()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, code)
		case r.at < len(r.text) && escapes[r.text[r.at]] != 0:
			out = append(out, escapes[r.text[r.at]])
			r.at++
		default:
			return "", errNotation
		}
	}
	return "", errNotation
}

// codePoint reads from the u of an escape, and the second half of a pair where it follows.
func (r *reader) codePoint() (rune, error) {
	first, err := r.unit()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	if r.at+1 < len(r.text) && r.text[r.at] == '\\' && r.text[r.at+1] == 'u' {
		r.at++
		second, err := r.unit()
		return utf16.DecodeRune(first, second), err
	}
	return utf8.RuneError, nil
}

func (r *reader) unit() (rune, error) {
	if r.at+5 > len(r.text) {
		return 0, errNotation
	}
	unit, err := strconv.ParseUint(string(r.text[r.at+1:r.at+5]), 16, 16)
	r.at += 5
	return rune(unit), err
}

func (r *reader) word(word string) error {
	if len(r.text)-r.at < len(word) || string(r.text[r.at:r.at+len(word)]) != word {
		return errNotation
	}
	r.at += len(word)
	return nil
}

func (r *reader) takes(b byte) bool {
	r.skipSpace()
	if r.at < len(r.text) && r.text[r.at] == b {
		r.at++
		return true
	}
	return false
}

func (r *reader) skipSpace() {
	for r.at < len(r.text) && (r.text[r.at] == ' ' || r.text[r.at] == '\n') {
		r.at++
	}
}
