/** @module The form of three pages: problem codes, glossary, changelog. */

export interface Section {
  readonly title: string;
  readonly body: string;
}

/** Sections of a page below its headings of one level, in order. */
export function listSections(text: string, level: number): readonly Section[] {
  const marks = "#".repeat(level);
  return text
    .split(new RegExp(`^${marks} `, "m"))
    .slice(1)
    .map((part) => {
      const [title = "", ...lines] = part.split("\n");
      return {
        title: title.trim(),
        body:
          lines
            .join("\n")
            .split(/^#{1,6} /m)[0]
            ?.trim() ?? "",
      };
    });
}

/** Codes without a section, sections without a code, and sections that say nothing. */
export function checkProblemPage(text: string, codes: readonly string[]): readonly string[] {
  const sections = listSections(text, 2);
  const titles = sections.map(({ title }) => title.replaceAll("`", ""));
  return [
    ...codes.filter((code) => !titles.includes(code)).map((code) => `\`${code}\` is not explained`),
    ...titles.filter((code) => !codes.includes(code)).map((code) => `\`${code}\` is no code`),
    ...sections
      .filter(({ body }) => !/^.+\n\n\*\*What to do\.\*\* .+/s.test(body))
      .map(({ title }) => `${title}: say what it means, and \`**What to do.**\``),
  ];
}

/** Words missing from the glossary, defined twice, out of order, or left without a meaning. */
export function checkGlossary(text: string, words: readonly string[]): readonly string[] {
  const sections = listSections(text, 3);
  const titles = sections.map(({ title }) => title);
  return [
    ...words.filter((word) => !titles.includes(word)).map((word) => `\`${word}\` is missing`),
    ...titles
      .filter((title, index) => titles.indexOf(title) !== index)
      .map((title) => `\`${title}\` stands twice`),
    ...titles
      .filter((title, index) => index > 0 && title < (titles[index - 1] ?? ""))
      .map((title) => `\`${title}\` is out of order`),
    ...sections.filter(({ body }) => body === "").map(({ title }) => `\`${title}\` says nothing`),
  ];
}

/** `## Unreleased`, then versions, newest first, each with its day; below them lists and nothing else. */
export function checkChangelog(text: string): readonly string[] {
  const sections = listSections(text, 2);
  const [first, ...versions] = sections.map(({ title }) => title);
  const days = versions.map((title) => /^\d+\.\d+\.\d+ \((\d{4}-\d{2}-\d{2})\)$/.exec(title)?.[1]);
  const isEntry = (line: string) => /^(- \S.*|  \S.*|)$/.test(line);
  return [
    ...(first === "Unreleased" ? [] : ["the first section is not `Unreleased`"]),
    ...versions
      .filter((_, index) => days[index] === undefined)
      .map((title) => `\`${title}\` is not \`1.2.3 (2026-01-31)\``),
    ...days
      .filter((day, index) => index > 0 && (day ?? "") > (days[index - 1] ?? ""))
      .map((day) => `${day ?? ""} stands below an older version`),
    ...sections
      .filter(({ body }) => body === "" || !body.split("\n").every(isEntry))
      .map(({ title }) => `${title}: a section is a list of changes, \`- \` before each`),
  ];
}
