import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose tests start processes, slowest first: begun first, so that none is left for the end. */
const slowFolders = ["/test/docs/", "/test/cli/", "/test/fault/", "/test/contract/"];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = slowFolders.findIndex((folder) => moduleId.includes(folder));
      return at === -1 ? slowFolders.length : at;
    };
    return files.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** `vitest --mode NAME` runs what takes minutes, and nothing else. */
const slowTests: Readonly<Record<string, string>> = {
  verdicts: "test/verdict/**/*.test.ts",
  conformance: "test/conformance/**/*.test.ts",
  long: "test/long/**/*.test.ts",
};

export default defineConfig(({ mode }) => ({
  test: {
    include: Object.hasOwn(slowTests, mode)
      ? [slowTests[mode] as string]
      : ["src/**/*.test.ts", "test/**/*.test.ts", "rego/**/*.test.ts", "bench/**/*.test.ts"],
    exclude: [
      "**/node_modules/**",
      ...(Object.hasOwn(slowTests, mode) ? [] : Object.values(slowTests)),
    ],
    reporters: ["default", "./test/reporter.ts"],
    // Against what hangs: on a busy machine a test takes five times what it takes alone.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than the cores of a small machine: some tests wait for processes.
    maxWorkers: 3,
    // No test changes what modules hold, so a worker need not load them anew for every file.
    isolate: false,
    sequence: { sequencer: SlowFirst },
  },
}));
