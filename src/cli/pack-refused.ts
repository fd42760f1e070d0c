/** @module A pack that does not check, as an error that shows every place that is wrong. */

import type { Diagnostic } from "../base/diagnostic.ts";
import { BelayError } from "../base/errors.ts";
import type { Checked } from "../rego/toolchain/toolchain.ts";
import { count } from "./format/count.ts";
import { shownDiagnostics } from "./shown-path.ts";

export function packRefused(folder: string, diagnostics: readonly Diagnostic[]): BelayError {
  const shown = shownDiagnostics(folder, diagnostics);
  return new BelayError("pack-refused", `\`${folder}\` has ${count(shown.length, "problem")}`, {
    extra: { diagnostics: shown },
  });
}

/** @throws BelayError `pack-refused` with all diagnostics, where `checked` has any */
export function acceptChecked<T>(folder: string, checked: Checked<T>): { readonly ok: true } & T {
  if (checked.ok) return checked;
  throw packRefused(folder, checked.diagnostics);
}
