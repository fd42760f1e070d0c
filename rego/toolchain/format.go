package main

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

type formatResult struct {
	Files []sourceFile `json:"files"`
}

func formatFiles(request sources) (any, []diagnostic) {
	options := parserOptions()
	result := formatResult{Files: []sourceFile{}}
	var diagnostics []diagnostic
	for _, file := range request.Files {
		text, err := format.SourceWithOpts(file.Path, []byte(file.Text), format.Opts{
			RegoVersion:   ast.RegoV1,
			ParserOptions: &options,
		})
		if err != nil {
			diagnostics = append(diagnostics, inFile(file.Path, diagnosticsOf(err, ast.FormatErr))...)
			continue
		}
		result.Files = append(result.Files, sourceFile{file.Path, string(text)})
	}
	return result, inOrder(diagnostics)
}
