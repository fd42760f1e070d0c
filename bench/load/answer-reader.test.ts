import * as fc from "fast-check";
import { expect, test } from "vitest";
import { AnswerReader } from "./answer-reader.ts";

const body = `{"a":"${"x".repeat(3_000)}","b":["0","\\r\\n0"]}`;
const answers = {
  sized: `HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
  empty: "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n",
  chunked: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${[
    body.slice(0, 2_048),
    body.slice(2_048),
  ]
    .map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
    .join("")}0\r\n\r\n`,
};

test("an answer is complete with its last byte, however it is cut, and the next begins anew", () => {
  const kind = fc.constantFrom<keyof typeof answers>("sized", "empty", "chunked");
  fc.assert(
    fc.property(fc.array(kind, { minLength: 1, maxLength: 4 }), fc.array(fc.nat()), (kinds, at) => {
      const reader = new AnswerReader();
      for (const name of kinds) {
        const text = answers[name];
        const cuts = at.map((place) => 1 + (place % (text.length - 1))).toSorted((a, b) => a - b);
        const parts = [0, ...cuts].map((from, index) => text.slice(from, cuts[index]));
        const seen = parts
          .filter((part) => part !== "")
          .map((part) => reader.take(Buffer.from(part)));
        expect(seen.slice(0, -1).every((status) => status === undefined)).toBe(true);
        expect(seen.at(-1)).toBe(name === "empty" ? 503 : 200);
      }
    }),
  );
});
