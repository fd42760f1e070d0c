import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkDockerfile } from "./dockerfile.ts";
import { listTrackedFiles, root } from "./tracked-files.ts";

const dockerfile = readFileSync(`${root}Dockerfile`, "utf8");

test("the Dockerfile keeps its rules", () => {
  expect(checkDockerfile(dockerfile, listTrackedFiles())).toEqual([]);
});

describe("the rules can fail", () => {
  const good = [
    "FROM node:24-slim",
    "COPY src ./src",
    "USER 1000",
    'VOLUME ["/data"]',
    'HEALTHCHECK CMD ["node", "-e", "fetch(\'http://127.0.0.1/livez\')"]',
    'ENTRYPOINT ["node", "src/a.ts"]',
  ];
  const check = (lines: readonly string[]) => checkDockerfile(lines.join("\n"), ["src/a.ts"]);

  test("a small image is in order", () => {
    expect(check(good)).toEqual([]);
  });

  test.each([
    ["FROM node:24-slim", "FROM node", "not pinned"],
    ["FROM node:24-slim", "FROM node:latest", "not pinned"],
    ["USER 1000", "USER 0", "not a number other than root's"],
    ["USER 1000", "USER node", "not a number other than root's"],
    ["USER 1000", "", "not a number other than root's"],
    ["COPY src ./src", "COPY sources ./src", "`sources`, which is not there"],
    ["COPY src ./src", "COPPY src ./src", "COPPY"],
    ["COPY src ./src", "COPY src", "COPY requires at least two arguments"],
    ["COPY src ./src", "WORKDIR app", "absolute"],
    ['VOLUME ["/data"]', "", "no VOLUME"],
    [good[4], "", "no HEALTHCHECK"],
    ['"src/a.ts"]', '"src/a.ts", "--open-without-authentication"]', "opens itself"],
  ])("%s → %s", (from = "", to, message) => {
    const lines = good.map((line) => line.replace(from, to)).filter((line) => line !== "");
    expect(check(lines).join("\n")).toContain(message);
  });
});
