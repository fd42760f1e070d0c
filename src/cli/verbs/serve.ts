/** @module `belay serve`: the server. */

import { availableParallelism } from "node:os";
import { InvalidArgumentError, Option } from "commander";
import type { Logger } from "pino";
import { BelayError } from "../../base/errors.ts";
import type { Bundle } from "../../bundle/bundle.ts";
import type { ComposedBelay } from "../../compose.ts";
import type { HttpThreads } from "../../http/http-threads.ts";
import type { Author } from "../../service/author.ts";
import type { Belay } from "../../service/belay.ts";
import { type CrosscheckMode, crosscheckModes } from "../../service/crosschecking.ts";
import { describeFailures } from "../../service/test-failures.ts";
import { demonstrate } from "../demo.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { stampFolders } from "../folder-watch.ts";
import { count, shortRevision } from "../format/count.ts";
import { testCounts } from "../format/test-report.ts";
import { bundleOption, sourceOption } from "../offline-engine.ts";
import { acceptChecked, packRefused } from "../pack-refused.ts";
import { waitForStop } from "../stop-signal.ts";
import { print, style, withProgress } from "../terminal.ts";
import { createVerb, dataDirectoryOption, portNumber, run } from "../verb.ts";
import { type PackWatch, watchPack } from "../watch-pack.ts";

interface ServeOptions {
  readonly bundle?: string;
  readonly data?: string;
  readonly watch?: boolean;
  readonly host: string;
  readonly port: number;
  readonly threads: number;
  readonly dataDir: string;
  readonly openWithoutAuthentication?: boolean;
  readonly demo?: boolean;
  readonly crosscheck: CrosscheckMode;
  readonly logLevel: string;
}

/** Time that requests get to be answered when the server is asked to stop. */
const stopGraceMs = 10_000;

const threadsMax = 64;

/** One for each core. Beyond this many the record's one writer is what is waited for. */
const threadsDefault = Math.min(availableParallelism(), 8);

export const serveVerb = createVerb({
  name: "serve",
  purpose: "run the server: HTTP in front, the record behind",
  notes: [
    "Decides with the bundle or the pack that is named; else with what the record's `production`",
    "channel points at; at the very first start, with the bundle that Belay ships.",
    "SIGINT or SIGTERM: answers what it has taken, and ends; a second one ends it at once.",
  ],
  examples: [
    { line: "belay serve --demo", says: "try it: a server, and a decision of each verdict" },
    {
      line: "belay serve -d policies --watch",
      says: "write policies; each change that passes is in force",
    },
    { line: "belay serve -b b.tar.gz --data-dir /var/lib/belay", says: "serve a built bundle" },
  ],
  exits: {
    0: "ended as asked",
    1: "the port is taken, or another process writes the record",
    2: "the pack was refused, or the command line is not understood",
    3: "the record cannot be written or does not verify, or Belay failed",
  },
})
  .addOption(bundleOption())
  .addOption(sourceOption())
  .option("--watch", "compile and test the pack again on every change; what fails is not used")
  .option("--host <address>", "where to listen", "127.0.0.1")
  .option("--port <number>", "0 for any free port", portNumber, 8282)
  .addOption(
    new Option("--threads <number>", "threads that serve and decide, all at the same port")
      .argParser(threadCount)
      .default(threadsDefault, "one a core, 8 at most"),
  )
  .addOption(dataDirectoryOption())
  .option("--open-without-authentication", "listen beyond this machine, open to whoever reaches it")
  .addOption(
    new Option("--crosscheck <which>", "decide again by OPA's interpreter, some 300 MB resident")
      .choices(crosscheckModes)
      .default("off" satisfies CrosscheckMode),
  )
  .option("--demo", "post three example requests and show the decisions")
  .addOption(
    new Option("--log-level <level>", "JSON lines on standard error, from this level on")
      .choices(["debug", "info", "warn", "error"])
      .default("warn"),
  )
  .action(run(serve));

async function serve(options: ServeOptions): Promise<ExitCode> {
  if (options.watch === true && options.data === undefined) {
    throw new BelayError("usage", "--watch needs a pack: -d");
  }
  const { composeAuthor, composeBelay, shareToolchain } = await import("../../compose.ts");
  const author = composeAuthor();
  const since = options.watch === true ? await stampFolders([options.data ?? ""]) : undefined;
  const bundle = await chooseBundle(author, options);
  const logger = await createLogger(options);
  const belay = await composeBelay({
    dataDirectory: options.dataDir,
    toolchain: shareToolchain(),
    decidesElsewhere: true,
    crosscheck: options.crosscheck,
    onDisagreement: (disagreement) => logger.error(disagreement, "the two engines disagree"),
    ...(bundle === undefined ? {} : { bundle }),
  });
  try {
    return await serveUntilStopped(belay, logger, options, (folder) =>
      since === undefined ? undefined : watchPack({ folder, since, author, belay }),
    );
  } finally {
    await belay.close();
  }
}

/** @throws BelayError `pack-refused` where the pack does not compile or a test of it fails */
async function chooseBundle(author: Author, options: ServeOptions): Promise<Bundle | undefined> {
  const { data: folder, bundle: file } = options;
  if (file !== undefined) return (await import("../../compose.ts")).loadBundleFile(file);
  if (folder === undefined) return undefined;
  const tested = await withProgress(`compiling and testing ${folder}`, () =>
    author.testPack(folder),
  );
  const { bundle, ...tests } = acceptChecked(folder, tested);
  const failures = describeFailures(tests);
  if (failures.length > 0) throw packRefused(folder, failures);
  print(`${folder}: ${bundle.name} ${shortRevision(bundle.revision)}, ${testCounts(tests)} passed`);
  return bundle;
}

async function serveUntilStopped(
  belay: ComposedBelay,
  logger: Logger,
  options: ServeOptions,
  startWatch: (folder: string) => PackWatch | undefined,
): Promise<ExitCode> {
  const server = await startThreads(belay, logger, options);
  const stopped = waitForStop();
  let watch: PackWatch | undefined;
  try {
    await announce(belay, server.url, options);
    if (options.data !== undefined) watch = startWatch(options.data);
    if (options.demo === true) await demonstrate(server.url);
    await Promise.race([stopped, server.failed]);
    print("stopping");
  } finally {
    await watch?.stop();
    await server.stop(stopGraceMs);
  }
  return exitCode.done;
}

async function createLogger({ logLevel }: ServeOptions): Promise<Logger> {
  const { destination, pino } = await import("pino");
  return pino({ level: logLevel }, destination({ dest: 2, sync: true }));
}

async function startThreads(
  belay: ComposedBelay,
  logger: Logger,
  options: ServeOptions,
): Promise<HttpThreads> {
  const { host, port, threads, dataDir, openWithoutAuthentication = false } = options;
  const { HttpThreads } = await import("../../http/http-threads.ts");
  return HttpThreads.start({
    belay,
    host,
    port,
    openWithoutAuthentication,
    threadCount: threads,
    module: new URL("../serve-thread.ts", import.meta.url),
    recordDirectory: dataDir,
    connectRecord: () => belay.connectRecord(),
    // Whoever opens it to all gives up the protection that the check of host names is.
    hostNames: openWithoutAuthentication ? "any" : [],
    crosscheck: options.crosscheck,
    logger,
  });
}

async function announce(belay: Belay, url: string, { dataDir }: ServeOptions): Promise<void> {
  const { belayVersion } = await import("../../compose.ts");
  const { revision } = belay.health();
  const kept = (await belay.listBundles()).find((bundle) => bundle.revision === revision);
  const { treeSize } = await belay.readHead();
  print(style("bold", `Belay ${belayVersion} listens at ${url}`));
  print(`  bundle  ${kept?.name ?? "?"}, revision ${revision}`);
  print(`  record  ${dataDir}, ${count(treeSize, "entry", "entries")}`);
  print(`  docs    ${url}/docs`);
}

function threadCount(text: string): number {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= threadsMax) return number;
  throw new InvalidArgumentError(`must be a whole number from 1 to ${String(threadsMax)}`);
}
