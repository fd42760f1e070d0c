import { expect, test } from "vitest";
import type { Advice } from "../answer.ts";
import { normalise } from "./release-graph.arbitrary.ts";
import { listReleased, nameOf } from "./released-service.ts";

const release = {
  service: "a",
  candidate: { version: "2.0.0", digest: `sha256:${"a".repeat(64)}` },
  stable: { version: "1.0.0", known_good: true },
  strategy: "canary",
  components: [
    { service: "b", candidate: { version: "3.0.0" } },
    { service: "a", candidate: { version: "9.0.0" }, stable: { version: "8.0.0" } },
  ],
};
const policy = "rollback_target";

test("the release's own service first, then its components; the first of a name counts", () => {
  const released = listReleased(normalise({ release }), []);
  expect([...released.values()]).toEqual([
    {
      service: "a",
      from: `sha256:${"a".repeat(64)}`,
      target: { version: "1.0.0" },
      strategy: "canary",
      configDiff: [],
    },
    { service: "b", from: "3.0.0", target: {}, strategy: undefined, configDiff: [] },
  ]);
});

test("a target of a policy goes before the stable version, and is not mixed with it", () => {
  const digest = `sha256:${"b".repeat(64)}`;
  const advice: Advice[] = [
    { act: "target", policy, service: "a", digest },
    { act: "target", policy, service: "a", version: "0.1.0" },
  ];
  const target = listReleased(normalise({ release }), advice).get("a")?.target ?? {};
  expect(target).toEqual({ digest });
  expect(nameOf(target)).toBe(digest);
  expect(nameOf({})).toBeUndefined();
});

test("what a policy includes goes back to the target it names, from what the topology knows", () => {
  const include = (service: string): Advice => ({ act: "include", policy, service, why: "so" });
  const advice: Advice[] = [
    include("c"),
    include("d"),
    { act: "target", policy, service: "c", version: "0.9.0" },
  ];
  const topology = { nodes: [{ service: "c", version: "1.1.0" }] };
  const released = listReleased(normalise({ release, topology }), advice);
  expect(released.get("c")).toMatchObject({ from: "1.1.0", target: { version: "0.9.0" } });
  expect(released.has("d")).toBe(false);
});
