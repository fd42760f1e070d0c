import { expect, test } from "vitest";
import { createWasiImports } from "./wasi-imports.ts";

type Call = (...args: (number | bigint)[]) => number;

function createImports() {
  const wasi = createWasiImports();
  const memory = new WebAssembly.Memory({ initial: 1 });
  wasi.memory = memory;
  const imports = wasi.imports as unknown as Record<string, Call>;
  const call = (name: string, ...args: (number | bigint)[]) => imports[name]?.(...args);
  return { wasi, call, view: new DataView(memory.buffer), bytes: new Uint8Array(memory.buffer) };
}

test("there are no files, arguments or environment", () => {
  const { call, view } = createImports();
  const badDescriptor = 8;
  expect(call("fd_prestat_get", 3, 0)).toBe(badDescriptor);
  expect(call("path_open", 3, 0, 0, 0, 0, 0n, 0n, 0, 0)).toBe(badDescriptor);
  expect(call("fd_read", 0, 0, 0, 0)).toBe(badDescriptor);
  view.setUint32(0, 7, true);
  view.setUint32(4, 7, true);
  expect(call("environ_sizes_get", 0, 4)).toBe(0);
  expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual([0, 0]);
});

test("only standard error is kept, up to a limit", () => {
  const { wasi, call, view, bytes } = createImports();
  bytes.fill(0x61, 100, 10_100);
  view.setUint32(0, 100, true);
  view.setUint32(4, 10_000, true);
  expect(call("fd_write", 1, 0, 1, 8)).toBe(0);
  expect(wasi.standardError).toBe("");
  for (let index = 0; index < 5; index += 1) expect(call("fd_write", 2, 0, 1, 8)).toBe(0);
  expect(view.getUint32(8, true)).toBe(10_000);
  expect(wasi.standardError).toBe("a".repeat(16_384));
});

test("what looks random is the same every time", () => {
  const [first, second] = [createImports(), createImports()];
  first.call("random_get", 0, 64);
  second.call("random_get", 0, 64);
  expect(first.bytes.subarray(0, 64)).toEqual(second.bytes.subarray(0, 64));
  expect(new Set(first.bytes.subarray(0, 64)).size).toBeGreaterThan(16);
});

test("the clocks go forward, and a sleep lasts as long as it says", () => {
  const { call, view } = createImports();
  const monotonic = 1;
  call("clock_time_get", monotonic, 0n, 0);
  const before = view.getBigUint64(0, true);
  const subscription = 64;
  view.setBigUint64(subscription, 42n, true);
  view.setBigUint64(subscription + 24, 20_000_000n, true);
  expect(call("poll_oneoff", subscription, 256, 1, 8)).toBe(0);
  expect(view.getBigUint64(256, true)).toBe(42n);
  expect(view.getUint32(8, true)).toBe(1);
  call("clock_time_get", monotonic, 0n, 0);
  expect(view.getBigUint64(0, true) - before).toBeGreaterThanOrEqual(19_000_000n);
});

test("the clocks are the ones that are given", () => {
  const wasi = createWasiImports({
    readNowNs: () => 1_767_225_600_000_000_000n,
    readTicksNs: () => 7n,
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  wasi.memory = memory;
  const read = (clock: number) => {
    (wasi.imports as unknown as Record<string, Call>).clock_time_get?.(clock, 0n, 8);
    return new DataView(memory.buffer).getBigUint64(8, true);
  };
  expect([read(0), read(1)]).toEqual([1_767_225_600_000_000_000n, 7n]);
});

test("an exit is an error of the call", () => {
  const { call } = createImports();
  expect(() => call("proc_exit", 2)).toThrow("exit with code 2");
});
