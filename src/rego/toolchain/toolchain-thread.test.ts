import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createCrash, ToolchainThread } from "./toolchain-thread.ts";

const artefactPath = fileURLToPath(
  new URL("../../../rego/toolchain/toolchain.wasm.br", import.meta.url),
);

function encode(document: object) {
  return new TextEncoder().encode(JSON.stringify(document));
}

test("an artefact that is not one is reported, not waited for", async () => {
  await expect(ToolchainThread.start(fileURLToPath(import.meta.url), 30_000)).rejects.toMatchObject(
    {
      code: "toolchain-crashed",
    },
  );
});

test("a request that the toolchain does not understand is its fault, in words", async () => {
  const thread = await ToolchainThread.start(artefactPath, 30_000);
  const reply = await thread.ask(encode({ verb: "dance" }), 30_000);
  expect(JSON.parse(new TextDecoder().decode(reply))).toEqual({
    fault: expect.stringContaining('unknown verb "dance"') as string,
  });
  await thread.end();
  expect(thread.isAlive).toBe(false);
});

test("a crash keeps what Go reported for the log, away from the message", () => {
  const crash = createCrash("goroutine 1 [running]: secret.go:1");
  expect(crash.message).toBe("the toolchain stopped while it served the call");
  expect(crash.cause).toContain("goroutine 1");
});
