export { type Diagnostic, formatDiagnostic } from "../base/diagnostic.ts";
