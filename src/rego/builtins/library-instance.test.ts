import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { LibraryInstance } from "./library-instance.ts";

const artefact = new URL("../../../rego/builtins/builtins.wasm.br", import.meta.url);
const module = new WebAssembly.Module(brotliDecompressSync(readFileSync(artefact)));
const enough = 100_000_000;

function call(instance: LibraryInstance, name: string, ...args: readonly string[]): string {
  const bytes = args.map((arg) => Buffer.from(arg));
  return Buffer.from(instance.call(name, bytes, 0, enough).reply).toString();
}

test("a builtin keeps its number, and what is none has a negative one", () => {
  const instance = new LibraryInstance(module);
  const number = instance.find("hex.encode");
  expect(number).toBeGreaterThanOrEqual(0);
  expect(instance.find("time.clock")).not.toBe(number);
  expect(instance.find("hex.encode")).toBe(number);
  expect(instance.find("")).toBe(-1);
  expect(instance.find("no.such")).toBe(-1);
});

test("requests and replies of any size cross, one after the other", () => {
  const instance = new LibraryInstance(module);
  for (const length of [0, 1, 70_000, 2_000_000, 10, 1_100_000, 65_536]) {
    const text = "a".repeat(length);
    expect(call(instance, "hex.encode", JSON.stringify(text))).toBe(`v"${"61".repeat(length)}"`);
  }
});

test("the mark of a reply tells a value from an error", () => {
  const instance = new LibraryInstance(module);
  expect(call(instance, "hex.decode", '"61"')).toBe('v"a"');
  expect(call(instance, "hex.decode", '"6"')).toMatch(/^ehex\.decode: /);
});

test("steps are counted, and a call stops where they are spent", () => {
  const instance = new LibraryInstance(module);
  const range = (upto: number) => ["0", String(upto), "1"].map((arg) => Buffer.from(arg));
  const spent = (upto: number) =>
    enough - instance.call("numbers.range_step", range(upto), 0, enough).stepsLeft;
  spent(1000);
  expect(spent(10)).toBeLessThan(spent(1000));
  expect(spent(1000)).toBeLessThan(enough / 100);
  expect(() => instance.call("numbers.range_step", range(1000), 0, 1000)).toThrow(
    WebAssembly.RuntimeError,
  );
});

test("memory does not grow with the number of calls, nor with what OPA remembers of them", () => {
  const instance = new LibraryInstance(module);
  const text = JSON.stringify("b".repeat(20_000));
  for (let index = 0; index < 600; index += 1) {
    call(instance, "regex.replace", text, `"^a{500}${index}"`, '"b"');
  }
  expect(instance.memoryBytes).toBeLessThan(48 * 1024 * 1024);
});
