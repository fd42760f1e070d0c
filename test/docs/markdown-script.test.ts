import { expect, test } from "vitest";
import { parseMarkdownScript, withoutVolatile } from "./markdown-script.ts";

const fence = "```";

test("reads commands with the output that follows them, and servers", () => {
  const page = [
    "# Page",
    `${fence}sh server`,
    "npm start",
    fence,
    "Then:",
    `${fence}sh`,
    "echo a",
    "echo b",
    fence,
    "prints",
    `${fence}text`,
    "a",
    "b",
    fence,
    `${fence}yaml`,
    "not: run",
    fence,
    `${fence}sh`,
    "true",
    fence,
  ].join("\n");
  expect(parseMarkdownScript(page)).toEqual([
    { kind: "server", commands: "npm start", output: undefined, line: 2 },
    { kind: "run", commands: "echo a\necho b", output: "a\nb", line: 6 },
    { kind: "run", commands: "true", output: undefined, line: 18 },
  ]);
});

test("a block that is never closed is an error", () => {
  expect(() => parseMarkdownScript(`${fence}sh\nls\n`)).toThrow("line 1");
});

test("compares what differs from run to run by its form, and all else to the letter", () => {
  const shown =
    "id 019ab37e-1111-7abc-8def-0123456789ab at 2026-11-21T16:00:00.000Z in 12 ms  \nmargin 0.02";
  const ran =
    "id 019ab37f-2222-7abc-8def-0123456789ab at 2027-01-01T00:00:00.123Z in 9 ms\nmargin 0.02";
  expect(withoutVolatile(shown)).toBe(withoutVolatile(ran));
  expect(withoutVolatile("margin 0.02")).not.toBe(withoutVolatile("margin 0.03"));
});
