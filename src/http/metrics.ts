/** @module What Belay counts, in the text form that Prometheus reads. Label sets are bounded. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Belay } from "../service/belay.ts";

export interface AnsweredRequest {
  readonly method: string;
  /** Pattern of the route, never the path itself. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

export interface AnsweredDecision {
  readonly verdict: string;
  readonly question: string;
  readonly repeated: boolean;
}

export interface Metrics {
  /** A request has begun; call the answer when it has been answered. */
  startRequest(): (answered: AnsweredRequest) => void;
  /** A decision was asked for; call the answer when it is durable, or with nothing if it failed. */
  startDecision(): (answered?: AnsweredDecision) => void;
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** What is asked at each scrape. */
type Observed = Pick<Belay, "health" | "readHead">;

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "OPTIONS"]);
const requestBucketsS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60,
];
const decisionBucketsS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

export function createMetrics(belay: Observed): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  observeBelay(registry, belay);
  return {
    startRequest: countRequests(registry),
    startDecision: countDecisions(registry),
    async expose() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function countRequests(registry: Registry): Metrics["startRequest"] {
  const registers = [registry];
  const requests = new Counter({
    name: "belay_http_requests_total",
    help: "Requests answered",
    labelNames: ["method", "route", "status"] as const,
    registers,
  });
  const seconds = new Histogram({
    name: "belay_http_request_duration_seconds",
    help: "Time from the head of a request to its answer",
    labelNames: ["method", "route"] as const,
    buckets: requestBucketsS,
    registers,
  });
  const inFlight = new Gauge({
    name: "belay_http_requests_in_flight",
    help: "Requests taken and not yet answered",
    registers,
  });
  return () => {
    inFlight.inc();
    return ({ method, route, status, ms }) => {
      inFlight.dec();
      const known = methods.has(method) ? method : "other";
      requests.inc({ method: known, route, status });
      seconds.observe({ method: known, route }, ms / 1000);
    };
  };
}

function countDecisions(registry: Registry): Metrics["startDecision"] {
  const registers = [registry];
  const decisions = new Counter({
    name: "belay_decisions_total",
    help: "Decisions put on record",
    labelNames: ["verdict", "question"] as const,
    registers,
  });
  const repeated = new Counter({
    name: "belay_decisions_repeated_total",
    help: "Calls answered with the recorded decision of their idempotency key",
    registers,
  });
  const seconds = new Histogram({
    name: "belay_decision_duration_seconds",
    help: "Time to decide and to put the decision on record",
    buckets: decisionBucketsS,
    registers,
  });
  const waiting = new Gauge({
    name: "belay_decisions_waiting",
    help: "Decisions asked for and not yet on record",
    registers,
  });
  return () => {
    waiting.inc();
    const startMs = performance.now();
    return (answered) => {
      waiting.dec();
      if (answered === undefined) return;
      seconds.observe((performance.now() - startMs) / 1000);
      const { verdict, question } = answered;
      if (answered.repeated) repeated.inc();
      else decisions.inc({ verdict, question });
    };
  };
}

function observeBelay(registry: Registry, belay: Observed): void {
  const ready = new Gauge({
    name: "belay_ready",
    help: "1 while decisions can be answered",
    registers: [],
    collect() {
      this.set(Number(belay.health().ready));
    },
  });
  const treeSize = new Gauge({
    name: "belay_record_tree_size",
    help: "Entries on record",
    registers: [],
    async collect() {
      this.set((await belay.readHead()).treeSize);
    },
  });
  registry.registerMetric(ready);
  registry.registerMetric(treeSize);
}
