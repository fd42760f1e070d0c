/** @module The gates a change passes, and how each one tells how much it has seen. */

export interface Gate {
  readonly name: string;
  /** Program and arguments; programs are found in node_modules/.bin. */
  readonly command: readonly string[];
  /** Shows output as it comes, for what takes long. Other output is shown on failure only. */
  readonly live?: true;
  /** Lines that are there to be counted, not to be read. */
  readonly uninteresting?: RegExp;
  /** Reads passed, failed and seen from what the command printed. */
  readonly count: (output: string) => Count;
}

/** `seen` says in words how much was looked at; undefined where nothing was. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly seen: string | undefined;
}

function countFiles(pattern: RegExp): Gate["count"] {
  return (output) => seeFiles(Number(pattern.exec(output)?.[1] ?? 0));
}

function seeFiles(fileCount: number): Count {
  return { passed: 0, failed: 0, seen: fileCount > 0 ? `${fileCount} files` : undefined };
}

/** A line of the compiler's listing. */
const listedFile = /^\/.*\.[cm]?[jt]s(on)?$/;

/** Files of this project; what lies in node_modules proves nothing. */
function countListedFiles(output: string): Count {
  const files = output.split("\n").filter((line) => listedFile.test(line));
  return seeFiles(files.filter((path) => !path.includes("/node_modules/")).length);
}

/** The last `N passed, N failed` a command printed. */
export function countCases(output: string): Count {
  const last = [...output.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1) ?? [];
  const [passed = 0, failed = 0] = last.slice(1).map(Number);
  const caseCount = passed + failed;
  return { passed, failed, seen: caseCount > 0 ? `${caseCount} cases` : undefined };
}

/** What a run of drills ends with: `N as wanted, M not`. */
function countWants(output: string): Count {
  const [, passed = 0, failed = 0] = (/(\d+) as wanted, (\d+) not/.exec(output) ?? []).map(Number);
  const wantCount = passed + failed;
  return { passed, failed, seen: wantCount > 0 ? `${wantCount} wants` : undefined };
}

/**
 * A gate is passed when its command succeeded, nothing failed and something was seen. Passed or
 * failed, it counts as one at least: what has no cases is not lost in the sum.
 */
export function judge(gate: Gate, exitCode: number, output: string): { count: Count; ok: boolean } {
  const count = gate.count(output);
  const ok = exitCode === 0 && count.failed === 0 && count.seen !== undefined;
  const { passed, failed, seen } = count;
  return ok
    ? { count: { passed: Math.max(1, passed), failed, seen }, ok }
    : { count: { passed, failed: Math.max(1, failed), seen }, ok };
}

export const gates: readonly Gate[] = [
  { name: "format", command: ["biome", "ci", "."], count: countFiles(/Checked (\d+) files/) },
  { name: "lint", command: ["oxlint"], count: countFiles(/ on (\d+) files/) },
  {
    name: "types",
    command: ["tsc", "-p", "tsconfig.json", "--listFiles"],
    uninteresting: listedFile,
    count: countListedFiles,
  },
  {
    name: "knip",
    command: ["knip", "--no-progress", "--reporter=symbols", "--reporter=./test/knip-count.ts"],
    count: countFiles(/analysed (\d+) files/),
  },
  { name: "tidy", command: ["vitest", "run", "test/tidy"], live: true, count: countCases },
  {
    name: "unit",
    command: ["vitest", "run", "--exclude=test/tidy/**"],
    live: true,
    count: countCases,
  },
  {
    name: "verdicts",
    command: ["vitest", "run", "--mode=verdicts"],
    live: true,
    count: countCases,
  },
  {
    name: "conformance",
    command: ["vitest", "run", "--mode=conformance"],
    live: true,
    count: countCases,
  },
  {
    name: "library",
    command: ["node", "bin/belay.js", "test", "rego/belay", "--threshold=100"],
    count: countCases,
  },
  {
    name: "policies",
    command: ["node", "bin/belay.js", "test", "policies", "--threshold=100"],
    count: countCases,
  },
  {
    name: "drills",
    command: ["node", "bin/belay.js", "simulate", "examples/drills"],
    count: countWants,
  },
];

/** Gates that only run when they are named. */
export const namedGates: readonly Gate[] = [
  { name: "long", command: ["vitest", "run", "--mode=long"], live: true, count: countCases },
];
