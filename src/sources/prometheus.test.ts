import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../base/json.ts";
import { readPrometheusAnswer, readSeries } from "./prometheus.ts";

const timeS = 1_767_225_600.781;

function readValue(text: JsonValue) {
  return readSeries({ metric: {}, value: [timeS, text] })?.samples[0]?.value;
}

describe("the text of a sample", () => {
  test.each([
    ["0", 0],
    ["-0", -0],
    ["12.0003", 12.0003],
    ["1.5e3", 1500],
    ["1.5e+03", 1500],
    ["2e-09", 2e-9],
    ["+4", 4],
    ["NaN", Number.NaN],
    ["+Inf", Number.POSITIVE_INFINITY],
    ["Inf", Number.POSITIVE_INFINITY],
    ["-Inf", Number.NEGATIVE_INFINITY],
    ["1e999", Number.POSITIVE_INFINITY],
  ])("%s is %d", (text, value) => {
    expect(readValue(text)).toBe(value);
  });

  test.each([
    "",
    " ",
    "1 ",
    "0x10",
    "1_000",
    "1,5",
    "nan",
    "Infinity",
    "1e",
    "--1",
    "١",
    "1".repeat(2000),
  ])("%j is none", (text) => {
    expect(readValue(text)).toBeUndefined();
  });

  test.each([[null], [1], [true], [["1"]], [{ toString: "1" }]])("%j is none", (text) => {
    expect(readValue(text)).toBeUndefined();
  });

  test("every finite double comes back as it was", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(readValue(`${value}`)).toBe(Number(`${value}`));
      }),
    );
  });
});

describe("a series", () => {
  const pair = [timeS, "1"];
  test.each<[string, JsonValue]>([
    ["a time as text", { metric: {}, value: ["1767225600", "1"] }],
    ["a time in milliseconds", { metric: {}, value: [1_767_225_600_000, "1"] }],
    ["a time before 2000", { metric: {}, value: [0, "1"] }],
    ["three parts", { metric: {}, value: [timeS, "1", "2"] }],
    ["no labels", { value: pair }],
    ["both forms", { metric: {}, value: pair, values: [pair] }],
    ["neither form", { metric: {} }],
    ["a native histogram", { metric: {}, histogram: [timeS, { count: "1", sum: "1" }] }],
    ["times that repeat", { metric: {}, values: [pair, pair] }],
    ["times that go back", { metric: {}, values: [pair, [timeS - 1, "1"]] }],
    ["a point that is none", { metric: {}, values: [pair, null] }],
    ["a text", "1"],
    ["nothing", null],
  ])("with %s is not read", (_what, node) => {
    expect(readSeries(node)).toBeUndefined();
  });

  test("of a range keeps its points in order", () => {
    expect(readSeries({ metric: { a: "b" }, values: [pair, [timeS + 1, "NaN"]] })).toEqual({
      labels: { a: "b" },
      form: "range",
      samples: [
        { timeS, value: 1 },
        { timeS: timeS + 1, value: Number.NaN },
      ],
    });
  });
});

describe("an answer", () => {
  const vector = { resultType: "vector", result: [] };

  test("with infos is read as without, one with warnings says so", () => {
    const document = { status: "success", data: vector, infos: ["PromQL info: not a counter"] };
    expect(readPrometheusAnswer(document)).toMatchObject({ ok: true, warnings: [] });
    expect(readPrometheusAnswer({ ...document, warnings: ["a store is down"] })).toMatchObject({
      warnings: ["a store is down"],
    });
  });

  test("with an error is that error, whatever data it has", () => {
    const failed = {
      status: "error",
      errorType: "timeout",
      error: "query timed out",
      data: vector,
    };
    expect(readPrometheusAnswer(failed)).toEqual({
      ok: false,
      message: "failed: timeout: query timed out",
    });
    expect(readPrometheusAnswer({ status: "error" })).toEqual({ ok: false, message: "failed" });
  });

  test.each([
    [null],
    [[]],
    ["success"],
    [{}],
    [{ status: "success" }],
    [{ status: "ok", data: vector }],
    [{ status: "success", data: { resultType: "streams", result: [] } }],
    [{ status: "success", data: { resultType: "vector", result: null } }],
    [{ status: "success", data: { resultType: "vector", result: {} } }],
    [{ status: "success", data: vector, warnings: "many" }],
  ])("of another form is none: %j", (raw) => {
    expect(readPrometheusAnswer(raw)).toEqual({
      ok: false,
      message: "is not an answer of the Prometheus API",
    });
  });

  test("of any form is read without throwing", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (raw) => {
        expect(typeof readPrometheusAnswer(raw).ok).toBe("boolean");
      }),
    );
  });
});
