import { expect, test } from "vitest";
import type { Edge } from "./contract.ts";
import { orderServices } from "./service-order.ts";

type Arc = [string, string, Edge["compat"]?];

function order(
  services: string,
  arcs: readonly Arc[],
  { deployOrder = "", asking = "" }: { deployOrder?: string; asking?: string } = {},
) {
  const {
    services: taken,
    predecessors,
    cycles,
  } = orderServices({
    services: services.split(""),
    edges: arcs.map(([from, to, compat]) => ({
      from,
      to,
      kind: "sync",
      ...(compat === undefined ? {} : { compat }),
    })),
    deployOrder: deployOrder.split(""),
    asking: new Set(asking),
  });
  const waits = taken.map((name) => `${name}<${[...(predecessors.get(name) ?? [])].join("")}`);
  return {
    order: taken.join(""),
    waits: waits.join(" "),
    cycles: cycles.map((one) => one.join("")),
  };
}

test.each<[string, string, Arc[], object, string, string]>([
  ["nothing is known", "cab", [], {}, "cab", "c< a< b<"],
  [
    "callers go before the called",
    "dcba",
    [
      ["a", "b"],
      ["b", "c", "both"],
      ["c", "d", "backward"],
    ],
    {},
    "abcd",
    "a< b<a c<b d<c",
  ],
  ["the old called serves new callers", "ab", [["a", "b", "forward"]], {}, "ba", "b< a<b"],
  [
    "the order of deployment is reversed",
    "abc",
    [["a", "b", "both"]],
    { deployOrder: "axbc" },
    "cba",
    "c< b<c a<b",
  ],
  [
    "a contract goes before the order of deployment",
    "ab",
    [["a", "b", "backward"]],
    { deployOrder: "ab" },
    "ab",
    "a< b<a",
  ],
  [
    "what waits for a human comes last, where it may",
    "abc",
    [["a", "c"]],
    { asking: "a" },
    "bac",
    "b< a< c<a",
  ],
  [
    "a bad state ends before anything else",
    "abcd",
    [
      ["a", "d", "none"],
      ["b", "c"],
    ],
    {},
    "adbc",
    "a< d<a b< c<b",
  ],
])("%s", (_name, services, arcs, rest, wanted, waits) => {
  expect(order(services, arcs, rest)).toMatchObject({ order: wanted, waits });
});

test("a cycle is named, and in it contracts still count", () => {
  const cycle: Arc[] = [
    ["a", "b"],
    ["b", "c", "backward"],
    ["c", "a", "backward"],
    ["c", "d"],
  ];
  expect(order("dabc", cycle)).toEqual({
    order: "bcda",
    waits: "b< c<b d<c a<bc",
    cycles: ["abc"],
  });
});

test("contracts that contradict each other leave the order of the request", () => {
  const arcs: Arc[] = [
    ["a", "b", "backward"],
    ["b", "a", "backward"],
    ["b", "c"],
  ];
  expect(order("bac", arcs)).toEqual({ order: "bac", waits: "b< a<b c<b", cycles: ["ba"] });
});

test("a service that calls itself, or is deployed twice, is no cycle", () => {
  expect(order("ab", [["a", "a", "none"]], { deployOrder: "aba" }).cycles).toEqual([]);
});
