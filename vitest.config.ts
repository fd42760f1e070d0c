import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  test: {
    // `vitest --mode long` runs what takes minutes and nothing else.
    include:
      mode === "long"
        ? ["test/long/**/*.test.ts"]
        : ["src/**/*.test.ts", "test/**/*.test.ts", "rego/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(mode === "long" ? [] : ["test/long/**"])],
    reporters: ["default", "./test/reporter.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
}));
