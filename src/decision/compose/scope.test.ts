import { expect, test } from "vitest";
import { clear, compose, health, normalise, release } from "./composition.arbitrary.ts";

test("without a plan a decision is about what was judged", () => {
  const components = [{ service: "web", candidate: { version: "5" } }];
  const asked = normalise({ release: { ...release, region: "eu", components }, health });
  expect(compose(clear, { input: asked }).scope).toEqual({
    services: ["checkout"],
    regions: ["eu"],
    kind: "single",
  });
});
