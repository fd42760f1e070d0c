import { expect, test } from "vitest";
import { formatPrint } from "./print.ts";

const printed = (argument: string) => formatPrint(Buffer.from(argument));

test.each([
  ['[{"a"}, {1}, {[1, {"b"}]}]', 'a 1 [1, {"b"}]'],
  ["[{1.50}, set(), {null}]", "1.50 <undefined> null"],
  ['[{"é\\n"}]', "é\n"],
  ["[]", ""],
  ["[{1, 2}, {3, 4}]", "1 3\n1 4\n2 3\n2 4"],
])("%s is printed as OPA prints it", (argument, line) => {
  expect(printed(argument)).toBe(line);
});

test("a product of many values is cut off", () => {
  const values = `{${Array.from({ length: 100 }, (_, at) => at).join(", ")}}`;
  expect(printed(`[${values}, ${values}, ${values}]`).split("\n")).toHaveLength(1_000);
});
