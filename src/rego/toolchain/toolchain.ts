/**
 * @module The port to OPA's own compiler, tester, formatter and topdown evaluator.
 *
 * Every verb is one call: documents in, one document out. Files are given as text, paths are only
 * names (forward slashes, relative). Nothing is read from a disk or a network, and what a call may
 * use is bounded: beyond its deadline the caller gets `toolchain-deadline`, beyond its memory
 * `toolchain-crashed`; the next call finds a fresh toolchain.
 */

import type { Diagnostic } from "../../base/diagnostic.ts";
import type { JsonObject, JsonValue } from "../../base/json.ts";

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What most verbs take: Rego modules and one data document. */
export interface Sources {
  readonly files: readonly SourceFile[];
  /** The base document `data`; `{}` where absent. */
  readonly data?: JsonObject;
}

export type Checked<T> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export interface CompileRequest extends Sources {
  /** `a/b/c`; where absent, the rules and packages annotated `entrypoint: true`. */
  readonly entrypoints?: readonly string[];
  /** Keeps `print`, which the host then answers as `internal.print`; erased where absent. */
  readonly print?: boolean;
}

export interface Compiled {
  readonly wasm: Uint8Array;
  /** In order; with the rules that depend on one that was asked for, as OPA adds them. */
  readonly entrypoints: readonly string[];
}

export interface CompileTestsRequest extends Sources {
  /** RE2 pattern over `data.package.test_name`. */
  readonly run?: string;
}

/** Tests as WebAssembly, each with an entrypoint of its own; those that `test` skips are left out. */
export interface CompiledTests {
  /** Absent where no test could be compiled. */
  readonly wasm?: Uint8Array;
  /** In the order, and with the names, in which `test` gives them. */
  readonly tests: readonly CompiledTest[];
}

export interface CompiledTest {
  readonly location: SourceLocation;
  readonly package: string;
  readonly name: string;
  /** Whether its document holds cases by their names, each true where it passed. */
  readonly isTable: boolean;
  /** Absent where the test has a problem. */
  readonly entrypoint?: string;
  /** Why OPA cannot compile the test to WebAssembly. */
  readonly problem?: string;
}

export interface SourceLocation {
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

/** One rule as it stands in a source file. */
export interface InspectedRule {
  /** `data.belay.policies.slo_burn` */
  readonly package: string;
  /** `finding` */
  readonly name: string;
  readonly file: string;
  readonly row: number;
  readonly col: number;
  /** Every string that stands as the value of a key `code` in an object literal of this rule. */
  readonly codes: readonly string[];
  readonly annotations?: JsonObject;
}

export interface Inspection {
  readonly packages: readonly {
    readonly path: string;
    readonly file: string;
    readonly annotations?: JsonObject;
  }[];
  readonly rules: readonly InspectedRule[];
}

/** One test, in the words of `opa test --format=json`. */
export interface TestResult {
  readonly location: SourceLocation;
  readonly package: string;
  readonly name: string;
  readonly fail?: true;
  readonly skip?: true;
  readonly error?: JsonObject;
  /** Nanoseconds. */
  readonly duration: number;
  /** Base64 of what `print` wrote. */
  readonly output?: string;
  /** The expression that was undefined or false, with the values of its variables. */
  readonly failed_at?: FailedExpression;
  /** The cases of a table test by their name, as OPA gives them. */
  readonly sub_results?: JsonObject;
}

export interface FailedExpression extends SourceLocation {
  readonly text: string;
  /** Variables and references of the expression with the value each had, as JSON text. */
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

/** OPA's coverage report (`v1/cover`). */
export interface CoverageReport {
  readonly files: Readonly<Record<string, CoverageFile>>;
  readonly covered_lines: number;
  readonly not_covered_lines: number;
  /** Percent, 0..100, as OPA prints it. */
  readonly coverage: number;
}

export interface CoverageFile {
  readonly covered?: readonly CoverageRange[];
  readonly not_covered?: readonly CoverageRange[];
  readonly covered_lines?: number;
  readonly not_covered_lines?: number;
  readonly coverage?: number;
}

export interface CoverageRange {
  readonly start: { readonly row: number; readonly col?: number };
  readonly end: { readonly row: number; readonly col?: number };
  /** Why a line that is not covered was left out, where OPA knows. */
  readonly kinds?: readonly ("early_exit" | "index_excluded")[];
}

export interface TestRequest extends Sources {
  /** RE2 pattern over `data.package.test_name`. */
  readonly run?: string;
  /** Paths of the files whose coverage is measured, which costs more than the tests themselves. */
  readonly coverage?: readonly string[];
}

export interface Tested {
  readonly results: readonly TestResult[];
  /** Of the files it was asked for; present when it was, also when tests fail. */
  readonly coverage?: CoverageReport;
}

/** How a query is evaluated; the same for every input it is asked of. */
export interface EvalOptions extends Sources {
  readonly query: string;
  /** The clock of this evaluation, epoch milliseconds. */
  readonly nowMs?: number;
  readonly explain?: "off" | "notes" | "fails" | "full";
  /** How many events of the trace are kept for it; 50,000 where absent. */
  readonly traceEventsMax?: number;
  readonly coverage?: boolean;
  readonly strictBuiltinErrors?: boolean;
  /** Adds each expression's value in value notation, because JSON knows no sets. */
  readonly notation?: boolean;
}

export interface EvalRequest extends EvalOptions {
  readonly input?: JsonValue;
  /** The input as a ground Rego term (`{"ids": {1, 2}}`), in the place of `input`. */
  readonly inputTerm?: string;
}

export interface EvalEachRequest extends EvalOptions {
  readonly inputs: readonly JsonValue[];
}

export interface EvaluatedExpression {
  readonly value: JsonValue;
  readonly text: string;
  /** As OPA writes values: `{"ids": {1, 2}}`; numbers keep their digits. */
  readonly notation?: string;
}

export interface Evaluated {
  /** One document per solution, as in `opa eval`: the value of each expression, and bindings. */
  readonly result: readonly {
    readonly expressions: readonly EvaluatedExpression[];
    readonly bindings: JsonObject;
  }[];
  /** OPA's pretty trace, one line each. */
  readonly explanation?: readonly string[];
  readonly coverage?: CoverageReport;
  /** What `print` wrote. */
  readonly output: string;
}

/** One small change to a policy, which its tests should notice. */
export interface Mutant extends SourceLocation {
  /** What kind of change: `number`, `comparison`, … */
  readonly operator: string;
  /** The changed piece of source, and what stands in its place. */
  readonly before: string;
  readonly after: string;
}

export interface MutantsRequest extends Sources {
  /** Paths of the modules that are changed; test modules never are. */
  readonly targets: readonly string[];
}

/** A query that must answer as it does without the change. */
export interface Example {
  readonly name: string;
  readonly query: string;
  readonly input: JsonValue;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

export interface MutateRequest extends MutantsRequest {
  /** Which of the mutants, by their place in the list that `mutants` gives. */
  readonly mutants: readonly number[];
  readonly examples?: readonly Example[];
}

/**
 * `killed`: a test or an example came out otherwise, or did not end. `stillborn`: the change does not
 * compile, so that nobody could make it.
 */
export interface MutantOutcome {
  readonly outcome: "killed" | "survived" | "stillborn";
  /** What noticed: the name of a test or of an example. */
  readonly by?: string;
  /** How many tests and examples reach the changed rule. */
  readonly reachedBy: number;
}

export interface Toolchain {
  compile(request: CompileRequest): Promise<Checked<Compiled>>;
  /** Compiles the tests themselves, so that they can run where policies run. */
  compileTests(request: CompileTestsRequest): Promise<Checked<CompiledTests>>;
  /** Strict check; refuses what Belay's capabilities refuse. All diagnostics at once. */
  check(sources: Sources): Promise<Checked<object>>;
  test(request: TestRequest): Promise<Checked<Tested>>;
  /** Canonical formatting, file by file. */
  format(files: readonly SourceFile[]): Promise<Checked<{ readonly files: readonly SourceFile[] }>>;
  /**
   * By topdown. What was compiled is kept for the next call with the same sources, so that many
   * inputs cost one compilation.
   */
  eval(request: EvalRequest): Promise<Checked<Evaluated>>;
  /** The same query for each input; what fails for one is not lost for the others. */
  evalEach(
    request: EvalEachRequest,
  ): Promise<Checked<{ readonly results: readonly Checked<Evaluated>[] }>>;
  inspect(files: readonly SourceFile[]): Promise<Checked<Inspection>>;
  /** Every change that `mutate` can make to the targets, in the order of the source. */
  mutants(request: MutantsRequest): Promise<Checked<{ readonly mutants: readonly Mutant[] }>>;
  /**
   * Makes one change after the other and runs the tests and examples that reach it, up to the first
   * that notices. Tests and examples that fail without any change are left out.
   */
  mutate(request: MutateRequest): Promise<Checked<{ readonly outcomes: readonly MutantOutcome[] }>>;
  /** A deterministic `.tar.gz` in OPA's layout (leading slash, order as given). */
  archive(files: readonly ArchiveFile[]): Promise<Uint8Array>;
  /** Version of OPA inside, such as `1.22.2`. */
  readonly opaVersion: string;
  /** Ends the worker; a later call starts another. */
  close(): Promise<void>;
}

export interface ArchiveFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}
