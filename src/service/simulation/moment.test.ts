import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue } from "../../base/json.ts";
import { placeInTime } from "./moment.ts";

const moment = { startMs: 1_767_225_600_000, nowMs: 1_767_225_660_000, planId: "sha256:ab" };

test.each([
  ["start", 1_767_225_600_000],
  ["now", 1_767_225_660_000],
  ["start-30s", 1_767_225_570_000],
  ["start+5m", 1_767_225_900_000],
  ["now-2h", 1_767_218_460_000],
  ["now+1d", 1_767_312_060_000],
  ["start-1w", "start-1w"],
  ["starting", "starting"],
  ["start - 5m", "start - 5m"],
])("%s is %s", (text, want) => {
  expect(placeInTime({ at_ms: text }, moment)).toEqual({ at_ms: want });
});

test("only where a time or a plan stands, at any depth", () => {
  const value = {
    version: "start",
    flags: [{ key: "now", changed_at_ms: "now-1s" }],
    approvals: { given: [{ plan_id: "latest", subject: "latest" }] },
  };
  expect(placeInTime(value, moment)).toEqual({
    version: "start",
    flags: [{ key: "now", changed_at_ms: 1_767_225_659_000 }],
    approvals: { given: [{ plan_id: "sha256:ab", subject: "latest" }] },
  });
  expect(placeInTime({ plan_id: "latest" }, { ...moment, planId: undefined })).toEqual({
    plan_id: "latest",
  });
});

test("everything else stays as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!/"(start|now|latest)/.test(JSON.stringify(value)));
      expect(placeInTime(value as JsonValue, moment)).toEqual(value);
    }),
  );
});
