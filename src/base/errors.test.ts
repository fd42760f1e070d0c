import { expect, test } from "vitest";
import { BelayError, errorCatalogue } from "./errors.ts";

test("an error carries its code, its kind and what is safe to show", () => {
  const cause = new Error("disk on fire");
  const issues = [{ pointer: "/a", message: "is missing" }];
  const error = new BelayError("invalid-request", "the request does not fit", { cause, issues });
  expect(error).toMatchObject({
    code: "invalid-request",
    kind: "input",
    message: "the request does not fit",
    issues,
    extra: {},
    cause,
  });
});

test("every code is kebab-case and every title one line without a full stop", () => {
  for (const [code, { title }] of Object.entries(errorCatalogue)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title).toMatch(/^[^\n]*[^.\n]$/);
  }
});

test("only what may pass by itself is worth a retry", () => {
  const hopeless = Object.values(errorCatalogue).filter(({ kind }) =>
    ["absent", "internal", "integrity"].includes(kind),
  );
  expect(hopeless.length).toBeGreaterThan(0);
  expect(hopeless.every(({ retry }) => !retry)).toBe(true);
});
