/** @module `--report FORMAT=FILE`: what one run leaves behind for others, beside what it prints. */

import { InvalidArgumentError, Option } from "commander";
import { writeWhole } from "./written-file.ts";

export interface ReportFile<Format extends string> {
  readonly format: Format;
  readonly file: string;
}

/** Repeatable; `formats` are those that may be asked for. */
export function reportOption(...formats: readonly string[]): Option {
  const parse = (text: string, before: readonly ReportFile<string>[]) => {
    const [, name, file = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    const format = formats.find((one) => one === name);
    if (format !== undefined) return [...before, { format, file }];
    throw new InvalidArgumentError(`must be FORMAT=FILE with a format of ${formats.join(", ")}`);
  };
  return new Option(
    "--report <format=file>",
    `write a file, too; repeatable: ${formats.join(", ")}`,
  )
    .argParser(parse)
    .default([], "none");
}

/** @throws BelayError `file-unreadable` */
export function writeReports<Format extends string>(
  reports: readonly ReportFile<Format>[],
  textOf: (format: Format) => string,
): void {
  for (const { format, file } of reports) writeWhole(file, `${textOf(format)}\n`);
}
