package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime/debug"
)

// verbs maps each verb to the function that serves it. A request names its verb beside its
// arguments: {"verb": "compile", …}.
var verbs = map[string]func([]byte) (any, []diagnostic){
	"archive":      verb(archive),
	"capabilities": verb(capabilities),
	"check":        verb(check),
	"compile":      verb(compileWasm),
	"compileTests": verb(compileTests),
	"eval":         verb(evaluate),
	"evalEach":     verb(evaluateEach),
	"format":       verb(formatFiles),
	"inspect":      verb(inspect),
	"mutants":      verb(listMutants),
	"mutate":       verb(mutate),
	"test":         verb(runTests),
}

// A reply has exactly one of its members: a result, the diagnostics of the caller's sources, or a
// fault of the toolchain itself.
type reply struct {
	Result      any          `json:"result,omitempty"`
	Diagnostics []diagnostic `json:"diagnostics,omitempty"`
	Fault       string       `json:"fault,omitempty"`
}

func verb[Request any](run func(Request) (any, []diagnostic)) func([]byte) (any, []diagnostic) {
	return func(document []byte) (any, []diagnostic) {
		var request Request
		if err := json.Unmarshal(document, &request); err != nil {
			panic(fmt.Errorf("malformed request: %w", err))
		}
		return run(request)
	}
}

func serve(document []byte) (out []byte) {
	defer func() {
		if cause := recover(); cause != nil {
			out = encode(reply{Fault: fmt.Sprintf("%v\n%s", cause, debug.Stack())})
		}
	}()
	var named struct {
		Verb string `json:"verb"`
	}
	if err := json.Unmarshal(document, &named); err != nil {
		panic(fmt.Errorf("malformed request: %w", err))
	}
	run, known := verbs[named.Verb]
	if !known {
		panic(fmt.Errorf("unknown verb %q", named.Verb))
	}
	result, diagnostics := run(document)
	if len(diagnostics) > 0 {
		return encode(reply{Diagnostics: diagnostics})
	}
	return encode(reply{Result: result})
}

func encode(value any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return buffer.Bytes()
}
