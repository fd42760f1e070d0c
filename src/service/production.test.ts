import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { quietPack } from "../../test/fault/quiet-pack.ts";
import { BelayError } from "../base/errors.ts";
import { type ComposedBelay, composeBelay, composeFollowingBelay } from "../compose.ts";
import type { FollowingBelay } from "./create-belay.ts";
import type { Follower } from "./production.ts";

const caller = { subject: "test", auth: "none" };
let directory: string;
let leading: ComposedBelay;
let first: string;
let second: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "belay-production-"));
  leading = await composeBelay({ dataDirectory: directory });
  first = leading.health().revision;
  const publication = await leading.publishPack({ files: quietPack }, caller);
  if (publication.outcome === "refused") throw new Error(JSON.stringify(publication));
  second = publication.bundle.revision;
});

const admitted: Follower[] = [];

async function admit(follower: Follower): Promise<void> {
  await leading.admit(follower);
  admitted.push(follower);
}

beforeEach(() => leading.promote("production", first, caller));
afterEach(async () => {
  for (const follower of admitted.splice(0)) await leading.dismiss(follower);
});

afterAll(async () => {
  await leading.close();
  rmSync(directory, { recursive: true, force: true });
});

function createFollower(): FollowingBelay {
  const record = leading.connectRecord();
  return composeFollowingBelay(
    { dataDirectory: directory, record, followerCount: 1, crosscheck: "off" },
    leading,
  );
}

/** Notes what it is asked, and what was on record then. */
function createWitness(seen: string[], refuses = false): Follower {
  return {
    async prepare(revision) {
      seen.push(`prepare ${name(revision)}, record ${name(await onRecord())}`);
      if (refuses) throw new BelayError("bundle-invalid", "not here");
    },
    async follow(revision) {
      await sleep(20);
      seen.push(`follow ${name(revision)}, record ${name(await onRecord())}`);
    },
  };
}

const name = (revision: string): string => (revision === first ? "first" : "second");
const onRecord = async (): Promise<string> => (await leading.loadChannel("production")).revision;

test("a follower is admitted with the revision in force, and has moved before a move is answered", async () => {
  const follower = createFollower();
  await admit(follower);
  expect(follower.health()).toEqual({ ready: true, reasons: [], revision: first });
  await follower.promote("production", second, caller);
  expect(follower.health().revision).toBe(second);
  expect(leading.health().revision).toBe(second);
  await leading.dismiss(follower);
  await leading.revert("production", caller);
  expect(follower.health().revision).toBe(second);
  await follower.close();
});

test("it is ready before the move is on record, and has followed before the move is answered", async () => {
  const seen: string[] = [];
  await admit(createWitness(seen));
  await leading.promote("production", second, caller);
  // At once: whatever else is waited for would give it time.
  const seenByThen = [...seen];
  await leading.promote("staging", first, caller);
  expect(seen).toEqual(seenByThen);
  expect(seenByThen).toEqual([
    "prepare first, record first",
    "follow first, record first",
    "prepare second, record first",
    "follow second, record second",
  ]);
});

test("where one cannot get ready, nothing moves", async () => {
  const seen: string[] = [];
  const follower = createFollower();
  await admit(follower);
  const witness = createWitness(seen, true);
  await expect(admit(witness)).rejects.toMatchObject({ code: "bundle-invalid" });
  // It was not admitted: a move does not ask it.
  await leading.promote("production", second, caller);
  expect(seen).toEqual(["prepare first, record first"]);

  let isWilling = true;
  const fickle = createWitness([]);
  await admit({
    ...fickle,
    async prepare() {
      if (!isWilling) throw new BelayError("bundle-invalid", "not here");
    },
  });
  isWilling = false;
  const move = leading.promote("production", first, caller);
  await expect(move).rejects.toMatchObject({ code: "bundle-invalid", message: "not here" });
  expect(await onRecord()).toBe(second);
  expect(follower.health().revision).toBe(second);
  await follower.close();
});
