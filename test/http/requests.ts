/** @module Requests that tests send. */

export interface RequestDocument {
  release: Record<string, unknown>;
  health: { signals: Record<string, unknown>[] };
  [part: string]: unknown;
}

/** The ten lines of docs/http-api.md: the candidate fails three times as often as the stable one. */
export function tenLineRequest(): RequestDocument {
  return {
    release: {
      service: "checkout",
      candidate: { version: "2.4.0" },
      stable: { version: "2.3.9" },
    },
    health: {
      signals: [
        { id: "errors", sli: "availability", bad: 30, total: 1000 },
        { id: "errors", sli: "availability", population: "stable", bad: 90, total: 9000 },
      ],
    },
  };
}

/** As many errors as before. */
export function healthyRequest(): RequestDocument {
  const request = tenLineRequest();
  request.health.signals[0] = { id: "errors", sli: "availability", bad: 10, total: 1000 };
  return request;
}

/** A release of which nothing is known. */
export function blindRequest(): RequestDocument {
  return { ...tenLineRequest(), health: { signals: [] } };
}
