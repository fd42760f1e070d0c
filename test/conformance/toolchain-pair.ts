/** @module Two toolchains that share the work, because a compilation keeps one core busy. */

import { BelayError } from "../../src/base/errors.ts";
import type { Toolchain } from "../../src/rego/toolchain/toolchain.ts";
import { createToolchain } from "../../src/rego/toolchain/wasi-toolchain.ts";

export interface ToolchainPair {
  /** Calls `use` with the toolchain that has less to do. */
  use<T>(use: (toolchain: Toolchain) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A busy machine serves a call late; what is compared does not depend on it. */
const deadlineMs = 300_000;

export function createToolchainPair(): ToolchainPair {
  const places = [0, 1].map(() => ({
    toolchain: createToolchain({ deadlineMs }),
    waiting: 0,
  }));
  const [first, second] = places as [(typeof places)[number], (typeof places)[number]];
  return {
    async use(use) {
      const place = first.waiting <= second.waiting ? first : second;
      place.waiting += 1;
      try {
        return await use(place.toolchain);
      } catch (error) {
        // After hundreds of compilations a toolchain runs out of memory; the next one is fresh.
        if (!(error instanceof BelayError && error.code === "toolchain-crashed")) throw error;
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
