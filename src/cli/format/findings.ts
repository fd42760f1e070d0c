/** @module What is wrong and where, as code hosts read it: SARIF, and annotations of GitHub. */

import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { Diagnostic } from "../../base/diagnostic.ts";

/**
 * A SARIF 2.1.0 log with a result for each diagnostic. Places are relative to `%SRCROOT%`, which
 * whoever reads the log takes for the root of the repository.
 */
export function sarifLog(diagnostics: readonly Diagnostic[], version: string): object {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "belay", version, rules: codes.map((id) => ({ id })) } },
        columnKind: "unicodeCodePoints",
        results: diagnostics.map((one) => ({
          ruleId: one.code,
          ruleIndex: codes.indexOf(one.code),
          level: "error",
          message: { text: one.message },
          locations: locationsOf(one),
        })),
      },
    ],
  };
}

function locationsOf({ file, row, col }: Diagnostic): readonly object[] {
  if (file === "") return [];
  const artifactLocation = isAbsolute(file)
    ? { uri: pathToFileURL(file).href }
    : { uri: file.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" };
  const region =
    row === 0 ? undefined : { startLine: row, ...(col > 0 ? { startColumn: col } : {}) };
  const physicalLocation =
    region === undefined ? { artifactLocation } : { artifactLocation, region };
  return [{ physicalLocation }];
}

/** Workflow commands, one a line; a step that prints them annotates the lines of a change. */
export function githubAnnotations(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, message, file, row, col }) => {
    const properties = [
      ...(file === "" ? [] : [`file=${escapeProperty(file)}`]),
      ...(row === 0 ? [] : [`line=${row}`]),
      ...(row === 0 || col === 0 ? [] : [`col=${col}`]),
      `title=${escapeProperty(code)}`,
    ];
    return `::error ${properties.join(",")}::${escapeData(message)}`;
  });
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
