/** @module What the Rego toolchain, or a pack check, has to say about one place in a source file. */

export interface Diagnostic {
  /** OPA's own code (`rego_parse_error`, `rego_type_error`, …) or one of Belay's, snake case. */
  readonly code: string;
  readonly message: string;
  /** Path as it was given; empty where no file is at fault. */
  readonly file: string;
  /** 1-based; 0 where unknown. */
  readonly row: number;
  /** 1-based; 0 where unknown. */
  readonly col: number;
}

/** `file:row:col: code: message`, the form editors understand. */
export function formatDiagnostic(d: Diagnostic): string {
  const place = d.file === "" ? "" : d.row === 0 ? `${d.file}: ` : `${d.file}:${d.row}:${d.col}: `;
  return `${place}${d.code}: ${d.message}`;
}
