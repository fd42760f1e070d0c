/** @module Where one HTTP/1.1 answer ends, of a server that has one question under way. */

const headEnd = "\r\n\r\n";
const lastChunk = "\r\n0\r\n\r\n";

export class AnswerReader {
  #head = "";
  #status: number | undefined;
  /** Bytes of the body still to come; undefined for a body in chunks. */
  #missing: number | undefined;
  #tail = "";

  /** Takes what arrived; the status once the answer is complete, and then begins with the next. */
  take(chunk: Buffer): number | undefined {
    const status = this.#status ?? this.#takeHead(chunk);
    if (status === undefined || !this.#takeBody(chunk)) return undefined;
    this.#head = "";
    this.#status = undefined;
    this.#tail = "";
    return status;
  }

  /** Undefined while the head is not complete. */
  #takeHead(chunk: Buffer): number | undefined {
    const before = this.#head.length;
    this.#head += chunk.toString("latin1");
    const end = this.#head.indexOf(headEnd);
    if (end < 0) return undefined;
    const head = this.#head.slice(0, end);
    const length = /^content-length: *(\d+)$/im.exec(head)?.[1];
    this.#status = Number(head.slice(9, 12));
    // The body of this chunk is counted by `takeBody`, which sees all of the chunk.
    const headBytesHere = end + headEnd.length - before;
    this.#missing = length === undefined ? undefined : Number(length) + headBytesHere;
    return this.#status;
  }

  #takeBody(chunk: Buffer): boolean {
    if (this.#missing !== undefined) {
      this.#missing -= chunk.length;
      return this.#missing <= 0;
    }
    // JSON has no line feeds in its strings, so that only the last chunk looks like this.
    this.#tail = (this.#tail + chunk.toString("latin1", Math.max(0, chunk.length - 7))).slice(-7);
    return this.#tail.endsWith(lastChunk);
  }
}
