import { afterAll, expect, test } from "vitest";
import type { SourceFile } from "../rego/toolchain/toolchain.ts";
import { createToolchain } from "../rego/toolchain/wasi-toolchain.ts";
import { type BuiltBundle, buildBundle } from "./build-bundle.ts";
import { openBundle } from "./open-bundle.ts";
import { parsePack } from "./pack.ts";
import { readLibrary } from "./pack-directory.ts";

const toolchain = createToolchain();
afterAll(() => toolchain.close());

const policy = `package belay.policies.demo

default_params := {"limit": 3}

# METADATA
# title: Too many
finding contains {
	"kind": "regression",
	"code": "TOO_MANY",
	"severity": "major",
	"message": "too many",
	"evidence": [],
} if {
	count(input.health.signals) > default_params.limit
}
`;

const files: readonly SourceFile[] = [
  { path: "pack.yaml", text: "name: demo\n" },
  {
    path: "data.yaml",
    text: "belay:\n  settings:\n    policies:\n      demo: {params: {limit: 4}}\n",
  },
  { path: "demo/policy.rego", text: policy },
];

function build(changed: Readonly<Record<string, string>> = {}): Promise<BuiltBundle> {
  const kept = files.filter(({ path }) => changed[path] === undefined);
  const added = Object.entries(changed).map(([path, text]) => ({ path, text }));
  const parsed = parsePack([...kept, ...added]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return buildBundle(parsed.pack, readLibrary(), toolchain);
}

test("the same pack gives the same bytes, and a changed one another revision", async () => {
  const [first, second] = [await build(), await build()];
  const changed = await build({ "demo/policy.rego": policy.replace("3", "5") });
  if (!first.ok || !second.ok || !changed.ok) throw new Error("not built");
  expect(Buffer.compare(first.bundle.archive, second.bundle.archive)).toBe(0);
  expect(changed.bundle.revision).not.toBe(first.bundle.revision);
});

test("what is built opens as what it is, with its rules indexed", async () => {
  const built = await build();
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics));
  expect(openBundle(built.bundle.archive)).toEqual({ ok: true, bundle: built.bundle });
  expect(built.bundle.rules).toEqual([
    {
      policy: "demo",
      code: "TOO_MANY",
      rule: "data.belay.policies.demo.finding",
      file: "demo/policy.rego",
      row: 7,
      title: "Too many",
    },
  ]);
  expect(built.bundle.manifest.roots).toEqual(["belay"]);
  const entrypoints = built.bundle.manifest.wasm.map(({ entrypoint }) => entrypoint);
  expect(entrypoints).toEqual(
    expect.arrayContaining([
      "belay/decision/answer",
      "belay/decision/combined",
      "belay/policies/demo/finding",
    ]),
  );
});

test.each<[string, Readonly<Record<string, string>>, number]>([
  [
    "does not parse",
    { "demo/policy.rego": "package belay.policies.demo\n\nfinding contains {" },
    3,
  ],
  [
    "does not type-check",
    { "demo/policy.rego": policy.replace("count(input.health.signals)", 'count(1, "x")') },
    14,
  ],
  [
    "asks for the network",
    { "demo/policy.rego": policy.replace("count(input", 'http.send({"url": "x"}) != count(input') },
    14,
  ],
  [
    "states a code that is no literal",
    { "demo/policy.rego": policy.replace('"TOO_MANY"', "input.code") },
    7,
  ],
  [
    "is given a parameter it does not have",
    { "data.yaml": "belay:\n  settings:\n    policies:\n      demo:\n        params: {limt: 4}\n" },
    5,
  ],
])("a pack that %s is refused with its row", async (_, changed, row) => {
  const built = await build(changed);
  const diagnostics = built.ok ? [] : built.diagnostics;
  expect(diagnostics.map(({ file, row: at }) => `${file}:${at}`)).toContain(
    `${Object.keys(changed)[0]}:${row}`,
  );
});
