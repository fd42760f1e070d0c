package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/builtins"
)

// The first byte of a reply says what follows it.
const (
	replyValue     = 'v' // the result, in value notation
	replyUndefined = 'u' // nothing
	replyError     = 'e' // OPA's error, as text
	replyFault     = 'f' // a panic with its stack; the instance is not to be trusted any more
)

var (
	found   []topdown.BuiltinFunc
	numbers = map[string]int32{}
)

func findBuiltin(name string) int32 {
	if number, known := numbers[name]; known {
		return number
	}
	builtin := topdown.GetBuiltin(name)
	if builtin == nil {
		return -1
	}
	number := int32(len(found))
	found = append(found, builtin)
	numbers[name] = number
	return number
}

// Schemas may not refer to anything outside of themselves.
var capabilities = &ast.Capabilities{AllowNet: []string{}}

func contextAt(nowNs int64) topdown.BuiltinContext {
	return topdown.BuiltinContext{
		Context:      context.Background(),
		Time:         ast.NumberTerm(number(nowNs)),
		Cache:        make(builtins.Cache),
		Capabilities: capabilities,
	}
}

func answer(reply []byte, builtin int, nowNs int64, document []byte) (out []byte) {
	defer func() {
		if cause := recover(); cause != nil {
			out = fmt.Appendf(nil, "%c%v\n%s", replyFault, cause, debug.Stack())
		}
	}()
	args, err := readArguments(document)
	if err != nil {
		return appendError(reply, err)
	}
	var result *ast.Term
	err = found[builtin](contextAt(nowNs), args, func(term *ast.Term) error {
		result = term
		return nil
	})
	if err != nil {
		return appendError(reply, err)
	}
	if result == nil {
		return append(reply, replyUndefined)
	}
	return appendValue(append(reply, replyValue), result.Value)
}

// appendError writes what OPA says, without the code that its type of error puts before it.
func appendError(reply []byte, err error) []byte {
	message := err.Error()
	if own := (*topdown.Error)(nil); errors.As(err, &own) {
		message = own.Message
	}
	return append(append(reply, replyError), message...)
}

func number(value int64) json.Number {
	return json.Number(strconv.FormatInt(value, 10))
}
