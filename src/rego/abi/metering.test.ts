import { describe, expect, test } from "vitest";
import { loadBundleFile } from "../../compose.ts";
import { meterModule, stepsExport } from "./metering.ts";
import { ModuleError } from "./module-reader.ts";

/** `(func (export "run") (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))` */
const countdown = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    [0x01, 0x05, 0x01, 0x60, 0x01, 0x7f, 0x00],
    [0x03, 0x02, 0x01, 0x00],
    [0x06, 0x06, 0x01, 0x7f, 0x01, 0x41, 0x00, 0x0b],
    [0x07, 0x07, 0x01, 0x03, 0x72, 0x75, 0x6e, 0x00, 0x00],
    [0x0a, 0x10, 0x01, 0x0e, 0x00, 0x03, 0x40],
    [0x20, 0x00, 0x41, 0x01, 0x6b, 0x22, 0x00, 0x0d, 0x00, 0x0b, 0x0b],
  ].flat(),
);

interface Metered {
  readonly run: (times: number) => void;
  readonly [stepsExport]: { value: number };
}

function instantiate(): Metered {
  const module = new WebAssembly.Module(meterModule(countdown));
  return new WebAssembly.Instance(module).exports as unknown as Metered;
}

describe("a metered module", () => {
  test("counts a step for each function entered and each loop begun", () => {
    const { run, [stepsExport]: steps } = instantiate();
    for (const times of [1, 2, 1_000]) {
      steps.value = 100_000;
      run(times);
      expect(100_000 - steps.value).toBe(1 + times);
    }
  });

  test("stops where the steps are spent, at the same place each time", () => {
    const { run, [stepsExport]: steps } = instantiate();
    steps.value = 1_001;
    run(1_000);
    expect(steps.value).toBe(0);
    steps.value = 1_000;
    expect(() => run(1_000)).toThrow(WebAssembly.RuntimeError);
    expect(steps.value).toBe(-1);
    steps.value = 2;
    expect(() => run(0)).toThrow(/unreachable/);
  });

  test("begins with more steps than a start function needs", () => {
    expect(instantiate()[stepsExport].value).toBe(2 ** 31 - 1);
  });
});

test("the module of the default bundle stays valid", () => {
  const { wasm } = loadBundleFile();
  const metered = meterModule(wasm);
  expect(() => new WebAssembly.Module(metered)).not.toThrow();
  expect(metered.length).toBeGreaterThan(wasm.length);
});

describe("bytes that are no module are refused", () => {
  test.each([
    ["nothing", new Uint8Array()],
    ["something else", Uint8Array.of(1, 2, 3)],
    ["a version that is not 1", Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x02, 0x00, 0x00, 0x00)],
    ["a module cut short", countdown.subarray(0, 50)],
    ["a module without globals", countdown.subarray(0, 8)],
  ])("%s", (_what, bytes) => {
    expect(() => meterModule(bytes)).toThrow(ModuleError);
  });

  test("an instruction that is not known", () => {
    const strange = Uint8Array.from(countdown);
    strange[strange.length - 7] = 0xfd;
    expect(() => meterModule(strange)).toThrow(/0xfd is not known/);
  });
});
