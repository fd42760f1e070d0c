/** @module The one place that picks implementations: SQLite, the WASI toolchain, our host of OPA's WASM. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MessagePort } from "node:worker_threads";
import { BelayError } from "./base/errors.ts";
import type { Bundle } from "./bundle/bundle.ts";
import { openBundle } from "./bundle/open-bundle.ts";
import { readLibrary } from "./bundle/pack-directory.ts";
import { type Verification, verifyRecord } from "./log/verify.ts";
import { createAbiEvaluator } from "./rego/abi/abi-evaluator.ts";
import { findBuiltin } from "./rego/builtins/find-builtin.ts";
import type { Toolchain } from "./rego/toolchain/toolchain.ts";
import { createToolchain } from "./rego/toolchain/wasi-toolchain.ts";
import { type Author, createAuthor } from "./service/author.ts";
import type { CentralBelay } from "./service/belay.ts";
import {
  createBelay,
  createFollowingBelay,
  type FollowingBelay,
  type LeadingBelay,
} from "./service/create-belay.ts";
import type { Disagreement } from "./service/crosschecker.ts";
import type { CrosscheckMode } from "./service/crosschecking.ts";
import { type CreateEvaluator, createEngine, type Engine } from "./service/engine.ts";
import type { OutcomeQuery, Outcomes } from "./service/outcomes/fold-outcomes.ts";
import { readOutcomes } from "./service/outcomes/read-outcomes.ts";
import type { OpenBelay } from "./service/simulation/run-drill.ts";
import { openSqliteRecordReader } from "./store/sqlite/sqlite-record-reader.ts";
import {
  joinSqliteRecordStore,
  openSqliteRecordStore,
  writerBounds,
} from "./store/sqlite/sqlite-record-store.ts";

const packageJson = JSON.parse(
  readFileSync(fileURLToPath(new URL("../package.json", import.meta.url)), "utf8"),
) as { readonly version: string };

export const belayVersion = packageJson.version;

const defaultBundleFile = fileURLToPath(new URL("../bundles/default.tar.gz", import.meta.url));

const createEvaluator: CreateEvaluator = (wasm, data) =>
  createAbiEvaluator(wasm, data, findBuiltin);

export interface ComposeOptions {
  /** Folder of the record; made where it is missing. */
  readonly dataDirectory: string;
  /** Put in force at start; the production channel's, or the shipped default, where absent. */
  readonly bundle?: Bundle;
  /** A started toolchain to share; one is made where absent. Closed with the result. */
  readonly toolchain?: Toolchain;
  readonly clockMs?: () => number;
  /** Threads that follow decide, and this one keeps no engine ready; false where absent. */
  readonly decidesElsewhere?: boolean;
  /** Which decisions the second engine checks; `off` where absent. */
  readonly crosscheck?: CrosscheckMode;
  /** Told when the engines disagree; the record is told anyhow. */
  readonly onDisagreement?: (disagreement: Disagreement) => void;
  /** One of its own for every bundle where absent. */
  readonly createEvaluator?: CreateEvaluator;
}

export interface ComposedBelay extends LeadingBelay {
  /** A port for one `composeFollowingBelay`, in this thread or in another. */
  connectRecord(): MessagePort;
}

/** Belay on its embedded store. */
export async function composeBelay(options: ComposeOptions): Promise<ComposedBelay> {
  const toolchain = options.toolchain ?? createToolchain();
  const store = await openSqliteRecordStore({ directory: options.dataDirectory });
  try {
    const belay = await createBelay(
      {
        store,
        toolchain,
        createEvaluator: options.createEvaluator ?? createEvaluator,
        library: readLibrary(),
        versions: { belay: belayVersion, opa: toolchain.opaVersion },
        clockMs: options.clockMs ?? Date.now,
        decidesElsewhere: options.decidesElsewhere ?? false,
        crosscheck: options.crosscheck ?? "off",
        onDisagreement: options.onDisagreement ?? (() => undefined),
      },
      options.bundle === undefined
        ? { fallback: loadBundleFile(defaultBundleFile) }
        : { fallback: options.bundle, chosen: options.bundle },
    );
    return { ...belay, connectRecord: () => store.connect() };
  } catch (error) {
    await store.close();
    await toolchain.close();
    throw error;
  }
}

export interface FollowingOptions {
  readonly dataDirectory: string;
  /** From `connectRecord` of the Belay that leads. */
  readonly record: MessagePort;
  /** Those that follow, and divide what may wait to be recorded. */
  readonly followerCount: number;
  readonly crosscheck: CrosscheckMode;
}

/** Belay of a thread: it decides and reads by itself, and leaves the rest to `central`. */
export function composeFollowingBelay(
  options: FollowingOptions,
  central: CentralBelay,
): FollowingBelay {
  const { dataDirectory, record, followerCount, crosscheck } = options;
  const store = joinSqliteRecordStore(dataDirectory, record, {
    waitingMax: Math.ceil(writerBounds.waitingMax / followerCount),
    waitingBytesMax: Math.ceil(writerBounds.waitingBytesMax / followerCount),
  });
  const versions = { belay: belayVersion, opa: shareToolchain().opaVersion };
  return createFollowingBelay(
    { store, createEvaluator, versions, clockMs: Date.now, crosscheck },
    central,
  );
}

let processToolchain: Toolchain | undefined;

/**
 * The one toolchain of this process, which takes some 300 MB. It starts with the first call and
 * keeps no process alive.
 */
export function shareToolchain(): Toolchain {
  processToolchain ??= createToolchain();
  return processToolchain;
}

/** What authors do offline. */
export function composeAuthor(): Author {
  return createAuthor({
    toolchain: shareToolchain(),
    library: readLibrary(),
    createEvaluator,
  });
}

/**
 * Verifies the record in `dataDirectory`, which another process may be writing.
 * @throws BelayError `file-unreadable` where there is no record
 */
export async function verifyRecordIn(
  dataDirectory: string,
  onProgress: (entries: number, treeSize: number) => void,
): Promise<Verification> {
  const reader = await openSqliteRecordReader({ directory: dataDirectory });
  try {
    return await verifyRecord(reader, onProgress);
  } finally {
    await reader.close();
  }
}

/**
 * How the decisions turned out that are in the record in `dataDirectory`, which another process may
 * be writing.
 * @throws BelayError `file-unreadable`, `log-corrupt`
 */
export async function readOutcomesIn(
  dataDirectory: string,
  query: OutcomeQuery,
): Promise<Outcomes> {
  const reader = await openSqliteRecordReader({ directory: dataDirectory });
  try {
    return await readOutcomes(reader, query);
  } finally {
    await reader.close();
  }
}

/**
 * An engine without a record: what the command line decides with offline.
 * @throws Error where the module of the bundle cannot be instantiated
 */
export function composeEngine(bundle: Bundle): Engine {
  const engine = createEngine(bundle, createEvaluator);
  engine.prepare();
  return engine;
}

/**
 * Belays for drills: each on an empty record of its own, which is gone when it is closed. They share
 * one evaluator of `bundle`, which keeps nothing from one evaluation to the next.
 * @throws Error where the module of the bundle cannot be instantiated
 */
export function composeDrillGround(bundle: Bundle): OpenBelay {
  const evaluator = createEvaluator(bundle.wasm, bundle.data);
  return async (clockMs) => {
    const dataDirectory = mkdtempSync(join(tmpdir(), "belay-drill-"));
    const belay = await composeBelay({
      dataDirectory,
      bundle,
      clockMs,
      createEvaluator: () => evaluator,
    });
    return {
      ...belay,
      async close() {
        await belay.close();
        rmSync(dataDirectory, { recursive: true, force: true });
      },
    };
  };
}

/** @throws BelayError `file-unreadable`, `bundle-invalid` */
export function loadBundleFile(file: string = defaultBundleFile): Bundle {
  let archive: Uint8Array;
  try {
    archive = readFileSync(file);
  } catch (cause) {
    throw new BelayError("file-unreadable", `the bundle \`${file}\` cannot be read`, { cause });
  }
  const opened = openBundle(archive);
  if (!opened.ok) throw new BelayError("bundle-invalid", `\`${file}\`: ${opened.message}`);
  return opened.bundle;
}
