/**
 * @module The whole of WASI preview 1 that OPA's Go code gets: two clocks, a sleep, and a standard
 * error that is kept for the report of a crash. There are no files, no network, no arguments and no
 * environment behind it, which `node:wasi` cannot promise: it reaches the operating system.
 *
 * What looks like randomness is a fixed sequence. Go seeds its hash maps with it; nothing a policy
 * may use can see it, because the builtins that would are refused. So a fresh instance behaves the
 * same every time.
 *
 * Layouts: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
 */

const success = 0;
const badDescriptor = 8;
const realtimeClock = 0;
const standardError = 2;
const clockSubscription = 0;
const subscriptionBytes = 48;
const eventBytes = 32;

/** More than Go's own reason for a crash needs; the stacks that follow it may be long. */
const standardErrorCharactersMax = 16_384;

/** Calls that answer "no such descriptor", whatever they are asked. */
const absentCalls = [
  "fd_close",
  "fd_fdstat_get",
  "fd_fdstat_set_flags",
  "fd_filestat_get",
  "fd_prestat_dir_name",
  "fd_prestat_get",
  "fd_read",
  "fd_readdir",
  "fd_seek",
  "path_filestat_get",
  "path_open",
  "path_readlink",
] as const;

export interface WasiImports {
  readonly imports: Record<string, (...args: never[]) => unknown>;
  /** Must be set before the first call. */
  memory: WebAssembly.Memory | undefined;
  /** The beginning of what was written to standard error. */
  readonly standardError: string;
}

/** What the clocks show to the code inside; the machine's where absent. */
export interface WasiClocks {
  /** The time of day, nanoseconds since the epoch. */
  readonly readNowNs?: () => bigint;
  /** The clock that only goes forward, nanoseconds since any moment. */
  readonly readTicksNs?: () => bigint;
}

export function createWasiImports({
  readNowNs = readTimeOfDay,
  readTicksNs = () => process.hrtime.bigint(),
}: WasiClocks = {}): WasiImports {
  const state = { memory: undefined as WebAssembly.Memory | undefined, standardError: "" };
  const view = () => new DataView((state.memory as WebAssembly.Memory).buffer);
  const readClock: ReadClock = (clock) => (clock === realtimeClock ? readNowNs() : readTicksNs());

  function writeNothing(countAt: number, bytesAt: number): number {
    view().setUint32(countAt, 0, true);
    view().setUint32(bytesAt, 0, true);
    return success;
  }

  function write(descriptor: number, vectorsAt: number, count: number, writtenAt: number): number {
    let written = 0;
    for (let index = 0; index < count; index += 1) {
      const at = view().getUint32(vectorsAt + index * 8, true);
      const length = view().getUint32(vectorsAt + index * 8 + 4, true);
      written += length;
      if (descriptor === standardError) {
        const text = new TextDecoder().decode(new Uint8Array(view().buffer, at, length));
        state.standardError = (state.standardError + text).slice(0, standardErrorCharactersMax);
      }
    }
    view().setUint32(writtenAt, written, true);
    return success;
  }

  const imports = {
    ...Object.fromEntries(absentCalls.map((name) => [name, () => badDescriptor])),
    args_get: () => success,
    args_sizes_get: writeNothing,
    environ_get: () => success,
    environ_sizes_get: writeNothing,
    clock_time_get(clock: number, _precision: bigint, at: number): number {
      view().setBigUint64(at, readClock(clock), true);
      return success;
    },
    fd_write: write,
    poll_oneoff: createSleep(view, readClock),
    proc_exit(code: number): never {
      throw new Error(`exit with code ${code}`);
    },
    random_get: createSequence(view),
    sched_yield: () => success,
  };
  return Object.assign(state, { imports });
}

type ReadClock = (clock: number) => bigint;

function readTimeOfDay(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}

/** Waits for the earliest of the clocks that are subscribed to; there is nothing else to wait for. */
function createSleep(view: () => DataView, readClock: ReadClock) {
  const isAbsolute = 1;
  return (from: number, to: number, count: number, countAt: number): number => {
    let earliest = { ns: 2n ** 63n, userdata: 0n };
    for (let index = 0; index < count; index += 1) {
      const at = from + index * subscriptionBytes;
      if (view().getUint8(at + 8) !== clockSubscription) return badDescriptor;
      const timeout = view().getBigUint64(at + 24, true);
      const flags = view().getUint16(at + 40, true);
      const now = flags & isAbsolute ? readClock(view().getUint32(at + 16, true)) : 0n;
      const ns = timeout > now ? timeout - now : 0n;
      if (ns < earliest.ns) earliest = { ns, userdata: view().getBigUint64(at, true) };
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(earliest.ns) / 1e6);
    new Uint8Array(view().buffer, to, eventBytes).fill(0);
    view().setBigUint64(to, earliest.userdata, true);
    view().setUint32(countAt, 1, true);
    return success;
  };
}

/** Marsaglia's xorshift32, from a fixed seed. */
function createSequence(view: () => DataView) {
  let state = 0x2545f491;
  return (at: number, length: number): number => {
    const bytes = new Uint8Array(view().buffer, at, length);
    for (let index = 0; index < length; index += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[index] = state & 0xff;
    }
    return success;
  };
}
