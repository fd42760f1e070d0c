/** @module Channels: names that point at a revision. Moving one is a promotion, and on record. */

import { BelayError } from "../base/errors.ts";
import type { Caller, PromotionLeaf, RecordedEntry } from "../log/entry.ts";
import type { RecordStore } from "../store/record-store.ts";
import type { ChannelMove, ChannelState } from "./belay.ts";
import { leafBase, type Recording } from "./leaf-maker.ts";

/** The channel whose revision decides. */
export const productionChannel = "production";

const movesMax = 1000;

export async function loadChannel(store: RecordStore, channel: string): Promise<ChannelState> {
  const revision = await store.findChannel(channel);
  if (revision === undefined) {
    throw new BelayError("channel-not-found", `the channel \`${channel}\` points at nothing yet`);
  }
  return { channel, revision };
}

/**
 * Points `channel` at `revision`. Nothing is written where it points there already.
 * @throws BelayError `channel-moved` where `expected` is not what it points at
 */
export async function moveChannel(
  deps: Recording,
  channel: string,
  revision: string,
  caller: Caller,
  expected?: string,
): Promise<ChannelState> {
  const from = (await deps.store.findChannel(channel)) ?? null;
  if (expected !== undefined && expected !== from) throw moved(channel, from);
  if (from === revision) return { channel, revision };
  const appended = await deps.store.append({
    leaf: {
      ...leafBase(deps.versions, deps.clockMs(), caller),
      kind: "promotion",
      channel,
      from,
      to: revision,
    },
  });
  if (appended.outcome === "channel-moved") throw moved(channel, appended.current);
  return { channel, revision };
}

/**
 * The revision that was in force before the present one.
 * @throws BelayError `no-previous-revision`, `channel-not-found`
 */
export async function loadPrevious(store: RecordStore, channel: string): Promise<string> {
  await loadChannel(store, channel);
  const [latest] = await channelHistory(store, channel);
  if (latest === undefined || latest.from === null) {
    throw new BelayError(
      "no-previous-revision",
      `the channel \`${channel}\` has never pointed anywhere else`,
    );
  }
  return latest.from;
}

/** Newest first, the last 1,000 moves. */
export async function channelHistory(
  store: RecordStore,
  channel: string,
): Promise<readonly ChannelMove[]> {
  const entries = await store.listEntries({ kind: "promotion", channel, limit: movesMax });
  return entries.filter(isPromotion).map(({ leaf, leafIndex }) => ({
    id: leaf.id,
    time: leaf.time,
    from: leaf.from,
    to: leaf.to,
    caller: leaf.caller,
    leaf_index: leafIndex,
  }));
}

function isPromotion(entry: RecordedEntry): entry is RecordedEntry & { leaf: PromotionLeaf } {
  return entry.leaf.kind === "promotion";
}

function moved(channel: string, current: string | null): BelayError {
  return new BelayError(
    "channel-moved",
    `the channel \`${channel}\` points at ${current === null ? "nothing" : `\`${current}\``}`,
    { extra: { current } },
  );
}
