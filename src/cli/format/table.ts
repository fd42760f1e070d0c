/** @module Tables as `opa` draws them: a head, centred, and rows. */

/** Lines of the table, without a head where that is empty; a text may have lines of its own. */
export function tableLines(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const [first = [], ...others] = [head, ...rows].map((row) => row.map((text) => text.split("\n")));
  const columns = Math.max(head.length, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...[first, ...others].flatMap((row) => (row[column] ?? []).map(widthOf))),
  );
  const rule = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
  const headLines = cellLines(first, widths, (spare) => Math.floor(spare / 2));
  return [
    rule("┌", "┬", "┐"),
    ...(head.length === 0 ? [] : [...headLines, rule("├", "┼", "┤")]),
    ...others.flatMap((row) => cellLines(row, widths, () => 0)),
    rule("└", "┴", "┘"),
  ];
}

/** @param indentOf how much of the spare room of a cell goes before its text */
function cellLines(
  cells: readonly (readonly string[])[],
  widths: readonly number[],
  indentOf: (spare: number) => number,
): readonly string[] {
  const height = Math.max(0, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const texts = widths.map((width, column) => {
      const text = cells[column]?.[line] ?? "";
      const spare = width - widthOf(text);
      const indent = indentOf(spare);
      return ` ${" ".repeat(indent)}${text}${" ".repeat(spare - indent)} `;
    });
    return `│${texts.join("│")}│`;
  });
}

const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/** Columns that a terminal gives to `text`. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!/\p{M}/u.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}
