import { parsePack } from "../src/bundle/pack.ts";
import { readLibrary, readPackDirectory } from "../src/bundle/pack-directory.ts";
import { createToolchain } from "../src/rego/toolchain/wasi-toolchain.ts";

const tc = createToolchain();
const parsed = parsePack(readPackDirectory("policies"));
if (!parsed.ok) throw 1;
const pack = parsed.pack;
const lib = readLibrary();
const files = [...lib, ...pack.modules];
async function t(n: string, f: () => Promise<any>) {
  const s = performance.now();
  const r = await f();
  console.log(n, Math.round(performance.now() - s), "ms", r.ok ?? "");
  return r;
}
for (let i = 0; i < 3; i++) {
  await t("check", () => tc.check({ files, data: pack.data }));
  const ms = files.filter((f) => !f.path.endsWith("_test.rego"));
  await t("compile", () =>
    tc.compile({
      files: ms,
      data: pack.data,
      entrypoints: ["belay/decision/answer", "belay/decision/combined"],
    }),
  );
  await t("test", () => tc.test({ files, data: pack.data, coverage: false }));
  await t("testcov", () => tc.test({ files, data: pack.data, coverage: true }));
}
await tc.close();
