import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyRootHash, Frontier, leafHash, nodeHash } from "./merkle.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** MTH of RFC 6962 section 2.1, word for word. */
function slowRoot(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return emptyRootHash;
  if (entries.length === 1) return leafHash(entries[0] as Uint8Array);
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  return nodeHash(slowRoot(entries.slice(0, split)), slowRoot(entries.slice(split)));
}

function frontierOf(entries: readonly Uint8Array[]): Frontier {
  const frontier = Frontier.empty();
  for (const entry of entries) frontier.append(leafHash(entry));
  return frontier;
}

const entries = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 });

describe("the vectors of the Certificate Transparency reference implementation", () => {
  const leaves = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ].map((text) => Buffer.from(text, "hex"));

  test.each([
    [0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    [2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    [3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"],
    [4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    [5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"],
    [6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"],
    [7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"],
    [8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
  ])("size %i", (size, root) => {
    expect(hex(frontierOf(leaves.slice(0, size)).rootHash())).toBe(root);
    expect(hex(slowRoot(leaves.slice(0, size)))).toBe(root);
  });
});

describe("the frontier", () => {
  test("has the root that RFC 6962 defines, after every append", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const frontier = Frontier.empty();
        list.forEach((entry, index) => {
          frontier.append(leafHash(entry));
          expect(frontier.treeSize).toBe(index + 1);
          expect(hex(frontier.rootHash())).toBe(hex(slowRoot(list.slice(0, index + 1))));
        });
      }),
      { numRuns: 30 },
    );
  });

  test("goes on from its bytes as if it had never stopped", () => {
    fc.assert(
      fc.property(entries, entries, (before, after) => {
        const stopped = frontierOf(before);
        const resumed = Frontier.parse(stopped.treeSize, stopped.toBytes());
        expect(resumed).toBeDefined();
        for (const entry of after) resumed?.append(leafHash(entry));
        const whole = frontierOf([...before, ...after]);
        expect(resumed?.toBytes()).toEqual(whole.toBytes());
        expect(resumed?.rootHash()).toEqual(whole.rootHash());
      }),
    );
  });

  test("is not touched by what is appended to its copy", () => {
    const frontier = frontierOf([Buffer.from("a"), Buffer.from("b"), Buffer.from("c")]);
    const root = hex(frontier.rootHash());
    frontier.copy().append(leafHash(Buffer.from("d")));
    expect(frontier.treeSize).toBe(3);
    expect(hex(frontier.rootHash())).toBe(root);
  });

  test("counts subtrees beyond 32 bits", () => {
    const treeSize = 2 ** 40 + 2 ** 33 + 1;
    const bytes = new Uint8Array(3 * 32).fill(7);
    const frontier = Frontier.parse(treeSize, bytes);
    frontier?.append(leafHash(Buffer.from("x")));
    expect(frontier?.treeSize).toBe(treeSize + 1);
    expect(frontier?.toBytes().length).toBe(3 * 32);
  });

  test.each([
    [0, 32],
    [1, 0],
    [3, 32],
    [4, 31],
    [-1, 0],
    [1.5, 32],
    [2 ** 53, 32],
  ])("size %d cannot have %d bytes", (treeSize, length) => {
    expect(Frontier.parse(treeSize, new Uint8Array(length))).toBeUndefined();
  });

  test("takes hashes only", () => {
    expect(() => Frontier.empty().append(new Uint8Array(31))).toThrow("32 bytes");
  });
});

test("a leaf never hashes like an inner node", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      (left, right) => {
        expect(hex(leafHash(Buffer.concat([left, right])))).not.toBe(hex(nodeHash(left, right)));
      },
    ),
  );
});
