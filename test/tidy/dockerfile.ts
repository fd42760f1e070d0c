/** @module The rules of a container image that need no engine to check. */

import { validate } from "dockerfile-utils";

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

function listInstructions(text: string): readonly Instruction[] {
  const lines = text
    .replace(/^\s*#.*\n/gm, "")
    .replace(/\\\n\s*/g, " ")
    .split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [name = "", ...rest] = line.trim().split(/\s+/);
      return { name: name.toUpperCase(), rest: rest.join(" ") };
    });
}

/**
 * What the linter finds, and what it does not look for: a pinned base, a user that is not root, data
 * in a volume, a health check, no silent `--open-without-authentication`, sources that exist.
 */
export function checkDockerfile(text: string, paths: readonly string[]): readonly string[] {
  const found = validate(text).map((diagnostic) => {
    const { message, range } = diagnostic;
    return `line ${range.start.line + 1}: ${typeof message === "string" ? message : message.value}`;
  });
  const instructions = listInstructions(text);
  const all = (name: string) => instructions.filter((one) => one.name === name);
  const last = (name: string) => all(name).at(-1)?.rest;
  const user = last("USER");
  return [
    ...found,
    ...all("FROM")
      .filter(({ rest }) => !/^[\w./-]+:(?!latest\b)[\w.-]*\d/.test(rest))
      .map(({ rest }) => `the base \`${rest}\` is not pinned to a version`),
    ...(user !== undefined && /^[1-9]\d*(:[1-9]\d*)?$/.test(user)
      ? []
      : ["the last USER is not a number other than root's"]),
    ...(last("VOLUME") === undefined ? ["data has no VOLUME"] : []),
    ...(last("HEALTHCHECK")?.includes("/livez") === true ? [] : ["no HEALTHCHECK asks /livez"]),
    ...(/open-without-authentication/.test(`${last("ENTRYPOINT")} ${last("CMD")}`)
      ? ["the image opens itself without authentication"]
      : []),
    ...all("COPY").flatMap(({ rest }) => missingSources(rest, paths)),
  ];
}

function missingSources(copy: string, paths: readonly string[]): readonly string[] {
  if (copy.startsWith("--from=")) return [];
  const sources = copy.split(" ").slice(0, -1);
  return sources
    .filter((source) => !paths.some((path) => path === source || path.startsWith(`${source}/`)))
    .map((source) => `COPY names \`${source}\`, which is not there`);
}
