package main

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/tester"
)

// Why a line was not covered: OPA learns it by running every test once more for each kind.
var coverageKinds = []cover.Kind{cover.KindIndexExcluded, cover.KindEarlyExit}

// runAndMeasure measures without the kinds first. Where every line was reached there is nothing to
// say about them, and a third of the time is saved with each.
func (r testRequest) runAndMeasure(
	ctx context.Context, policies readable,
) ([]*tester.Result, *cover.Report, error) {
	if r.Coverage == nil {
		tests, err := collect(ctx, r.newRunner(ctx, policies), policies)
		return tests, nil, err
	}
	tests, report, err := r.measure(ctx, policies, nil)
	if err != nil || report.NotCoveredLines == 0 {
		return tests, report, err
	}
	_, report, err = r.measure(ctx, policies, coverageKinds)
	return tests, report, err
}

func (r testRequest) measure(
	ctx context.Context, policies readable, kinds []cover.Kind,
) ([]*tester.Result, *cover.Report, error) {
	coverage := cover.New()
	runner := r.newRunner(ctx, policies).SetCoverageQueryTracer(coverage).SetCoverageRuns(kinds)
	tests, err := collect(ctx, runner, policies)
	report := reportOn(r.Coverage, coverage.Report(policies.modules))
	return tests, &report, err
}

// reportOn gives the part of a report that speaks of some files. A folder without rules is covered.
func reportOn(paths []string, whole cover.Report) cover.Report {
	part := cover.Report{Files: maps.Clone(whole.Files), Coverage: 100}
	maps.DeleteFunc(part.Files, func(path string, _ *cover.FileReport) bool {
		return !slices.Contains(paths, path)
	})
	for _, file := range part.Files {
		part.CoveredLines += file.CoveredLines
		part.NotCoveredLines += file.NotCoveredLines
	}
	if lines := part.CoveredLines + part.NotCoveredLines; lines > 0 {
		part.Coverage = math.Round(10000*float64(part.CoveredLines)/float64(lines)) / 100
	}
	return part
}
