import { expect, test } from "vitest";
import { normalise, release } from "./composition.arbitrary.ts";
import {
  createPolicyUnknowns,
  createSignalUnknowns,
  createUncomparedUnknowns,
} from "./unknowns.ts";

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

test("a usable signal with no objective and nothing beside it is said to be so", () => {
  const counts = { sli: "availability", bad: 1, total: 100 };
  const series = [{ t_ms: 1_767_225_000_000, v: 1 }];
  const signals = [
    { id: "compared", ...counts },
    { id: "compared", ...counts, population: "stable" },
    { id: "objective", ...counts, windows: [{ window_s: 300, bad: 1, total: 100 }] },
    { id: "alone", sli: "latency", value: 870, unit: "ms" },
    { id: "alone-before", sli: "latency", value: 870, unit: "ms", population: "stable" },
    { id: "lost", sli: "latency", status: "no_data" },
    { id: "shifted", sli: "latency", series },
    { id: "shifted", sli: "latency", series, population: "stable" },
  ];
  const slos = [{ id: "slo", signal: "objective", objective_ratio: 0.999 }];
  expect(createUncomparedUnknowns(normalise({ release, health: { signals, slos } }))).toEqual([
    {
      path: "/health/signals/3",
      message:
        "signal `alone` of `checkout`, candidate, has no objective and nothing to compare it with",
    },
  ]);
});
