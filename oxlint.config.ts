/** @module Lint rules. Import directions and purity are made from `test/tidy/layer-table.ts`. */

import { defineConfig, type OxlintOverride } from "oxlint";
import {
  implementations,
  impureGlobals,
  impureModules,
  type Layer,
  layerTable,
  testImports,
} from "./test/tidy/layer-table.ts";

const folders = Object.keys(layerTable);
const seePage = "see docs/architecture.md, Layers";

/** Matches `../a/…` and `../../a/…`, and `../a.ts` for a file at the top of `src`. */
function fromAbove(names: readonly string[]): string {
  return `^(\\.\\./)+(${names.join("|")})(/|\\.ts$)`;
}

function refusedFolders(folder: string, layer: Layer, allowed: readonly string[]) {
  const refused = folders.filter((other) => other !== folder && !allowed.includes(other));
  const never = refused.filter((other) => !layer.typeImports.includes(other));
  const asValue = refused.filter((other) => layer.typeImports.includes(other));
  const neverPattern = {
    regex: fromAbove(never),
    message: `${folder} may import ${allowed.join(", ") || "nothing"}; ${seePage}`,
  };
  const valuePattern = {
    regex: fromAbove(asValue),
    allowTypeImports: true,
    message: `${folder} may import only types from there; ${seePage}`,
  };
  return [
    ...(never.length > 0 ? [neverPattern] : []),
    ...(asValue.length > 0 ? [valuePattern] : []),
  ];
}

function refusedImplementations(folder: string) {
  return implementations.map(({ folder: home, path }) => ({
    regex: `^${folder === home ? "\\./" : `(\\.\\./)+${home}/`}${path}`,
    message: `only compose.ts picks implementations; ${seePage}`,
  }));
}

const impureProperties = [
  { object: "Date", property: "now", message: `the clock comes in as an argument; ${seePage}` },
  { object: "Math", property: "random", message: `randomness comes in as an argument; ${seePage}` },
];

const refusedModules = [
  {
    regex: `^(node:)?(${impureModules.join("|")})(/|$)`,
    message: `this folder is pure; ${seePage}`,
  },
];

/** A folder's sources. The linter keeps only the last setting of a rule, so each is whole. */
function createSourceOverride([folder, layer]: [string, Layer]) {
  const patterns = [
    ...refusedFolders(folder, layer, layer.imports),
    ...(folder === "compose" ? [] : refusedImplementations(folder)),
    ...(layer.pure ? refusedModules : []),
  ];
  return {
    files: folder === "compose" ? ["src/compose.ts"] : [`src/${folder}/**/*.ts`],
    rules: {
      "eslint/no-restricted-imports": ["error", { patterns }],
      ...(layer.pure && {
        "eslint/no-restricted-globals": ["error", ...impureGlobals],
        "eslint/no-restricted-properties": ["error", ...impureProperties],
      }),
    },
  } satisfies OxlintOverride;
}

/** The tests beside them: the same directions, but they run real parts and are not pure. */
function createTestOverride([folder, layer]: [string, Layer]) {
  const patterns = refusedFolders(folder, layer, [...layer.imports, ...testImports]);
  return {
    files: folder === "compose" ? ["src/compose.test.ts"] : [`src/${folder}/**/*.test.ts`],
    rules: {
      "eslint/no-restricted-imports": patterns.length > 0 ? ["error", { patterns }] : "off",
      "eslint/no-restricted-globals": "off",
      "eslint/no-restricted-properties": "off",
    },
  } satisfies OxlintOverride;
}

const untypedRules = {
  "typescript/no-unsafe-argument": "off",
  "typescript/no-unsafe-assignment": "off",
  "typescript/no-unsafe-call": "off",
  "typescript/no-unsafe-member-access": "off",
} as const;

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "node"],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: "error" },
  categories: { correctness: "error", suspicious: "error" },
  rules: {
    // Off, each for a reason: a convention of this code, or said better by another tool.
    "eslint/no-control-regex": "off", // what comes from outside is refused by such patterns
    "eslint/no-new": "off", // a worker thread's own class registers itself
    "eslint/no-unmodified-loop-condition": "off", // sees no change made by a callback
    "eslint/no-underscore-dangle": "off", // WebAssembly exports are called so
    "import/no-named-as-default-member": "off", // fast-check is used as `fc.…`
    "typescript/consistent-return": "off", // the compiler checks it, with types
    "typescript/no-unsafe-type-assertion": "off", // what crosses a thread or SQLite has no type
    "unicorn/consistent-function-scoping": "off",
    "unicorn/no-array-reverse": "off", // of fresh arrays; readonly types guard the others
    "unicorn/no-array-sort": "off",
    "unicorn/require-post-message-target-origin": "off", // threads have no origin
    "eslint/eqeqeq": "error",
    "eslint/max-lines": ["error", { max: 400 }],
    "eslint/max-lines-per-function": ["error", { max: 70 }],
    "eslint/no-else-return": "error",
    "eslint/no-empty": "error",
    "eslint/no-param-reassign": "error",
    "eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    "eslint/no-var": "error",
    "eslint/no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx", "hack"] }],
    "eslint/prefer-const": "error",
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "import/no-duplicates": "error",
    "import/no-self-import": "error",
    "typescript/ban-ts-comment": "error",
    "typescript/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
    "typescript/no-deprecated": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/no-unsafe-argument": "error",
    "typescript/no-unsafe-assignment": "error",
    "typescript/no-unsafe-call": "error",
    "typescript/no-unsafe-member-access": "error",
    "typescript/no-unsafe-return": "error",
    "typescript/only-throw-error": "error",
    "typescript/prefer-promise-reject-errors": "error",
    "typescript/restrict-plus-operands": "error",
    "typescript/return-await": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "unicorn/filename-case": ["error", { case: "kebabCase" }],
    "unicorn/no-abusive-eslint-disable": "error",
    "unicorn/prefer-node-protocol": "error",
    "unicorn/throw-new-error": "error",
  },
  overrides: [
    { files: ["src/**"], rules: { "eslint/no-console": "error" } },
    // Not in tsconfig.json, so without types of its own.
    { files: ["**/*.js"], rules: untypedRules },
    { files: ["bin/*.js"], rules: { "import/no-unassigned-import": "off" } },
    { files: ["**/*.d.ts"], rules: { "typescript/no-extraneous-class": "off" } },
    // Tools load these by their default export.
    {
      files: ["*.config.ts", "test/knip-count.ts", "test/reporter.ts"],
      rules: { "import/no-default-export": "off" },
    },
    ...Object.entries(layerTable).map(createSourceOverride),
    ...Object.entries(layerTable).map(createTestOverride),
    {
      files: ["**/*.test.ts", "**/*.contract.ts"],
      plugins: ["vitest"],
      rules: {
        "eslint/max-lines-per-function": "off",
        // `expect.any(String)` has no type.
        "typescript/no-unsafe-assignment": "off",
        "vitest/expect-expect": [
          "error",
          { assertFunctionNames: ["check*", "expect*", "fc.assert"] },
        ],
        "vitest/no-disabled-tests": "error",
        "vitest/no-focused-tests": "error",
        "vitest/no-identical-title": "error",
        "vitest/valid-expect": ["error", { maxArgs: 2 }],
      },
    },
  ],
});
