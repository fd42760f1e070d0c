import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../base/json.ts";
import { parseJsonPath, selectNodes } from "./json-path.ts";

const document = {
  status: "success",
  data: {
    result: [
      { metric: { track: "canary" }, value: [1, "2"] },
      { metric: { track: "stable" }, value: [3, "4"] },
    ],
  },
};
const [canary, stable] = document.data.result;

describe("a path of names, indexes, slices and wildcards", () => {
  test.each([
    ["$", [document]],
    ["$.data.result[*]", [canary, stable]],
    ["$['data'][\"result\"][0]", [canary]],
    ["$.data.result[-1:]", [stable]],
    ["$.data.result[:1]", [canary]],
    ["$.data.result[0:2].value", [canary?.value, stable?.value]],
    ["$.data.result.*.value[1]", ["2", "4"]],
    ["$.*.result[1]", [stable]],
    ["$.data.absent[*]", []],
    ["$.data.result[7]", []],
  ])("%s is followed", (path, found) => {
    expect(parseJsonPath(path)).toEqual({ ok: true, path });
    expect(selectNodes(path, document)).toEqual(found);
  });
});

const marker = "belayPwned";
/** Shapes that have run code in one JSONPath implementation or another. */
const attacks = [
  `$[?(globalThis.${marker}=1)]`,
  `$..[?(globalThis.${marker}=1)]`,
  `$[(globalThis.${marker}=1)]`,
  `$.data.result[(@.length-1)]`,
  `$.data.result[?(@.metric.track=='canary')]`,
  `$[?(var _$_root=[].constructor.constructor("globalThis.${marker}=1")();@root)]`,
  `$[?(con = constructor; dp = con.defineProperty; gopd = con.getOwnPropertyDescriptor; f = gopd(con, 'entries').get; f.constructor("globalThis.${marker}=1")())]`,
  `$..[?(' '['constructor']['constructor']('globalThis.${marker}=1')())]`,
  `$[?(this.constructor.constructor("globalThis.${marker}=1")())]`,
  `$[?(p="globalThis.${marker}=1";a=''[['constructor']][['constructor']](p);a())]`,
  `$['?(globalThis.${marker}=1)']`,
  `$['(globalThis.${marker}=1)']`,
  `$.constructor.constructor("globalThis.${marker}=1")()`,
  "$.constructor.constructor",
  "$['constructor']",
  "$.__proto__",
  '$["__proto__"].polluted',
  "$.data.prototype",
  "$.data.result[*]~",
  "$.data.result[*]^",
  "$.data.result.@number()",
  "$.`constructor",
  "$['..']",
  "$..value",
  "$.data.result[0,0,0,0]",
  "$['data','data']",
  "$.data.result[#0]",
  "$.data%@%result",
];

function tryToFollow(path: string): unknown {
  try {
    return selectNodes(path, document);
  } catch (error) {
    return error;
  }
}

describe("a path that could run code or never end", () => {
  test.each(attacks)("%s is refused", (path) => {
    expect(parseJsonPath(path)).toEqual({ ok: false, message: expect.stringMatching(/\w/) });
  });

  test.each(attacks)("%s runs nothing even where it is followed", (path) => {
    const outcome = tryToFollow(path);
    expect(outcome instanceof Error || Array.isArray(outcome)).toBe(true);
    expect(globalThis).not.toHaveProperty(marker);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  test("a filter names what to write instead", () => {
    expect(parseJsonPath("$.data.result[?(@.a)]")).toEqual({
      ok: false,
      message: "filters and scripts are never evaluated: choose series by `labels`",
    });
  });

  test("length is bounded, and a long path is refused at once", () => {
    expect(parseJsonPath(`$${"[0]".repeat(1_000_000)}`).ok).toBe(false);
  });
});

test("what is accepted finds parts of the document, no more than it has", () => {
  const segment = fc.oneof(
    fc.constantFrom(
      ".*",
      "[*]",
      ".data",
      "['result']",
      "[0]",
      "[-1:]",
      "[:]",
      ".metric",
      ".toString",
    ),
    fc.string({ maxLength: 6 }),
  );
  const path = fc.array(segment, { maxLength: 6 }).map((segments) => `$${segments.join("")}`);
  const documents = fc.oneof(
    fc.constant(document),
    fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>,
  );
  fc.assert(
    fc.property(path, documents, (text, from) => {
      const parsed = parseJsonPath(text);
      if (!parsed.ok) return;
      const parts: unknown[] = [];
      JSON.stringify(from, (_key, value: unknown) => {
        parts.push(value);
        return value;
      });
      const found = selectNodes(parsed.path, from);
      expect(found.length).toBeLessThanOrEqual(parts.length);
      // The library counts characters and lengths as members too: those are no series.
      const values = found.filter((node) => typeof node === "object");
      for (const node of values) expect(parts).toContain(node);
    }),
    { numRuns: 500 },
  );
});
