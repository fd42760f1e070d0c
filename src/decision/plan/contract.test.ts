import { expect, test } from "vitest";
import { breaksContract, type Edge, findFirstToGoBack, type Side } from "./contract.ts";

function edge(compat?: Edge["compat"]): Edge {
  return { from: "web", to: "cart", kind: "sync", ...(compat === undefined ? {} : { compat }) };
}

/** For each: caller old and called new, caller new and called old. */
test.each<[Edge["compat"], boolean, boolean]>([
  ["both", false, false],
  ["backward", false, true],
  ["forward", true, false],
  ["none", true, true],
  [undefined, false, false],
])("what %s breaks", (compat, oldCaller, oldCalled) => {
  expect(breaksContract(edge(compat), "old", "new")).toBe(oldCaller);
  expect(breaksContract(edge(compat), "new", "old")).toBe(oldCalled);
  for (const side of ["old", "new", "unchanged"] as const) {
    expect(breaksContract(edge(compat), side, side)).toBe(false);
  }
});

test("a service that was not released worked with the old version, unless nothing goes together", () => {
  const pairs: [Side, Side][] = [
    ["unchanged", "old"],
    ["old", "unchanged"],
  ];
  for (const [caller, called] of pairs) {
    expect(breaksContract(edge("none"), caller, called)).toBe(true);
    expect(breaksContract(edge("backward"), caller, called)).toBe(false);
    expect(breaksContract(edge("forward"), caller, called)).toBe(false);
  }
  expect(breaksContract(edge("none"), "unchanged", "new")).toBe(false);
});

test("data that one wrote is read by both: it goes with both versions, or with no mix", () => {
  for (const compat of ["backward", "forward", "none"] as const) {
    const data: Edge = { ...edge(compat), kind: "data" };
    expect(breaksContract(data, "old", "new")).toBe(true);
    expect(breaksContract(data, "new", "old")).toBe(true);
    expect(findFirstToGoBack(data)).toBeUndefined();
  }
  expect(breaksContract({ ...edge("both"), kind: "data" }, "old", "new")).toBe(false);
  expect(breaksContract({ ...edge(), kind: "data" }, "old", "new")).toBe(false);
});

test("whose going back first keeps the contract", () => {
  expect(findFirstToGoBack(edge("backward"))).toBe("web");
  expect(findFirstToGoBack(edge("forward"))).toBe("cart");
  expect(findFirstToGoBack(edge("both"))).toBeUndefined();
});
