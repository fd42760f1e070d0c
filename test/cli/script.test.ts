import { describe, expect, test } from "vitest";
import { parseScript, printOutput, printScript } from "./script.ts";

const text = `# A comment.

$ belay check pack
fine

with a blank line
! a complaint
[1]
& belay serve

& wait is in force

& stop
stopping

-- pack/a.rego --
package a

-- b.json --
{}
`;

describe("a script", () => {
  test("is read into steps and files", () => {
    const { steps, files } = parseScript(text);
    expect(steps.map(({ kind, text: command }) => `${kind} ${command}`)).toEqual([
      "run belay check pack",
      "serve belay serve",
      "wait is in force",
      "stop ",
    ]);
    expect(steps[0]?.expected).toBe("fine\n\nwith a blank line\n! a complaint\n[1]");
    expect(files).toEqual([
      { path: "pack/a.rego", text: "package a\n" },
      { path: "b.json", text: "{}\n" },
    ]);
  });

  test("is written as it was read, and otherwise where a command printed something else", () => {
    const script = parseScript(text);
    const expected = script.steps.map((step) => step.expected);
    expect(printScript(script, expected)).toBe(text);
    expect(printScript(script, ["other", ...expected.slice(1)])).not.toBe(text);
    expect(printScript(script, ["", ...expected.slice(1)])).not.toBe(text);
  });

  test("refuses what is neither command nor comment nor output", () => {
    expect(() => parseScript("\nbelay check\n")).toThrow("neither command nor comment");
  });
});

test("what a command printed is shown with standard error, exit code and kinds of ids", () => {
  const stdout = `entry 0191d8a2-6f6c-7bb0-8a70-6f1c7f3f3a52 at http://127.0.0.1:4711 \n`;
  expect(printOutput(stdout, "belay: no\n\nat all\n", 3)).toBe(
    "entry <id> at http://127.0.0.1:<port>\n! belay: no\n!\n! at all\n[3]",
  );
  expect(printOutput("", "", 0)).toBe("");
  expect(printOutput("", "", null)).toBe("[killed]");
});
