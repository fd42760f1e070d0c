import { expect, test } from "vitest";
import { clear, compose, health, normalise, release } from "./composition.arbitrary.ts";

test("a decision holds while the release it was made for is the same", () => {
  const digest = `sha256:${"e".repeat(64)}`;
  const full = normalise({
    release: {
      ...release,
      id: "roll-out-7",
      stable: { digest },
      stage: { index: 2 },
      env: "production",
      region: "eu",
    },
    health,
  });
  const decision = compose(clear, { input: full });
  expect(decision.validity.valid_while).toEqual([
    { path: "/release/id", value: "roll-out-7" },
    { path: "/release/candidate/version", value: "2.4.0" },
    { path: "/release/stable/digest", value: digest },
    { path: "/release/stage/index", value: 2 },
  ]);
  expect(decision.scope).toEqual({
    services: ["checkout"],
    env: "production",
    regions: ["eu"],
    kind: "single",
  });
});
