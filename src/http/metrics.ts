/**
 * @module What Belay counts, in the text form that Prometheus reads. Label sets are bounded. Each
 * thread counts for itself, the process has figures of its own, and one answer shows the sum.
 */

import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type PrometheusContentType,
  Registry,
} from "prom-client";
import type { LeadingBelay } from "../service/create-belay.ts";

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

/** What one thread counts. */
export interface ThreadMetrics {
  /** A request has begun; call the answer when it has been answered. */
  startRequest(): (answered: AnsweredRequest) => void;
  /** A decision was asked for; call the answer when it is durable, or with nothing if it failed. */
  startDecision(): (answered?: AnsweredDecision) => void;
  read(): Promise<Readings>;
}

/** The figures of one thread at one moment. They can be copied to another. */
export type Readings = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** An answer to a scrape. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** What the process as a whole counts, and how it shows that with what its threads have read. */
export interface ProcessMetrics {
  expose(readings: readonly Readings[]): Promise<Exposition>;
}

/** What is asked at each scrape. */
export interface Observed extends Pick<LeadingBelay, "health" | "readHead" | "crosscheckCounts"> {
  /** Threads that serve HTTP. */
  countThreads(): number;
}

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "OPTIONS"]);
const requestBucketsS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60,
];
const decisionBucketsS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Of the figures that Node gives, those that are the same in every thread. */
const isOfProcess = /^process_|^nodejs_version_info$/;

/** `thread`: a name for those figures that make no sense as a sum, such as the event loop's. */
export function createThreadMetrics(thread: string): ThreadMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, labels: { thread } });
  dropMetrics(registry, (name) => isOfProcess.test(name));
  return {
    startRequest: countRequests(registry),
    startDecision: countDecisions(registry),
    read: () => registry.getMetricsAsJSON(),
  };
}

export function createProcessMetrics(observed: Observed): ProcessMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  dropMetrics(registry, (name) => !isOfProcess.test(name));
  observeBelay(registry, observed);
  return {
    async expose(readings) {
      const threads = AggregatorRegistry.aggregate<PrometheusContentType>([...readings]);
      const text = `${await registry.metrics()}\n${await threads.metrics()}`;
      return { contentType: registry.contentType, text };
    },
  };
}

/**
 * What stays of the figures of threads that have ended: their counts. Without them a sum would
 * shrink, and whoever scrapes it would take that for a new beginning.
 */
export async function keepCounts(readings: readonly Readings[]): Promise<Readings> {
  const counts = readings.map((metrics) =>
    metrics.filter(({ type }) => ["counter", "histogram"].includes(String(type))),
  );
  return AggregatorRegistry.aggregate<PrometheusContentType>(counts).getMetricsAsJSON();
}

function dropMetrics(registry: Registry, isDropped: (name: string) => boolean): void {
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  for (const name of names.filter(isDropped)) registry.removeSingleMetric(name);
}

function countRequests(registry: Registry): ThreadMetrics["startRequest"] {
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

function countDecisions(registry: Registry): ThreadMetrics["startDecision"] {
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

function observeBelay(registry: Registry, observed: Observed): void {
  const registers = [registry];
  new Gauge({
    name: "belay_ready",
    help: "1 while decisions can be answered",
    registers,
    collect() {
      this.set(Number(observed.health().ready));
    },
  });
  new Gauge({
    name: "belay_record_tree_size",
    help: "Entries on record",
    registers,
    async collect() {
      this.set((await observed.readHead()).treeSize);
    },
  });
  new Counter({
    name: "belay_crosschecks_total",
    help: "Decisions asked of the second engine: `disagreed` is an alert",
    labelNames: ["outcome"] as const,
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(observed.crosscheckCounts)) {
        this.inc({ outcome }, count);
      }
    },
  });
  new Gauge({
    name: "belay_threads",
    help: "Threads that serve HTTP",
    registers,
    collect() {
      this.set(observed.countThreads());
    },
  });
}
