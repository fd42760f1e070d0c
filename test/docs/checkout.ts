/** @module A copy of this checkout in a clean folder: what a stranger has after cloning it. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface CheckoutCopy {
  readonly directory: string;
  remove(): void;
}

/** Copies every file that git tracks or would track, in the state of the working tree. */
export function copyCheckout(): CheckoutCopy {
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 16 * 1024 * 1024,
  });
  const directory = mkdtempSync(join(tmpdir(), "belay-checkout-"));
  for (const path of listed.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    cpSync(join(root, path), join(directory, path));
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
