/**
 * @module Runs a drill through the real use cases, on a record of its own, by the drill's clock. So
 * history, persistence, plans and approvals are what a server would have.
 */

import { BelayError } from "../../base/errors.ts";
import type { Caller } from "../../log/entry.ts";
import type { Belay } from "../belay.ts";
import { listDrawnSignals } from "./drawn-signals.ts";
import { baseName, type Drill, type DrillEvent, kindOf } from "./drill.ts";
import type { DrillResult, DrillRow } from "./drill-row.ts";
import { DrilledRelease, type Outage } from "./drilled-release.ts";
import { objectOf, textOf } from "./loose-json.ts";
import { mergePatch } from "./merge-patch.ts";
import { type Came, compareWithWant, describeRefusal } from "./want.ts";

/** Opens a Belay on an empty record, whose clock is `clockMs`. */
export type OpenBelay = (clockMs: () => number) => Promise<Belay>;

/** @throws BelayError where Belay itself cannot go on; what it refuses is part of the result */
export async function runDrill(open: OpenBelay, drill: Drill): Promise<DrillResult> {
  const clock = { nowMs: drill.start_ms };
  const belay = await open(() => clock.nowMs);
  try {
    const run = new DrillRun(belay, drill, clock);
    for (const [index, event] of drill.timeline.entries()) await run.play(event, index);
    await run.end();
    return resultOf(drill, run.rows);
  } finally {
    await belay.close();
  }
}

function resultOf({ file, description }: Drill, rows: readonly DrillRow[]): DrillResult {
  const wrong = rows.filter(({ differences }) => differences.length > 0).length;
  const right = rows.filter(({ isWanted, differences }) => isWanted && differences.length === 0);
  return { file, description, rows, as_wanted: right.length, not_as_wanted: wrong };
}

interface Place {
  readonly event: DrillEvent;
  readonly index: number;
  readonly name: string;
  readonly release: DrilledRelease;
}

class DrillRun {
  readonly rows: DrillRow[] = [];
  readonly #belay: Belay;
  readonly #drill: Drill;
  readonly #clock: { nowMs: number };
  readonly #releases: ReadonlyMap<string, DrilledRelease>;
  readonly #outages: { readonly outage: Outage; readonly untilMs: number }[] = [];

  constructor(belay: Belay, drill: Drill, clock: { nowMs: number }) {
    this.#belay = belay;
    this.#drill = drill;
    this.#clock = clock;
    const parts = [[baseName, {}] as const, ...Object.entries(drill.others)];
    this.#releases = new Map(
      parts.map(([name, patch]) => [
        name,
        new DrilledRelease(mergePatch(drill.base, patch) as Drill["base"], drill.start_ms),
      ]),
    );
  }

  /** All repetitions of one event. */
  async play(event: DrillEvent, index: number): Promise<void> {
    const name = event.for ?? baseName;
    const place: Place = { event, index, name, release: this.#release(name) };
    place.release.change(event);
    const { every_s: everyS, count } = event.repeat ?? { every_s: 0, count: 1 };
    for (let turn = 0; turn < count; turn += 1) {
      this.#setClock(event.at_s + turn * everyS);
      await this.#playOnce(place);
    }
  }

  /** What is wanted at the end; and every record a drill leaves verifies, its last decision replays. */
  async end(): Promise<void> {
    const { want_at_end: want, timeline, rows } = this.#drill;
    const base = this.#release(baseName);
    const decision = base.planned ?? base.latest;
    const rollback =
      decision === undefined
        ? undefined
        : await this.#belay.loadRollback(decision.provenance.decision_id);
    const came: Came = { ...(decision && { decision }), ...(rollback && { rollback }) };
    const differences = [
      ...compareWithWant(want, came, (name) => this.#release(name).planned?.plan),
      ...(await this.#checkRecord()),
    ];
    this.rows.push({
      ...this.#rowOf(baseName, came),
      kind: "end",
      event: "at the end",
      row: rows[timeline.length] ?? 0,
      summary: differences.length === 0 ? "the record verifies, and its last decision replays" : "",
      isWanted: true,
      differences,
    });
  }

  async #checkRecord(): Promise<readonly string[]> {
    const verification = await this.#belay.verifyRecord();
    const broken = verification.ok ? [] : ["record: want one that verifies, got one that does not"];
    const { decisions } = await this.#belay.listDecisions({ limit: 1 });
    for (const { decision } of decisions) {
      const id = decision.provenance.decision_id;
      const { same, differences } = await this.#belay.replay(id);
      if (!same) broken.push(`replay: want the same, got ${differences[0]?.path ?? "other bytes"}`);
    }
    return broken;
  }

  async #playOnce(place: Place): Promise<void> {
    const { event } = place;
    switch (kindOf(event)) {
      case "ask":
        return this.#ask(place, event.ask ?? "continue");
      case "verify":
        return this.#verify(place);
      case "step":
        return this.#step(place, event.step ?? {});
      case "resolve":
        return this.#resolve(place, event.resolve);
      case "outage":
        return this.#cutOff(place, event.outage);
      case "look":
        return this.#add(place, "look", await this.#try(() => this.#look(place)));
    }
  }

  async #ask(place: Place, question: string): Promise<void> {
    const { release, event } = place;
    const request = release.requestAt(this.#clock.nowMs, question, this.#openOutages());
    const came = await this.#try(async () => {
      const { decision, repeated } = await this.#belay.decide({
        request,
        ...(event.key === undefined ? {} : { idempotencyKey: event.key }),
        caller: callerOf(event),
      });
      release.decided(decision);
      return { decision, repeated };
    });
    const word = came.repeated === true ? `ask ${question} again` : `ask ${question}`;
    this.#add(place, word, came, { signals: listDrawnSignals(request) });
  }

  async #verify(place: Place): Promise<void> {
    const { release, event } = place;
    const health = release.healthAt(this.#clock.nowMs, this.#openOutages());
    const came = await this.#try(async () => {
      const call = { health, caller: callerOf(event) };
      const { outcome, judged, rollback } = await this.#belay.verifyRollback(
        this.#idOf(release.planned),
        call,
      );
      return { outcome, rollback, decision: judged.decision };
    });
    const service = this.#serviceOf(release);
    this.#add(place, "verify", came, {
      signals: listDrawnSignals({ release: { service }, health }),
    });
  }

  async #step(place: Place, step: NonNullable<DrillEvent["step"]>): Promise<void> {
    const { release, event } = place;
    const { state, takes_s: takesS = 0, attempt } = step;
    const call = {
      step: step.id ?? (await this.#findNext(release)),
      ...(attempt === undefined ? {} : { attempt }),
    };
    // What is wanted of a step as a whole is wanted of its end; a refusal may come before that.
    if (state !== undefined || event.want?.refused !== undefined) {
      return this.#report(place, { ...call, state: state ?? "started" });
    }
    await this.#report({ ...place, event: without(event) }, { ...call, state: "started" });
    this.#clock.nowMs += takesS * 1_000;
    await this.#report(place, { ...call, state: "succeeded" });
  }

  async #report(
    place: Place,
    call: { step: string; state: "started" | "succeeded" | "failed"; attempt?: number },
  ): Promise<void> {
    const { step, state, attempt } = call;
    const came = await this.#try(async () => {
      const rollback = await this.#belay.reportStep(this.#idOf(place.release.planned), {
        step,
        state,
        ...(attempt === undefined ? {} : { attempt }),
        caller: callerOf(place.event),
      });
      const { repeated } = rollback;
      return repeated === undefined ? { rollback } : { rollback, repeated };
    });
    const told = came.refusal === undefined ? { step: { id: step, state } } : {};
    this.#add(place, `step ${step} ${state}`, came, told);
  }

  async #resolve(place: Place, call: DrillEvent["resolve"]): Promise<void> {
    if (call === undefined) return;
    const { release, event } = place;
    const agreed = call.plan_of === undefined ? release : this.#release(call.plan_of);
    const planId = (agreed.latest ?? agreed.planned)?.plan?.plan_id;
    const came = await this.#try(async () => ({
      rollback: await this.#belay.resolve(this.#idOf(release.latest), {
        choice: call.choice,
        ...(planId === undefined ? {} : { planId }),
        role: call.role,
        reason: call.reason,
        breakGlass: call.break_glass,
        ...(call.expires_in_s === undefined
          ? {}
          : { expiresMs: this.#clock.nowMs + call.expires_in_s * 1_000 }),
        caller: callerOf(event),
      }),
    }));
    const how = call.break_glass ? ", breaking the glass" : "";
    const missing = came.rollback?.resolved.missing;
    const lacking = missing === undefined ? {} : { summary: missing };
    this.#add(place, `answer ${call.choice}${how}`, came, lacking);
  }

  #cutOff(place: Place, outage: DrillEvent["outage"]): void {
    if (outage === undefined) return;
    this.#outages.push({ outage, untilMs: this.#drill.start_ms + outage.until_s * 1_000 });
    const what = outage.provider ?? outage.signals?.join(", ") ?? "";
    this.#add(place, `outage of ${what}: ${outage.status}`, {});
  }

  async #look({ release }: Place): Promise<Came> {
    const decision = release.planned ?? release.latest;
    return { rollback: await this.#belay.loadRollback(this.#idOf(decision)) };
  }

  /** The first step that may start, else one that is under way. */
  async #findNext(release: DrilledRelease): Promise<string> {
    const { planned } = release;
    if (planned === undefined) return "1";
    const { next, steps } = await this.#belay.loadRollback(planned.provenance.decision_id);
    return next[0] ?? steps.find(({ state }) => state === "running")?.id ?? steps.at(-1)?.id ?? "1";
  }

  async #try(action: () => Promise<Came>): Promise<Came> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof BelayError && error.kind !== "internal") return { refusal: error };
      throw error;
    }
  }

  #add(place: Place, event: string, came: Came, more: Partial<DrillRow> = {}): void {
    const { name, index, event: played } = place;
    const planOf = (other: string) => this.#release(other).planned?.plan;
    const who = played.by === undefined ? "" : ` by ${played.by}`;
    this.rows.push({
      ...this.#rowOf(name, came),
      kind: kindOf(played),
      event: `${event}${who}`,
      row: this.#drill.rows[index] ?? 0,
      isWanted: played.want !== undefined,
      differences: compareWithWant(played.want, came, planOf),
      ...more,
    });
  }

  #rowOf(name: string, came: Came) {
    const { decision, outcome, rollback, refusal } = came;
    const code = refusal?.code ?? decision?.code;
    return {
      at_s: (this.#clock.nowMs - this.#drill.start_ms) / 1_000,
      release: name,
      service: this.#serviceOf(this.#release(name)),
      ...(decision === undefined ? {} : { verdict: decision.verdict }),
      ...(code === undefined ? {} : { code }),
      ...(decision?.escalation === undefined ? {} : { level: decision.escalation.level }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(rollback === undefined ? {} : { state: rollback.state }),
      summary: summaryOf(came),
      next: rollback?.next ?? [],
      signals: [],
    };
  }

  #serviceOf(release: DrilledRelease): string {
    const { release: asked } = release.requestAt(this.#clock.nowMs, "continue", []);
    return textOf(objectOf(asked)["service"]);
  }

  #openOutages(): readonly Outage[] {
    return this.#outages
      .filter(({ untilMs }) => untilMs > this.#clock.nowMs)
      .map(({ outage }) => outage);
  }

  #release(name: string): DrilledRelease {
    const release = this.#releases.get(name);
    if (release === undefined) throw new BelayError("internal", `no release \`${name}\``);
    return release;
  }

  #idOf(decision: { readonly provenance: { readonly decision_id: string } } | undefined): string {
    return decision?.provenance.decision_id ?? "none";
  }

  #setClock(atS: number): void {
    this.#clock.nowMs = this.#drill.start_ms + atS * 1_000;
  }
}

/** The event as it is before anything is wanted of it. */
function without({ want: _want, ...event }: DrillEvent): DrillEvent {
  return event;
}

function summaryOf({ decision, rollback, refusal }: Came): string {
  if (refusal !== undefined) return describeRefusal(refusal);
  return decision?.summary ?? rollback?.why ?? "";
}

/** As over HTTP from this machine: a name is a claim that came in a header. */
function callerOf({ by }: DrillEvent): Caller {
  return by === undefined
    ? { subject: "anonymous", auth: "none" }
    : { subject: by, auth: "loopback-header" };
}
