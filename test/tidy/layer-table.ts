/**
 * @module Who may import whom in `src`, stated once. `oxlint.config.ts` makes lint rules of it,
 * `layers.test.ts` checks every import against it without the linter, and docs/architecture.md
 * explains it.
 */

export interface Layer {
  /** Other folders of `src` this one may import from. */
  readonly imports: readonly string[];
  /** Folders it may import types from, besides. */
  readonly typeImports: readonly string[];
  /** No file, socket, process, thread, clock or randomness: all of that comes in as arguments. */
  readonly pure: boolean;
}

const engine = ["base", "decision", "rego", "log", "bundle", "store"];

export const layerTable: Readonly<Record<string, Layer>> = {
  base: { imports: [], typeImports: [], pure: true },
  decision: { imports: ["base"], typeImports: [], pure: true },
  rego: { imports: ["base"], typeImports: [], pure: false },
  log: { imports: ["base"], typeImports: [], pure: true },
  bundle: { imports: ["base", "decision", "rego", "log"], typeImports: [], pure: false },
  store: { imports: ["base", "log"], typeImports: ["bundle"], pure: false },
  gates: { imports: ["base", "decision"], typeImports: [], pure: true },
  sources: { imports: ["base", "decision"], typeImports: [], pure: true },
  auth: { imports: ["base", "decision"], typeImports: [], pure: false },
  service: { imports: [...engine, "sources", "auth"], typeImports: [], pure: false },
  // OpenAPI is generated from the schemas that parse, and those are `decision`'s.
  http: {
    imports: ["base", "decision", "service", "gates", "auth"],
    typeImports: engine,
    pure: false,
  },
  console: { imports: ["base", "service"], typeImports: engine, pure: false },
  cli: { imports: ["base", "service", "http", "compose"], typeImports: engine, pure: false },
  compose: {
    imports: [...engine, "gates", "sources", "auth", "service", "http", "console"],
    typeImports: [],
    pure: false,
  },
};

/**
 * Implementations of ports: files of `src/FOLDER` whose path there starts with `path`. Only
 * `compose.ts`, files beside them and tests may import them; everything else sees the port.
 */
export const implementations: readonly { readonly folder: string; readonly path: string }[] = [
  { folder: "store", path: "sqlite/" },
  { folder: "rego", path: "toolchain/wasi-" },
  { folder: "rego", path: "opa-wasm-" },
  { folder: "rego", path: "abi/" },
  { folder: "rego", path: "builtins/find-" },
];

/** What a test beside its source may import on top, because it runs real parts and no mocks. */
export const testImports: readonly string[] = ["compose"];

/** Modules of Node that a pure folder must not reach, without their `node:`. */
export const impureModules: readonly string[] = [
  "child_process",
  "cluster",
  "dgram",
  "dns",
  "fs",
  "http",
  "http2",
  "https",
  "net",
  "os",
  "process",
  "sqlite",
  "timers",
  "tls",
  "wasi",
  "worker_threads",
];

/** Globals that a pure folder must not use. */
export const impureGlobals: readonly string[] = [
  "console",
  "crypto",
  "fetch",
  "performance",
  "process",
  "setImmediate",
  "setInterval",
  "setTimeout",
];

/** Dependencies that enter at one place, so that replacing one means changing one folder. */
export const packageHomes: Readonly<Record<string, readonly string[]>> = {
  "@hono/node-server": ["http"],
  "@open-policy-agent/opa-wasm": ["rego"],
  canonicalize: ["base"],
  commander: ["cli"],
  hono: ["http"],
  "jsonpath-plus": ["sources"],
  "node:sqlite": ["store"],
  "node:wasi": ["rego"],
  uuid: ["base"],
};
