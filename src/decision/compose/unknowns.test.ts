import { expect, test } from "vitest";
import { normalise, release } from "./composition.arbitrary.ts";
import { createPolicyUnknowns, createSignalUnknowns } from "./unknowns.ts";

test("signals that cannot be judged are named, a hundred of them", () => {
  const signals = Array.from({ length: 102 }, (_, index) => ({
    id: `s${index}`,
    sli: "latency",
    ...(index === 0 ? { status: "nan", note: "answer `p99` gives NaN" } : {}),
  }));
  const unknowns = createSignalUnknowns(normalise({ release, health: { signals } }));
  expect(unknowns).toHaveLength(101);
  expect(unknowns.slice(0, 2)).toEqual([
    {
      path: "/health/signals/0/status",
      message: "signal `s0` of `checkout`, candidate, is `nan`: answer `p99` gives NaN",
    },
    {
      path: "/health/signals/1/status",
      message: "signal `s1` of `checkout`, candidate, is `no_data`",
    },
  ]);
  expect(unknowns.at(-1)).toEqual({ message: "and 2 more signals" });
  expect(createPolicyUnknowns([])).toEqual([]);
});
