import { expect, test } from "vitest";
import type { Finding } from "../answer.ts";
import { createReason, findMisquote } from "./reasons.ts";

const evidence: Finding["evidence"][number] = {
  path: "/derived/burn/0/rate",
  observed: 18.2,
  op: ">",
  threshold: 14.4,
};
const finding: Finding = {
  policy: "slo_burn",
  kind: "insufficient",
  code: "NO_TRAFFIC",
  severity: "major",
  message: "two\nlines",
  evidence: [{ ...evidence, unit: "x", n: 100, status: "ok" }],
  grace_until_ms: 1_767_225_600_000,
  counted: true,
};
const place = {
  policy: "slo_burn",
  code: "NO_TRAFFIC",
  rule: "data.belay.policies.slo_burn.finding",
  file: "policies/slo_burn/policy.rego",
  row: 17,
};

test("a reason is the finding with the place of its rule and the margin of its evidence", () => {
  const { grace_until_ms, ...rest } = finding;
  expect(createReason(finding, [{ ...place, code: "OTHER" }, place])).toEqual({
    ...rest,
    grace_until_ms,
    message: "two lines",
    rule: place.rule,
    location: { file: place.file, row: 17 },
    evidence: [
      {
        ...evidence,
        unit: "x",
        n: 100,
        status: "ok",
        margin: 3.8,
        margin_ratio: 0.263888888889,
      },
    ],
  });
});

test("a code that the bundle's index does not know has a rule and no place", () => {
  const reason = createReason(finding, [{ ...place, policy: "other" }]);
  expect(reason.rule).toBe("data.belay.policies.slo_burn.finding");
  expect(reason).not.toHaveProperty("location");
});

test.each([
  [0.3, 0.1, { margin: 0.2, margin_ratio: 2 }],
  [1, -2, { margin: 3, margin_ratio: 1.5 }],
  [3, 0, { margin: 3 }],
  [0, 0, { margin: 0 }],
  [1e308, -1e308, {}],
  [1, 5e-324, { margin: 1 }],
  ["stale", "ok", {}],
  [null, 5, {}],
  [true, false, {}],
])("observed %o over %o has the margins %o", (observed, threshold, margins) => {
  const [made] = createReason(
    { ...finding, evidence: [{ ...evidence, observed, threshold }] },
    [],
  ).evidence;
  expect(made).toEqual({ ...evidence, observed, threshold, ...margins });
});

const input = { derived: { burn: [{ rate: 18.2, slo: "a" }] }, signed: false };

test.each([
  ["/derived/burn/0/rate", 18.2],
  ["/derived/burn/0/slo", "a"],
  ["/signed", false],
  // What was computed from a list points at the list.
  ["/derived/burn", 1],
  ["", "anything"],
  // Nothing there, and nothing is what was observed.
  ["/derived/compare/0", null],
  ["/release/stable", null],
])("the evidence at %o quotes %o rightly", (path, observed) => {
  expect(findMisquote({ ...evidence, path, observed }, input)).toBeUndefined();
});

test.each([
  ["/derived/burn/0/rate", 18.3, "evidence /derived/burn/0/rate is quoted as 18.3 and is 18.2"],
  ["/derived/burn/0/rate", "18.2", 'evidence /derived/burn/0/rate is quoted as "18.2" and is 18.2'],
  ["/signed", null, "evidence /signed is quoted as null and is false"],
  ["/derived/burn/1/rate", 18.2, "evidence /derived/burn/1/rate leads nowhere"],
  ["/release\n/x", 0, "evidence /release /x leads nowhere"],
])("the evidence at %o does not quote %o", (path, observed, complaint) => {
  expect(findMisquote({ ...evidence, path, observed }, input)).toBe(complaint);
});
