package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"
)

type sourceFile struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// sources is what most verbs take.
type sources struct {
	Files []sourceFile    `json:"files"`
	Data  json.RawMessage `json:"data"`
	// Builtins no file may use, with what to say about each.
	Refused map[string]string `json:"refused"`
}

// parse gives the modules that parse, and the diagnostics of those that do not.
func (s sources) parse() (map[string]*ast.Module, []diagnostic) {
	modules := make(map[string]*ast.Module, len(s.Files))
	var diagnostics []diagnostic
	for _, file := range s.Files {
		if _, twice := modules[file.Path]; twice {
			diagnostics = append(diagnostics, diagnostic{
				Code: "file_duplicate", Message: "the path is given twice", place: place{File: file.Path},
			})
			continue
		}
		module, err := file.parse()
		switch {
		case err != nil:
			diagnostics = append(diagnostics, inFile(file.Path, diagnosticsOf(err, ast.ParseErr))...)
		case module == nil:
			diagnostics = append(diagnostics, diagnostic{
				Code: ast.ParseErr, Message: "the file holds no Rego", place: place{File: file.Path},
			})
		default:
			modules[file.Path] = module
		}
	}
	return modules, diagnostics
}

// What was parsed lately. Most calls ask of sources that the call before asked of.
var (
	recentlyParsed      = map[sourceFile]*ast.Module{}
	recentlyParsedBytes int
)

// A module takes some fifty times its text.
const recentlyParsedBytesMax = 1 << 20

// parse gives nil for a file that holds no Rego. The module is the caller's own: to compile is to change.
func (f sourceFile) parse() (*ast.Module, error) {
	if module, found := recentlyParsed[f]; found {
		return module.Copy(), nil
	}
	module, err := ast.ParseModuleWithOpts(f.Path, f.Text, parserOptions())
	if err != nil || module == nil {
		return nil, err
	}
	recentlyParsedBytes += len(f.Text)
	if recentlyParsedBytes > recentlyParsedBytesMax {
		clear(recentlyParsed)
		recentlyParsedBytes = len(f.Text)
	}
	recentlyParsed[f] = module
	return module.Copy(), nil
}

func parserOptions() ast.ParserOptions {
	return ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true}
}

// store holds the data document; an open transaction reads one state of it for the whole call.
func (s sources) store(ctx context.Context) (storage.Store, storage.Transaction, error) {
	document := map[string]any{}
	if len(s.Data) > 0 {
		if err := util.UnmarshalJSON(s.Data, &document); err != nil {
			return nil, nil, errors.New("the data document is not a JSON object")
		}
	}
	store := inmem.NewFromObject(document)
	txn, err := store.NewTransaction(ctx)
	return store, txn, err
}

func inFile(path string, list []diagnostic) []diagnostic {
	for i := range list {
		if list[i].File == "" {
			list[i].File = path
		}
	}
	return list
}
