/**
 * @module A page that shows commands, read as a script: every `sh` block is run, in order, in one
 * shell; a `text` or `json` block right after one is what it must print; a block `sh server` starts
 * something that keeps running. What differs from run to run is compared by its form.
 */

export interface ScriptStep {
  readonly kind: "run" | "server";
  readonly commands: string;
  /** What the commands must print; undefined where the page does not show it. */
  readonly output: string | undefined;
  /** 1-based line of the page where the block starts. */
  readonly line: number;
}

interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

export function parseMarkdownScript(markdown: string): readonly ScriptStep[] {
  const steps: ScriptStep[] = [];
  const blocks = readBlocks(markdown);
  blocks.forEach((block, index) => {
    if (block.language !== "sh" && block.language !== "sh server") return;
    const next = blocks[index + 1];
    const isOutput = next !== undefined && (next.language === "text" || next.language === "json");
    steps.push({
      kind: block.language === "sh" ? "run" : "server",
      commands: block.text,
      output: isOutput ? next.text : undefined,
      line: block.line,
    });
  });
  return steps;
}

function readBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split("\n");
  let at = 0;
  while (at < lines.length) {
    const language = /^```(.*)$/.exec(lines[at] ?? "")?.[1]?.trim();
    if (language === undefined) {
      at++;
      continue;
    }
    const end = lines.indexOf("```", at + 1);
    if (end === -1) throw new Error(`line ${at + 1}: the block is never closed`);
    blocks.push({ language, text: lines.slice(at + 1, end).join("\n"), line: at + 1 });
    at = end + 1;
  }
  return blocks;
}

const volatile: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<id>"],
  [/\b[0-9a-f]{64}\b/g, "<sha256>"],
  [/\b[0-9a-f]{12}\b/g, "<sha256 prefix>"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\b/g, "<time>"],
  [/\b1[789]\d{11}\b/g, "<epoch ms>"],
  [/\b\d+(\.\d+)? ?(ms|s|seconds)\b/g, "<duration>"],
];

/** `text` with every id, digest, time and duration replaced by its kind, trailing space cut. */
export function withoutVolatile(text: string): string {
  const lines = volatile
    .reduce((rest, [pattern, kind]) => rest.replaceAll(pattern, kind), text)
    .split("\n")
    .map((line) => line.trimEnd());
  return lines.join("\n").trim();
}
