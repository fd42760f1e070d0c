import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { burn, file } from "./burn.fixture.ts";
import { createToolchain } from "./wasi-toolchain.ts";

const toolchain = createToolchain();
afterAll(() => toolchain.close());

describe("compile", () => {
  test("gives WebAssembly for the annotated entrypoints, the same bytes every time", async () => {
    const other = file("a.rego", "package a", "x := 1");
    const first = await toolchain.compile({ files: [burn, other] });
    const second = await toolchain.compile({ files: [other, burn] });
    const fresh = createToolchain();
    const third = await fresh.compile({ files: [burn, other] });
    await fresh.close();
    if (!first.ok) throw new Error(JSON.stringify(first.diagnostics));
    expect(first.entrypoints).toEqual(["burn/answer"]);
    expect([...first.wasm.subarray(0, 4)]).toEqual([0x00, 0x61, 0x73, 0x6d]);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
  });

  test("takes the entrypoints that are asked for, in one order", async () => {
    const other = file("a.rego", "package a", "x := 1", "y := 2");
    const entrypoints = ["a/y", "burn/answer", "a/x"];
    const compiled = await toolchain.compile({ files: [burn, other], entrypoints });
    expect(compiled).toMatchObject({ ok: true, entrypoints: ["a/x", "a/y", "burn/answer"] });
  });

  test("refuses an entrypoint that nothing defines, and a pack that has none", async () => {
    const absent = await toolchain.compile({ files: [burn], entrypoints: ["burn/nope"] });
    const none = await toolchain.compile({ files: [file("a.rego", "package a", "x := 1")] });
    expect(absent).toMatchObject({ diagnostics: [{ code: "entrypoint_invalid" }] });
    expect(none).toMatchObject({ diagnostics: [{ code: "entrypoint_invalid" }] });
  });
});

describe("check", () => {
  test("names every mistake of every file at once, in order", async () => {
    const checked = await toolchain.check({
      files: [
        file("b.rego", "package b", "import data.unused", "x := nope(1)"),
        file("a.rego", "package a", "p if {", "\tz := 1", "}", "q := http.send({})"),
      ],
    });
    if (checked.ok) throw new Error("the check passed");
    const places = checked.diagnostics.map((d) => `${d.file}:${d.row}:${d.col} ${d.code}`);
    expect(places).toEqual([
      "a.rego:3:2 rego_compile_error",
      "a.rego:5:6 builtin_refused",
      "b.rego:2:1 rego_compile_error",
      "b.rego:3:6 rego_type_error",
    ]);
  });

  test("goes on after a file that does not parse, and after the tenth mistake", async () => {
    const undefinedCalls = Array.from({ length: 25 }, (_, index) => `x${index} := nope(${index})`);
    const many = await toolchain.check({ files: [file("a.rego", "package a", ...undefinedCalls)] });
    const unparsed = await toolchain.check({
      files: [
        file("a.rego", "package a", "x := "),
        file("b.rego", "package b", "y := {"),
        file("c.rego", "package c", 'z := rand.intn("", 3)'),
      ],
    });
    if (many.ok || unparsed.ok) throw new Error("the check passed");
    expect(many.diagnostics).toHaveLength(25);
    expect(new Set(unparsed.diagnostics.map((d) => `${d.file} ${d.code}`))).toEqual(
      new Set(["a.rego rego_parse_error", "b.rego rego_parse_error", "c.rego builtin_refused"]),
    );
  });

  test("says which builtin is refused, why, and exactly where", async () => {
    const checked = await toolchain.check({
      files: [
        file(
          "a.rego",
          "package a",
          "x if {",
          '\tanswer := http.send({"method": "get", "url": input.url})',
          "\tanswer.status_code == 200",
          "}",
          "",
          "y := [z | some i in [1]; z := i + rand.intn(`s`, 3)]",
          "",
          "w if f(1) with f as net.lookup_ip_addr",
          "",
          "f(_)",
        ),
      ],
    });
    expect(checked).toEqual({
      ok: false,
      diagnostics: [
        {
          code: "builtin_refused",
          message:
            "builtin `http.send` is refused: it reaches the network, and a decision depends on its input alone",
          file: "a.rego",
          row: 3,
          col: 12,
        },
        {
          code: "builtin_refused",
          message:
            "builtin `rand.intn` is refused: it draws randomness, and a decision must replay the same",
          file: "a.rego",
          row: 7,
          col: 35,
        },
        {
          code: "builtin_refused",
          message:
            "builtin `net.lookup_ip_addr` is refused: it reaches the network, and a decision depends on its input alone",
          file: "a.rego",
          row: 9,
          col: 21,
        },
      ],
    });
  });

  test("lets a pack have functions of its own with the name of a refused builtin", async () => {
    const checked = await toolchain.check({
      files: [
        file("a.rego", "package a", "import data.lib.http", "x := http.send(1)"),
        file("b.rego", "package lib.http", "send(n) := n"),
        file("c.rego", "package c", "opa.runtime(n) := n", "x := opa.runtime(2)"),
      ],
    });
    expect(checked).toEqual({ ok: true });
  });

  test("sees a rule that the data document hides, and data that is no object", async () => {
    const files = [file("a.rego", "package a", "x := 1")];
    const hidden = await toolchain.check({ files, data: { a: { x: 2 } } });
    const list = await toolchain.check({ files, data: [] as never });
    expect(hidden).toMatchObject({ diagnostics: [{ code: "rego_compile_error", row: 2, col: 1 }] });
    expect(list).toMatchObject({ diagnostics: [{ code: "data_invalid", file: "" }] });
  });

  test("refuses two files of one path, and files without Rego", async () => {
    const twice = [file("a.rego", "package a"), file("a.rego", "package b")];
    expect(await toolchain.check({ files: twice })).toMatchObject({
      diagnostics: [{ code: "file_duplicate", file: "a.rego" }],
    });
    expect(await toolchain.check({ files: [file("b.rego", "# nothing")] })).toMatchObject({
      diagnostics: [{ code: "rego_parse_error", file: "b.rego" }],
    });
  });
});

describe("format", () => {
  test("formats each file as OPA does", async () => {
    const formatted = await toolchain.format([{ path: "a.rego", text: "package a\nx:=[ 1,2 ]" }]);
    const files = [{ path: "a.rego", text: "package a\n\nx := [1, 2]\n" }];
    expect(formatted).toEqual({ ok: true, files });
  });

  test("names every file that does not parse", async () => {
    const formatted = await toolchain.format([
      file("b.rego", "package b", "}"),
      file("a.rego", "package a", "x := "),
    ]);
    if (formatted.ok) throw new Error("the format passed");
    expect(new Set(formatted.diagnostics.map((d) => d.file))).toEqual(
      new Set(["a.rego", "b.rego"]),
    );
  });
});

describe("inspect", () => {
  test("gives packages, rules, annotations and codes with their places", async () => {
    const inspected = await toolchain.inspect([burn]);
    expect(inspected).toEqual({
      ok: true,
      packages: [
        {
          path: "data.burn",
          file: "burn/policy.rego",
          annotations: { scope: "package", title: "Error budget burn", custom: { owner: "sre" } },
        },
      ],
      rules: [
        {
          package: "data.burn",
          name: "answer",
          file: "burn/policy.rego",
          row: 9,
          col: 1,
          codes: ["ANSWER"],
          annotations: { scope: "document", entrypoint: true },
        },
        {
          package: "data.burn",
          name: "finding",
          file: "burn/policy.rego",
          row: 13,
          col: 1,
          codes: ["FAST_BURN"],
          annotations: { scope: "rule", title: "Fast burn" },
        },
        {
          package: "data.burn",
          name: "finding",
          file: "burn/policy.rego",
          row: 18,
          col: 1,
          codes: ["SLOW_BURN"],
        },
      ],
    });
  });
});

describe("archive", () => {
  test("is the same bytes every time, in OPA's layout", async () => {
    const files = [
      { path: "data.json", bytes: Buffer.from('{"b":1}') },
      { path: "a/policy.rego", bytes: Buffer.from("package a\n") },
      { path: "/policy.wasm", bytes: Uint8Array.of(0, 255, 128) },
    ];
    const archive = await toolchain.archive(files);
    expect(await toolchain.archive(files)).toEqual(archive);
    // Bytes 4 to 7 of a gzip header are its time (RFC 1952).
    expect([...archive.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
    const tar = gunzipSync(archive);
    const names = [0, 1024, 2048].map((at) => tar.toString("utf8", at, tar.indexOf(0, at)));
    expect(names).toEqual(["/data.json", "/a/policy.rego", "/policy.wasm"]);
    expect([...tar.subarray(2560, 2563)]).toEqual([0, 255, 128]);
    expect(tar.toString("utf8", 100, 107)).toBe("0000600");
    expect(tar.toString("utf8", 136, 147)).toBe("00000000000");
  });
});

test("opaVersion is the version inside", () => {
  expect(toolchain.opaVersion).toBe("1.22.2");
});
