import { expect, test } from "vitest";
import { createId } from "./id.ts";

test("is a UUID version 7 whose first 48 bits are the time", () => {
  const id = createId(1767225600123);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(1767225600123);
});

test("is new each time, and later ids sort later", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => createId(1767225600000 + i));
  expect(new Set(ids).size).toBe(1000);
  expect(ids.toSorted()).toEqual(ids);
  expect(createId(1)).not.toBe(createId(1));
});
