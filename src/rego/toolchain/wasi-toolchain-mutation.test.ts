import { afterAll, describe, expect, test } from "vitest";
import { burn, file } from "./burn.fixture.ts";
import type { MutantsRequest, MutateRequest } from "./toolchain.ts";
import { createToolchain } from "./wasi-toolchain.ts";

const toolchain = createToolchain();
afterAll(() => toolchain.close());

async function listMutants(request: MutantsRequest) {
  const listed = await toolchain.mutants(request);
  if (!listed.ok) throw new Error(JSON.stringify(listed.diagnostics));
  return listed.mutants;
}

/** Every mutant with what became of it: `2:6 a -> b: survived`. */
async function tryAll(request: Omit<MutateRequest, "mutants">) {
  const mutants = await listMutants(request);
  const tried = await toolchain.mutate({ ...request, mutants: mutants.map((_, index) => index) });
  if (!tried.ok) throw new Error(JSON.stringify(tried.diagnostics));
  return mutants.map(({ row, col, before, after }, index) => {
    const { outcome, by, reachedBy } = tried.outcomes[index] ?? {};
    const seen = by === undefined ? "" : ` by ${by}`;
    return `${row}:${col} ${before} -> ${after}: ${outcome}${seen} (${reachedBy})`;
  });
}

function policy(...lines: readonly string[]) {
  return file("p.rego", "package p", ...lines);
}

function tests(...lines: readonly string[]) {
  return file("p_test.rego", "package p_test", ...lines);
}

describe("mutants", () => {
  test("change one thing of the source, and say what stands where", async () => {
    const files = [
      policy(
        "hot if input.rate > 14.4",
        'kind := "slow" if {',
        "\tnot hot",
        "\tsome i",
        "\tinput.rows[i].n + 1 != input.limits[i]",
        "\tis_number(input.rate)",
        "} else := false",
        "calm := count({x | some x in input.rows; x.ok}) == 3",
      ),
    ];
    const mutants = await listMutants({ files, targets: ["p.rego"] });
    expect(
      mutants.map(
        ({ row, col, operator, before, after }) =>
          `${row}:${col} ${operator}: ${before} -> ${after}`,
      ),
    ).toEqual([
      "2:8 condition: input.rate > 14.4 -> true",
      "2:19 comparison: input.rate > 14.4 -> input.rate >= 14.4",
      "2:19 comparison: input.rate > 14.4 -> input.rate <= 14.4",
      "2:21 number: 14.4 -> 28.8",
      "2:21 number: 14.4 -> 7.2",
      '3:9 string: "slow" -> ""',
      "4:2 negation: not hot -> hot",
      "4:2 condition: not hot -> true",
      "6:2 condition: input.rows[i].n + 1 != input.limits[i] -> true",
      "6:13 join: i -> _",
      "6:18 arithmetic: input.rows[i].n + 1 -> input.rows[i].n - 1",
      "6:20 number: 1 -> 2",
      "6:20 number: 1 -> 0",
      "6:22 comparison: input.rows[i].n + 1 != input.limits[i] -> input.rows[i].n + 1 == input.limits[i]",
      "6:38 join: i -> _",
      "7:2 negation: is_number(input.rate) -> not is_number(input.rate)",
      "7:2 condition: is_number(input.rate) -> true",
      "8:11 boolean: false -> true",
      "9:42 negation: x.ok -> not x.ok",
      "9:42 condition: x.ok -> true",
      "9:49 comparison: count({x | some x in input.rows; x.ok}) == 3 -> count({x | some x in input.rows; x.ok}) != 3",
      "9:52 number: 3 -> 4",
      "9:52 number: 3 -> 2",
    ]);
  });

  test("leave tests, names, keys and texts alone, and what is no target", async () => {
    const files = [
      policy('a := {"key": "A sentence for people."}', "b[x] := 1 if some x in [input.x]"),
      file("q.rego", "package q", "x := 2"),
      tests("test_x if 1 == 1"),
    ];
    const changed = await listMutants({ files, targets: ["p.rego", "p_test.rego"] });
    expect(changed.map(({ before, after }) => `${before} ${after}`)).toEqual(["1 2", "1 0"]);
  });
});

describe("mutate", () => {
  test("tells what is noticed, by whom, and what is not", async () => {
    const files = [
      policy("hot if input.rate > 10", "cold if input.rate < 5"),
      tests("test_hot if data.p.hot with input.rate as 11", "test_broken if false"),
    ];
    expect(await tryAll({ files, targets: ["p.rego"] })).toEqual([
      "2:8 input.rate > 10 -> true: survived (1)",
      "2:19 input.rate > 10 -> input.rate >= 10: survived (1)",
      "2:19 input.rate > 10 -> input.rate <= 10: killed by data.p_test.test_hot (1)",
      "2:21 10 -> 11: killed by data.p_test.test_hot (1)",
      "2:21 10 -> 9: survived (1)",
      "3:9 input.rate < 5 -> true: survived (0)",
      "3:20 input.rate < 5 -> input.rate <= 5: survived (0)",
      "3:20 input.rate < 5 -> input.rate >= 5: survived (0)",
      "3:22 5 -> 6: survived (0)",
      "3:22 5 -> 4: survived (0)",
    ]);
  });

  test("lets examples notice, on an input and a clock of their own", async () => {
    const files = [policy("late if time.now_ns() / 1000000 > input.deadline_ms + 5")];
    const example = { name: "late.yaml", query: "data.p.late", nowMs: 1_000_006 };
    const tried = await tryAll({
      files,
      targets: ["p.rego"],
      examples: [{ ...example, input: { deadline_ms: 1_000_000 } }],
    });
    expect(tried).toContain("2:55 5 -> 6: killed by late.yaml (1)");
    expect(tried).toContain("2:55 5 -> 4: survived (1)");
  });

  test("reaches rules that the rule index or an early exit would skip", async () => {
    const files = [
      policy('f("a") := 1', 'f("b") := 2', "yes if input.x == 1", "yes if input.x == 2"),
      tests("test_f if data.p.f(`b`) == 2", "test_yes if data.p.yes with input.x as 2"),
    ];
    const tried = await tryAll({ files, targets: ["p.rego"] });
    // f("") and f("b") next to each other give one answer; 1 -> 2 lets both rules hold, alike.
    expect(tried).toContain('2:3 "a" -> "": survived (1)');
    expect(tried).toContain('3:3 "b" -> "": killed by data.p_test.test_f (1)');
    expect(tried).toContain("4:19 1 -> 2: survived (1)");
    expect(tried).toContain("5:19 2 -> 3: killed by data.p_test.test_yes (1)");
  });

  test("counts changes that nobody could make as stillborn, and tries the others", async () => {
    const files = [
      policy("both := {1} | {2}", "row := x if { some i; x := input.rows[i]; input.names[i] }"),
      tests("test_both if data.p.both == {1, 2}"),
    ];
    const tried = await tryAll({ files, targets: ["p.rego"] });
    expect(tried).toContain("2:13 {1} | {2} -> {1} & {2}: killed by data.p_test.test_both (1)");
    expect(tried.filter((line) => line.includes("stillborn"))).toEqual([]);
    const unsafe = [
      policy("f(n) := n - 1 if n", "x contains y if { y := z; z = input.z }"),
      tests("test_x if data.p.f(2) == 1"),
    ];
    const born = await tryAll({ files: unsafe, targets: ["p.rego"] });
    expect(born).toContain("3:27 z = input.z -> true: stillborn (0)");
    expect(born).toContain("2:11 n - 1 -> n + 1: killed by data.p_test.test_x (1)");
  });

  test("sees a conflict, an else branch, a default and a whole document", async () => {
    const files = [
      policy(
        "default level := 0",
        "level := 2 if input.n > 10",
        "else := 1 if input.n > 5",
        "one := 1 if input.a",
        "one := 1 if input.b",
      ),
      tests(
        "test_default if data.p.level == 0 with input.n as 1",
        "test_else if data.p.level == 1 with input.n as 6",
        "test_one if data.p.one with input as {`a`: true, `b`: true}",
        "test_all if data.p == {`level`: 0} with input as {}",
      ),
    ];
    const tried = await tryAll({ files, targets: ["p.rego"] });
    expect(tried.filter((line) => line.startsWith("2:"))).toEqual([
      expect.stringContaining("0 -> 1: killed"),
      expect.stringContaining("0 -> -1: killed"),
    ]);
    expect(tried.filter((line) => line.startsWith("4:9"))).toEqual([
      expect.stringContaining("1 -> 2: killed by data.p_test.test_else"),
      expect.stringContaining("1 -> 0: killed by data.p_test.test_else"),
    ]);
    expect(tried).toContain("5:8 1 -> 2: killed by data.p_test.test_one (2)");
  });

  test("ends a change that does not end, at the same step every time", async () => {
    const files = [
      policy(
        "endless if {",
        "\tinput.go",
        "\tsome a in numbers.range(1, 3000)",
        "\tsome b in numbers.range(1, 3000)",
        "\ta + b == 0",
        "}",
      ),
      tests("test_endless if not data.p.endless with input as {}"),
    ];
    const tried = await tryAll({ files, targets: ["p.rego"] });
    expect(tried).toContain("3:2 input.go -> true: killed by data.p_test.test_endless (1)");
  });

  test("does what changing the source and running its tests does", async () => {
    const tested = file(
      "burn_test.rego",
      "package burn_test",
      "import data.burn",
      "test_fast if burn.answer == {`count`: 1, `code`: `ANSWER`} with input.rows as [{`rate`: 20}]",
      "test_slow if {",
      "\tcodes := [f.code | some f in burn.finding] with input.rows as [{`rate`: 14.4}, {`rate`: 1}]",
      "\tcodes == [`SLOW_BURN`]",
      "}",
    );
    const request = { files: [burn, tested], data: { limit: 14.4 }, targets: [burn.path] };
    const mutants = await listMutants(request);
    const tried = await tryAll(request);
    for (const [index, { row, col, before, after }] of mutants.entries()) {
      const lines = burn.text.split("\n");
      const line = lines[row - 1] ?? "";
      // Where more is shown than is replaced, the piece shown begins before the place.
      const start = line.lastIndexOf(before, col - 1);
      lines[row - 1] = line.slice(0, start) + after + line.slice(start + before.length);
      const files = [{ path: burn.path, text: lines.join("\n") }, tested];
      const changed = await toolchain.test({ files, data: { limit: 14.4 } });
      const isNoticed = !changed.ok || changed.results.some((result) => result.fail === true);
      expect(tried[index]?.includes(": survived") === !isNoticed, tried[index]).toBe(true);
    }
    expect(mutants.length).toBeGreaterThan(10);
  }, 60_000);
});
