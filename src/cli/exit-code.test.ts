import { describe, expect, test } from "vitest";
import { BelayError, type ErrorCode, errorCatalogue } from "../base/errors.ts";
import { exitCodeOf } from "./exit-code.ts";

describe("exit codes", () => {
  test.each<[ErrorCode, number]>([
    ["usage", 2],
    ["invalid-request", 2],
    ["decision-not-found", 2],
    ["input-too-large", 2],
    ["channel-moved", 1],
    ["address-in-use", 1],
    ["server-unreachable", 3],
    ["log-sealed", 3],
    ["log-corrupt", 3],
    ["internal", 3],
  ])("%s ends with %i", (code, expected) => {
    expect(exitCodeOf(new BelayError(code, "x"))).toBe(expected);
  });

  test("no error ends as if all were well", () => {
    const codes = Object.keys(errorCatalogue) as ErrorCode[];
    expect(codes.filter((code) => exitCodeOf(new BelayError(code, "x")) === 0)).toEqual([]);
    expect(exitCodeOf(new TypeError("a fault of ours"))).toBe(3);
    expect(exitCodeOf(undefined)).toBe(3);
  });
});
