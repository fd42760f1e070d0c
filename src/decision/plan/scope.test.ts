import { expect, test } from "vitest";
import type { Advice } from "../answer.ts";
import type { Edge } from "./contract.ts";
import type { ReleasedService } from "./released-service.ts";
import { createScope, kindOf } from "./scope.ts";

function scopeOf(
  names: readonly string[],
  edges: readonly [string, string, Edge["compat"]][],
  advice: readonly Advice[] = [],
  bound: readonly string[] = [],
) {
  const member = (service: string): ReleasedService => ({
    service,
    from: "2.0.0",
    target: { version: "1.0.0" },
    strategy: undefined,
    configDiff: [],
  });
  const scope = createScope({
    service: "a",
    released: new Map(names.map((name) => [name, member(name)])),
    edges: edges.map(([from, to, compat]) => ({
      from,
      to,
      kind: "sync",
      ...(compat === undefined ? {} : { compat }),
    })),
    advice,
    hasWayBack: ({ service }) => !bound.includes(service),
  });
  return { ...scope, services: [...scope.services.keys()] };
}

test.each<[string, [string, string, Edge["compat"]][], string[]]>([
  ["nothing is said of contracts", [], ["a"]],
  ["an old caller is still served", [["a", "b", "backward"]], ["a"]],
  ["an old caller is no longer served", [["a", "b", "forward"]], ["a", "b"]],
  ["a new caller is not served by the old", [["b", "a", "backward"]], ["a", "b"]],
  ["a new caller is served by the old", [["b", "a", "forward"]], ["a"]],
  ["nothing goes together", [["a", "b", "none"]], ["a", "b"]],
  ["nobody knows", [["a", "b", undefined]], ["a"]],
  [
    "one pulls the next along",
    [
      ["b", "a", "none"],
      ["c", "b", "backward"],
      ["c", "d", "both"],
    ],
    ["a", "b", "c"],
  ],
])("what goes back where %s", (_name, edges, services) => {
  const scope = scopeOf(["a", "b", "c", "d"], edges);
  expect(scope.services).toEqual(services);
  expect(scope.excluded).toEqual(
    ["b", "c", "d"]
      .filter((name) => !services.includes(name))
      .map((service) => ({
        service,
        why: "was released too, and no contract asks for it to go back",
      })),
  );
});

test("neighbours that were not released stay, by name", () => {
  const scope = scopeOf(
    ["a"],
    [
      ["z", "a", "none"],
      ["a", "y", undefined],
      ["y", "x", "none"],
    ],
  );
  expect(scope.services).toEqual(["a"]);
  expect(scope.excluded).toEqual([
    { service: "y", why: "was not released" },
    { service: "z", why: "was not released" },
  ]);
});

const policy = "topology_order";

test("where a policy includes services its word decides; its exclusions always do", () => {
  const include: Advice = { act: "include", policy, service: "c", why: "it reads the same table" };
  const exclude: Advice = { act: "exclude", policy, service: "b", why: "another team's" };
  const edges: [string, string, Edge["compat"]][] = [["a", "b", "none"]];
  expect(scopeOf(["a", "b", "c"], edges, [include]).services).toEqual(["a", "c"]);
  const excluded = scopeOf(["a", "b", "c"], edges, [exclude]);
  expect(excluded.services).toEqual(["a"]);
  expect(excluded.excluded).toContainEqual({ service: "b", why: "another team's" });
  // What was judged is part of its own rollback.
  expect(scopeOf(["a"], [], [{ ...exclude, service: "a" }]).services).toEqual(["a"]);
});

test("what should go back and cannot is left, and a human hears of it", () => {
  const why = "should go back too, and nothing is named for it to go back to";
  const bound = scopeOf(["a", "b"], [["a", "b", "none"]], [], ["b"]);
  expect(bound).toEqual({
    services: ["a"],
    excluded: [{ service: "b", why }],
    stranded: [`b ${why}`],
  });
  // It stays new, and so does what only it would have asked for.
  const chain: [string, string, Edge["compat"]][] = [
    ["a", "b", "none"],
    ["b", "c", "none"],
  ];
  expect(scopeOf(["a", "b", "c"], chain, [], ["b"])).toMatchObject({
    services: ["a"],
    stranded: [`b ${why}`],
  });
  const include: Advice = { act: "include", policy, service: "z", why: "its contract" };
  expect(scopeOf(["a"], [], [include]).stranded).toEqual([`z ${why}`]);
});

test("one service, several, or all there are", () => {
  const some = new Map([
    ["a", 1],
    ["b", 1],
  ]);
  expect(kindOf(new Map([["a", 1]]), [])).toBe("single");
  expect(kindOf(some, [])).toBe("group");
  expect(kindOf(some, [{ service: "a" }, { service: "c" }])).toBe("group");
  expect(kindOf(some, [{ service: "a" }, { service: "b" }])).toBe("fleet");
});
