import { expect, test } from "vitest";
import { sortReservations } from "./reservation.ts";

const sort = (...places: string[]) => sortReservations([{ line: "p found IT", places }]);

test.each([
  ["migrations", "/migrations/3/phase", 3],
  ["flags", "/flags/0", 0],
  ["queues", "/data_integrity/queues/12/readable_by_stable", 12],
  ["caches", "/data_integrity/caches/1", 1],
  ["compensations", "/data_integrity/compensations/0/reversible", 0],
] as const)("a reservation about %s is about that alone", (part, place, index) => {
  const concerns = sort("/release/stable/version", place, place, "/request/now_ms");
  expect(concerns[part]).toEqual(new Map([[index, ["p found IT"]]]));
  expect(concerns.all).toEqual([]);
});

test.each([
  ["no place", []],
  ["the input as a whole", [""]],
  ["the background alone", ["/release/stable/version"]],
  ["another place beside it", ["/migrations/0/phase", "/derived/burn/0/rate"]],
  ["a list as a whole", ["/migrations"]],
  ["something like an index", ["/migrations/0x/phase"]],
  ["a list that is none", ["/queues/0"]],
])("a reservation with %s may be about everything", (_name, places) => {
  const concerns = sort(...places);
  expect(concerns.all).toEqual(["p found IT"]);
  expect(concerns.migrations.size + concerns.queues.size).toBe(0);
});
