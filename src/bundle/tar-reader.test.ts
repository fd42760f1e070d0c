import { createTar } from "nanotar";
import { expect, test } from "vitest";
import { readTar } from "./tar-reader.ts";

const tar = (): Uint8Array =>
  createTar([
    { name: "/a.rego", data: "package a\n" },
    { name: "/empty.yaml", data: "" },
  ]);

/** Sets one byte of the first header and mends its checksum, as an attacker would. */
function patchHeader(at: number, text: string): Uint8Array {
  const patched = Buffer.from(tar());
  patched.write(text, at, "latin1");
  patched.write("        ", 148, "latin1");
  const sum = patched.subarray(0, 512).reduce((s, byte) => s + byte, 0);
  patched.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return patched;
}

test("reads regular files", () => {
  const read = readTar(tar(), 10);
  if (!read.ok) throw new Error(read.message);
  expect(read.members.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual([
    ["/a.rego", "package a\n"],
    ["/empty.yaml", ""],
  ]);
});

test.each(["1", "2", "3", "4", "5", "6", "7", "x", "g", "L", "K", "S"])(
  "refuses a member of type %s",
  (type) => {
    expect(readTar(patchHeader(156, type), 10)).toEqual({
      ok: false,
      message: "member 1 is not a regular file",
    });
  },
);

test.each([
  ["a size beyond the archive", patchHeader(124, "77777777777"), "member 1 is cut short"],
  ["a size that is no number", patchHeader(124, "0000000000x"), "member 1 has no valid size"],
  ["a broken checksum", tar().with(0, 0x21), "member 1 has no valid tar header"],
  ["no closing block", tar().subarray(0, 1024), "ends without its closing blocks"],
  ["nothing", new Uint8Array(), "ends without its closing blocks"],
])("refuses %s", (_, hostile, message) => {
  expect(readTar(hostile, 10)).toEqual({ ok: false, message });
});

test("refuses more members than it may read", () => {
  expect(readTar(tar(), 1)).toEqual({ ok: false, message: "has more than 1 members" });
});

test("joins ustar's prefix and name", () => {
  const read = readTar(patchHeader(345, "some/folder"), 10);
  expect(read.ok && read.members[0]?.path).toBe("some/folder//a.rego");
});
