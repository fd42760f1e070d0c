/**
 * @module Runs one module, again and again, within limits. Its heap is reset for each evaluation, so
 * that the same input spends the same steps however often it came before. An evaluation that stops
 * half-way leaves the module's own tables in any state: the instance is thrown away and the next one
 * starts afresh, on the same memory, whose constants a new instance writes anew.
 */

import type { JsonObject } from "../../base/json.ts";
import type { FindBuiltin, HostBuiltin } from "../builtins/builtin.ts";
import { meterModule, stepsExport } from "./metering.ts";
import { PolicyInstance } from "./policy-instance.ts";

/** What an evaluation may use. The same everywhere, because a verdict depends on it. */
export const evaluationLimits = {
  /** Functions entered and loops begun; the default pack spends some 100,000. */
  stepsMax: 20_000_000,
  /** 64 MiB. */
  memoryPagesMax: 1024,
} as const;

/** A call of a host builtin costs so many steps, and one more for each byte it is given. */
const builtinSteps = 100;

/** A memory of which more was touched is let go after the evaluation, because it never shrinks. */
const touchedBytesKept = 16 * 1024 * 1024;

export class StepsSpent extends Error {}

/** A global that a rewritten module exports. */
interface Counter {
  value: number;
}

export interface PolicyRunnerOptions {
  /** Not metered yet. */
  readonly wasm: Uint8Array;
  readonly data: JsonObject;
  readonly findBuiltin: FindBuiltin;
  /** False only where tests compare with the module as it came; it has no bound in steps then. */
  readonly isMetered: boolean;
}

export class PolicyRunner {
  readonly #module: WebAssembly.Module;
  readonly #dataJson: string;
  readonly #findBuiltin: FindBuiltin;
  readonly #isMetered: boolean;
  #memory: WebAssembly.Memory | undefined;
  #instance: PolicyInstance | undefined;

  /** @throws Error where the bytes are no module, or need a builtin that there is not */
  constructor({ wasm, data, findBuiltin, isMetered }: PolicyRunnerOptions) {
    this.#module = new WebAssembly.Module(isMetered ? meterModule(wasm) : Uint8Array.from(wasm));
    this.#isMetered = isMetered;
    this.#dataJson = JSON.stringify(data);
    this.#findBuiltin = findBuiltin;
    this.#instance = this.#start();
  }

  /** The instance at hand, or a fresh one. */
  get instance(): PolicyInstance {
    this.#instance ??= this.#start();
    return this.#instance;
  }

  /** What the module left in one of its counters; 0 where there is no instance any more. */
  counter(name: string): number {
    return this.#instance === undefined ? 0 : counterOf(this.#instance, name).value;
  }

  /**
   * Evaluates an entrypoint by its number.
   * @throws whatever stopped the evaluation; `StepsSpent` where that was its length
   */
  evaluate(
    entrypoint: number,
    request: {
      readonly inputJson: string;
      readonly nowMs: number;
      readonly strictBuiltinErrors?: boolean;
    },
  ) {
    const { instance } = this;
    const steps = this.#stepsOf(instance);
    steps.value = evaluationLimits.stepsMax;
    const isStrict = request.strictBuiltinErrors === true;
    // An object of its own, because builtins tell evaluations apart by it.
    const context = { nowMs: request.nowMs };
    let evaluated: ReturnType<PolicyInstance["evaluate"]>;
    try {
      evaluated = instance.evaluate(entrypoint, request.inputJson, context, isStrict);
    } catch (error) {
      throw steps.value < 0 ? new StepsSpent() : error;
    }
    const spent = evaluationLimits.stepsMax - steps.value;
    if (instance.heapEnd > touchedBytesKept) this.discard();
    return this.#isMetered ? { ...evaluated, steps: spent } : evaluated;
  }

  /** Lets go of an instance that stopped half-way, and of its memory where much was touched. */
  discard(): void {
    if (this.#instance === undefined) return;
    // What asks the module spends steps, and there may be none left.
    this.#stepsOf(this.#instance).value = evaluationLimits.stepsMax;
    if (this.#instance.heapEnd > touchedBytesKept) this.#memory = undefined;
    this.#instance = undefined;
  }

  #start(): PolicyInstance {
    // All of it at once: a page that is not touched costs nothing, and growing by single pages, as
    // the module does, costs more than the evaluation.
    const pages = evaluationLimits.memoryPagesMax;
    this.#memory ??= new WebAssembly.Memory({ initial: pages, maximum: pages });
    return new PolicyInstance({
      module: this.#module,
      memory: this.#memory,
      dataJson: this.#dataJson,
      builtinOf: (name) => loadBuiltin(this.#findBuiltin, name),
      onBuiltin: (bytes) => this.#spend(builtinSteps + bytes),
    });
  }

  #stepsOf(instance: PolicyInstance): Counter {
    return this.#isMetered ? counterOf(instance, stepsExport) : { value: 0 };
  }

  #spend(count: number): void {
    if (this.#instance === undefined) return;
    const steps = this.#stepsOf(this.#instance);
    steps.value -= count;
    if (this.#isMetered && steps.value < 0) throw new StepsSpent();
  }
}

function counterOf(instance: PolicyInstance, name: string): Counter {
  const counter = (instance.exports as Record<string, Counter | undefined>)[name];
  if (counter === undefined) throw new Error(`the module has no counter \`${name}\``);
  return counter;
}

function loadBuiltin(findBuiltin: FindBuiltin, name: string): HostBuiltin {
  // `print` is the instance's own: what it writes belongs to the evaluation.
  if (name === "internal.print") return () => undefined;
  const builtin = findBuiltin(name);
  if (builtin === undefined) throw new Error(`the module needs the builtin \`${name}\``);
  return builtin;
}
