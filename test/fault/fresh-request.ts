/**
 * @module A request over a connection of its own, so that the system picks a thread for each; or over
 * one of those that an agent keeps.
 */

import { type Agent, request } from "node:http";

export interface FreshAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface FreshRequest {
  readonly method?: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

/** Rejects where the connection ends before the answer is whole. */
export function ask(
  url: string,
  { method = "GET", json, headers = {}, agent }: FreshRequest = {},
): Promise<FreshAnswer> {
  return new Promise((resolve, reject) => {
    const type = json === undefined ? {} : { "content-type": "application/json" };
    const call = request(url, {
      method,
      agent: agent ?? false,
      headers: { ...type, ...headers },
    });
    call.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        if (!response.complete) reject(new Error("the answer was cut off"));
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    call.on("error", reject);
    call.end(json === undefined ? undefined : JSON.stringify(json));
  });
}
