/**
 * @module What a schema of single fields cannot say: fields that contradict each other, things named
 * twice, references that lead nowhere.
 *
 * The checks run on every part of a request that is sound in itself, also where another part is
 * not, so that a caller hears of everything at once.
 */

import type { z } from "@hono/zod-openapi";
import type { InputIssue } from "../../base/errors.ts";
import { signalIdentity } from "../signal-identity.ts";
import {
  cacheSchema,
  compensationSchema,
  flagSchema,
  integrityCheckSchema,
  migrationSchema,
  queueSchema,
} from "./change.ts";
import { freezeSchema, incidentSchema } from "./circumstance.ts";
import { signalSchema, signalsMax, sloSchema } from "./health.ts";
import { componentSchema } from "./release.ts";
import { quote } from "./show-value.ts";

type Signal = z.infer<typeof signalSchema>;
/** The longest list of the schema that is looked into here. */
const listLengthMax = signalsMax;

type Elements<T> = readonly (T | undefined)[];

/** The lists of a request, with `undefined` in place of elements that are not sound. */
export interface SoundParts {
  readonly service: string | undefined;
  readonly hasMapping: boolean;
  readonly signals: Elements<Signal>;
  readonly slos: Elements<z.infer<typeof sloSchema>>;
  readonly flags: Elements<z.infer<typeof flagSchema>>;
  readonly migrations: Elements<z.infer<typeof migrationSchema>>;
  readonly checks: Elements<z.infer<typeof integrityCheckSchema>>;
  readonly queues: Elements<z.infer<typeof queueSchema>>;
  readonly caches: Elements<z.infer<typeof cacheSchema>>;
  readonly compensations: Elements<z.infer<typeof compensationSchema>>;
  readonly components: Elements<z.infer<typeof componentSchema>>;
  readonly freezes: Elements<z.infer<typeof freezeSchema>>;
  readonly incidents: Elements<z.infer<typeof incidentSchema>>;
}

/** The sound parts of a request whose shape is not right. */
export function findSoundParts(raw: unknown): SoundParts {
  const service = memberAt(raw, ["release", "service"]);
  const list = <T>(path: readonly string[], schema: z.ZodType<T>): Elements<T> => {
    const elements = memberAt(raw, path);
    // Longer than any list of the schema: that is an issue of its own already.
    return Array.isArray(elements) && elements.length <= listLengthMax
      ? elements.map((element: unknown) => schema.safeParse(element).data)
      : [];
  };
  return {
    service: typeof service === "string" ? service : undefined,
    hasMapping: memberAt(raw, ["health", "mapping"]) !== undefined,
    signals: list(["health", "signals"], signalSchema),
    slos: list(["health", "slos"], sloSchema),
    flags: list(["flags"], flagSchema),
    migrations: list(["migrations"], migrationSchema),
    checks: list(["data_integrity", "checks"], integrityCheckSchema),
    queues: list(["data_integrity", "queues"], queueSchema),
    caches: list(["data_integrity", "caches"], cacheSchema),
    compensations: list(["data_integrity", "compensations"], compensationSchema),
    components: list(["release", "components"], componentSchema),
    freezes: list(["environment", "freezes"], freezeSchema),
    incidents: list(["environment", "incidents"], incidentSchema),
  };
}

function memberAt(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) {
      return undefined;
    }
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

/** Every contradiction, in the order of the request. */
export function checkCrossFields(parts: SoundParts): InputIssue[] {
  return [
    ...checkSignals(parts),
    ...checkUnique("/health/slos", parts.slos, idOf),
    ...checkReferences(parts),
    ...checkUnique("/flags", parts.flags, (flag) => flag.key),
    ...checkUnique("/migrations", parts.migrations, idOf),
    ...checkUnique("/data_integrity/checks", parts.checks, idOf),
    ...checkUnique("/data_integrity/queues", parts.queues, idOf),
    ...checkUnique("/data_integrity/caches", parts.caches, idOf),
    ...checkUnique("/data_integrity/compensations", parts.compensations, idOf),
    ...checkUnique("/release/components", parts.components, ({ service }) => service),
    ...checkUnique("/environment/freezes", parts.freezes, idOf),
    ...checkFreezes(parts),
    ...checkUnique("/environment/incidents", parts.incidents, idOf),
  ];
}

function idOf(element: { readonly id: string }): string {
  return element.id;
}

function checkSignals(parts: SoundParts): InputIssue[] {
  const issues: InputIssue[] = [];
  if (parts.hasMapping && parts.signals.length > 0) {
    const message = "signals come from `mapping` or from `signals`, not from both";
    issues.push({ pointer: "/health/mapping", message });
  }
  for (const [index, signal] of parts.signals.entries()) {
    if (signal !== undefined) checkSignal(signal, `/health/signals/${index}`, issues);
  }
  // A signal without a service means the release's: it may be a duplicate of one that says so.
  const identity = (signal: Signal) =>
    signalIdentity(signal.id, signal.service ?? parts.service ?? "", signal.population);
  issues.push(
    ...checkUnique("/health/signals", parts.signals, identity, (signal) => {
      const service = signal.service ?? parts.service ?? "";
      return `signal ${quote(signal.id)} of ${quote(service)}, ${signal.population},`;
    }),
  );
  return issues;
}

function checkSignal(signal: Signal, pointer: string, issues: InputIssue[]): void {
  if (signal.total === undefined && signal.bad !== undefined) {
    issues.push({ pointer: `${pointer}/bad`, message: "needs `total` beside it" });
  }
  if (signal.bad === undefined && signal.total !== undefined) {
    issues.push({ pointer: `${pointer}/total`, message: "needs `bad` beside it" });
  }
  checkCounts(signal, pointer, issues);
  for (const [index, window] of (signal.windows ?? []).entries()) {
    checkCounts(window, `${pointer}/windows/${index}`, issues);
  }
  issues.push(
    ...checkUnique(`${pointer}/windows`, signal.windows ?? [], (window) => window.window_s),
  );

  const { status } = signal;
  if (status === "ok" && !hasEvidence(signal)) {
    const message = "status `ok` needs a value, `bad` and `total`, windows or a series";
    issues.push({ pointer: `${pointer}/status`, message });
  }
  const isSilent = status === "no_data" || status === "nan" || status === "error";
  if (isSilent && signal.value !== undefined && signal.value !== null) {
    const message = `a signal of status \`${status}\` has no value`;
    issues.push({ pointer: `${pointer}/value`, message });
  }
}

interface Counts {
  readonly bad?: number;
  readonly total?: number;
}

function checkCounts({ bad, total }: Counts, pointer: string, issues: InputIssue[]): void {
  if (bad !== undefined && total !== undefined && bad > total) {
    issues.push({ pointer: `${pointer}/bad`, message: `${bad} bad events out of ${total}` });
  }
}

/** Whether a signal says anything that could be judged. */
export function hasEvidence(signal: Signal): boolean {
  return (
    (signal.value !== undefined && signal.value !== null) ||
    (signal.bad !== undefined && signal.total !== undefined) ||
    (signal.windows ?? []).length > 0 ||
    (signal.series ?? []).some((point) => point.v !== null)
  );
}

function checkReferences({ hasMapping, signals, slos }: SoundParts): InputIssue[] {
  // What a mapping will give is not known yet, and what an unsound signal is called neither.
  if (hasMapping || signals.includes(undefined)) return [];
  const known = new Set(signals.map((signal) => signal?.id));
  return slos.flatMap((slo, index) => {
    if (slo === undefined || known.has(slo.signal)) return [];
    const message = `no signal has the id ${quote(slo.signal)}`;
    return [{ pointer: `/health/slos/${index}/signal`, message }];
  });
}

function checkFreezes({ freezes }: SoundParts): InputIssue[] {
  return freezes.flatMap((freeze, index) => {
    if (freeze === undefined || freeze.start_ms <= freeze.end_ms) return [];
    const message = "ends before it starts";
    return [{ pointer: `/environment/freezes/${index}/end_ms`, message }];
  });
}

function checkUnique<T>(
  pointer: string,
  elements: Elements<T>,
  identity: (element: T) => string | number,
  describe: (element: T) => string = (element) => quote(String(identity(element))),
): InputIssue[] {
  const seen = new Map<string | number, number>();
  const issues: InputIssue[] = [];
  for (const [index, element] of elements.entries()) {
    if (element === undefined) continue;
    const key = identity(element);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else {
      const message = `${describe(element)} is a duplicate of ${pointer}/${first}`;
      issues.push({ pointer: `${pointer}/${index}`, message });
    }
  }
  return issues;
}
