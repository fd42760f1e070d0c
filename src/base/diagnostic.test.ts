import { expect, test } from "vitest";
import { formatDiagnostic } from "./diagnostic.ts";

const said = { code: "rego_type_error", message: "undefined function f" };

test.each([
  [
    { ...said, file: "a.rego", row: 3, col: 7 },
    "a.rego:3:7: rego_type_error: undefined function f",
  ],
  [{ ...said, file: "a.rego", row: 0, col: 0 }, "a.rego: rego_type_error: undefined function f"],
  [{ ...said, file: "", row: 0, col: 0 }, "rego_type_error: undefined function f"],
])("names as much of the place as is known", (diagnostic, text) => {
  expect(formatDiagnostic(diagnostic)).toBe(text);
});
