/** @module The engine that `decide` and `explain` use without a server. */

import { Option } from "commander";
import { BelayError } from "../base/errors.ts";
import type { Engine } from "../service/engine.ts";
import { acceptChecked } from "./pack-refused.ts";
import { withProgress } from "./terminal.ts";

export interface EngineOptions {
  readonly bundle?: string;
  readonly data?: string;
}

export function bundleOption(): Option {
  return new Option(
    "-b, --bundle <file>",
    "a built bundle; the one Belay ships where none is named",
  );
}

export function sourceOption(): Option {
  return new Option("-d, --data <pack>", "a pack, compiled first").conflicts("bundle");
}

/** @throws BelayError `file-unreadable`, `bundle-invalid`, `pack-refused` */
export async function openEngine({ bundle, data }: EngineOptions): Promise<Engine> {
  const { composeAuthor, composeEngine, loadBundleFile } = await import("../compose.ts");
  if (data === undefined) return openWith(() => composeEngine(loadBundleFile(bundle)));
  const built = await withProgress(`compiling ${data}`, () => composeAuthor().build(data));
  return openWith(() => composeEngine(acceptChecked(data, built).bundle));
}

function openWith(open: () => Engine): Engine {
  try {
    return open();
  } catch (cause) {
    if (cause instanceof BelayError) throw cause;
    throw new BelayError("bundle-invalid", "the policy of the bundle cannot be instantiated", {
      cause,
    });
  }
}
