import { describe, expect, test } from "vitest";
import { BelayError, type ErrorCode, errorCatalogue } from "../base/errors.ts";
import { createProblem } from "./problem.ts";

const requestId = "r-1";
const codes = Object.keys(errorCatalogue) as ErrorCode[];

describe("a problem document", () => {
  test.each(codes)("%s names its type, title, status and request", (code) => {
    const { status, headers, document } = createProblem(new BelayError(code, "what failed"), {
      requestId,
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(headers["content-type"]).toBe("application/problem+json");
    expect(document).toMatchObject({
      type: `urn:belay:problem:${code}`,
      title: errorCatalogue[code].title,
      status,
      instance: "urn:belay:request:r-1",
      code,
      retry: errorCatalogue[code].retry,
    });
  });

  test.each(["overloaded", "log-sealed", "toolchain-crashed", "toolchain-deadline"] as const)(
    "%s says when to ask again",
    (code) => {
      const { status, headers } = createProblem(new BelayError(code, "not now"), { requestId });
      expect(status).toBe(503);
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    },
  );

  test("what no retry can mend does not ask for one", () => {
    const { headers } = createProblem(new BelayError("log-corrupt", "x"), { requestId });
    expect(headers["retry-after"]).toBeUndefined();
  });

  test.each([
    ["malformed-json", 400],
    ["invalid-request", 422],
    ["clock-skew", 422],
    ["idempotency-key-reused", 422],
    ["pack-refused", 422],
    ["decision-not-found", 404],
    ["unsupported-media-type", 415],
    ["input-too-large", 413],
    ["channel-moved", 409],
    ["log-corrupt", 500],
    ["internal", 500],
  ] as const)("%s is %i", (code, status) => {
    expect(createProblem(new BelayError(code, "x"), { requestId }).status).toBe(status);
  });

  test("a more exact status goes before that of the code", () => {
    const moved = new BelayError("channel-moved", "x", { extra: { current: "abc" } });
    const { status, document } = createProblem(moved, { requestId, status: 412 });
    expect([status, document.status, document["current"]]).toEqual([412, 412, "abc"]);
  });

  test.each(["log-sealed", "overloaded"] as const)("%s asks a human", (code) => {
    const { document } = createProblem(new BelayError(code, "x"), { requestId });
    expect(document).toMatchObject({ verdict: "escalate", logged: false });
  });

  test("issues become errors with pointers", () => {
    const issues = [{ pointer: "/release", message: "is required" }];
    const { document } = createProblem(new BelayError("invalid-request", "x", { issues }), {
      requestId,
    });
    expect(document.errors).toEqual(issues);
  });

  test.each([
    new Error("password=hunter2 at /home/somebody"),
    new BelayError("internal", "invariant broken: password=hunter2 at /home/somebody"),
    new BelayError("log-sealed", "the record is sealed", { cause: new Error("hunter2 /home/x") }),
    "hunter2",
    undefined,
  ])("nothing of a cause or a defect is shown (%#)", (error) => {
    const text = JSON.stringify(createProblem(error, { requestId }));
    expect(text).not.toMatch(/hunter2|\/home/);
  });

  test("extra members cannot replace the standard ones", () => {
    const error = new BelayError("overloaded", "x", {
      extra: { status: 200, code: "fine", verdict: "allow" },
    });
    expect(createProblem(error, { requestId }).document).toMatchObject({
      status: 503,
      code: "overloaded",
      verdict: "escalate",
    });
  });
});
