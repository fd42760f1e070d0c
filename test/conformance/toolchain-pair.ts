/** @module Two toolchains that share the work, because a compilation keeps one core busy. */

import type { Toolchain } from "../../src/rego/toolchain/toolchain.ts";
import { createToolchain } from "../../src/rego/toolchain/wasi-toolchain.ts";

export interface ToolchainPair {
  /** Calls `use` with the toolchain that has less to do. */
  use<T>(use: (toolchain: Toolchain) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A busy machine serves a call late; what is compared does not depend on it. */
const deadlineMs = 300_000;

/** What a toolchain holds after that many compilations is more than it may. */
const callsMax = 250;

export function createToolchainPair(): ToolchainPair {
  const places = [0, 1].map(() => ({
    toolchain: createToolchain({ deadlineMs }),
    waiting: 0,
    calls: 0,
  }));
  const [first, second] = places as [(typeof places)[number], (typeof places)[number]];
  return {
    async use(use) {
      const place = first.waiting <= second.waiting ? first : second;
      place.waiting += 1;
      place.calls += 1;
      // Closing lets what was asked end, and the next call starts another.
      if (place.calls % callsMax === 0) await place.toolchain.close();
      try {
        return await use(place.toolchain);
      } finally {
        place.waiting -= 1;
      }
    },
    async close() {
      await Promise.all(places.map(({ toolchain }) => toolchain.close()));
    },
  };
}
