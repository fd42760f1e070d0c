import { describe, expect, test } from "vitest";
import { type Gate, gates, judge, namedGates } from "../gates.ts";

function loadGate(name: string): Gate {
  const gate = [...gates, ...namedGates].find((candidate) => candidate.name === name);
  if (gate === undefined) throw new Error(`no gate ${name}`);
  return gate;
}

describe("gates", () => {
  test.each([
    ["format", "Checked 12 files in 3ms. No fixes applied.", "12 files"],
    ["lint", "Finished in 98ms on 20 files with 96 rules using 2 threads.", "20 files"],
    ["types", "/a/node_modules/lib.d.ts\n/a/src/b.ts\n/a/src/c.ts", "2 files"],
    ["knip", "analysed 97 files", "97 files"],
  ])("%s passes as one and says what it saw", (name, output, seen) => {
    expect(judge(loadGate(name), 0, output)).toEqual({
      count: { passed: 1, failed: 0, seen },
      ok: true,
    });
    expect(judge(loadGate(name), 1, output)).toEqual({
      count: { passed: 0, failed: 1, seen },
      ok: false,
    });
  });

  test.each(["tidy", "unit", "conformance", "library", "policies", "long"])(
    "%s adds up its cases",
    (name) => {
      const gate = loadGate(name);
      expect(judge(gate, 0, "1 passed, 0 failed\n7 passed, 0 failed\n")).toEqual({
        count: { passed: 7, failed: 0, seen: "7 cases" },
        ok: true,
      });
      expect(judge(gate, 1, "5 passed, 2 failed\n")).toEqual({
        count: { passed: 5, failed: 2, seen: "7 cases" },
        ok: false,
      });
      // An exit code of 0 does not make failed cases good, nor good cases a failed run.
      expect(judge(gate, 0, "5 passed, 2 failed\n").ok).toBe(false);
      expect(judge(gate, 1, "7 passed, 0 failed\n").count).toMatchObject({ passed: 7, failed: 1 });
    },
  );

  test("drills adds up what was wanted", () => {
    const gate = loadGate("drills");
    expect(judge(gate, 0, "30 as wanted, 0 not (5 drills)\n")).toEqual({
      count: { passed: 30, failed: 0, seen: "30 wants" },
      ok: true,
    });
    expect(judge(gate, 1, "28 as wanted, 2 not (5 drills)\n")).toEqual({
      count: { passed: 28, failed: 2, seen: "30 wants" },
      ok: false,
    });
  });

  test.each([...gates, ...namedGates].map((gate) => gate.name))(
    "%s fails when it saw nothing",
    (name) => {
      for (const output of [
        "",
        "Checked 0 files",
        "on 0 files",
        "0 passed, 0 failed",
        "0 as wanted, 0 not",
      ]) {
        expect(judge(loadGate(name), 0, output)).toEqual({
          count: { passed: 0, failed: 1, seen: undefined },
          ok: false,
        });
      }
    },
  );
});
